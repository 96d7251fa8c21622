"""What the doors to households take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.intake.api.people import BranchView
from services.intake.api.personal_views import Reason
from services.intake.api.register.views import TypedName, branch_views, hidden, year_of
from services.intake.api.views import Body, Line, shown
from services.intake.domain.people import Digits
from services.intake.domain.register.checked import Birthday
from services.intake.domain.register.household import Figures, HouseholdMember, Kinship, Means
from services.intake.domain.register.mandates import Capacity, Deed, Mandate
from services.intake.use_cases.register.keep_household import Home


class NewMember(Body):
    """Somebody who lives in the household. He is found by his national id where he has a file."""

    model_config = shown(
        {
            "kinship": "son",
            "name": "سعد بن سالم الحربي",
            "birthday": {"day": "1440-01-10", "calendar": "hijri"},
            "note": "الصف الأول الابتدائي",
        }
    )

    kinship: Kinship
    name: TypedName
    national_id: Digits | None = None
    birthday: Birthday | None = None
    note: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    since: date | None = None


class LastDay(Body):
    """From which day it is over, and why."""

    model_config = shown({"on": "2026-11-22", "reason": "تزوج وانتقل إلى بيته."})

    on: date
    reason: Reason


class NewMeans(Body):
    """What the household has today. `seen` is the number of the statement that stood before you; 0 for none."""

    model_config = shown(
        {
            "means": {
                "incomes": [{"kind": "pension", "monthly": "2400.00"}, {"kind": "social_security", "monthly": "1100"}],
                "obligations": [{"kind": "electricity_and_water", "monthly": "310.50"}],
                "debts": [{"creditor": "بنك التنمية", "left": "18000", "instalment": "600", "has_paper": True}],
                "housing": {
                    "dwelling": "flat",
                    "tenure": "rented",
                    "repair": "fair",
                    "rooms": 3,
                    "yearly_rent": "14000",
                },
            },
            "seen": 0,
        }
    )

    means: Means
    seen: Annotated[int, Field(ge=0, le=1_000_000)]


class NewMandate(Body):
    """Who acts for this person, in what, and from when to when. He is named by his national id, and has a file."""

    model_config = shown(
        {
            "agent_national_id": "2000000006",
            "capacity": "guardian",
            "deeds": ["ask", "attest", "collect"],
            "paper": "صك ولاية رقم 441234567",
            "valid_from": "2026-01-01",
            "valid_until": "2027-12-31",
        }
    )

    agent_national_id: Digits
    capacity: Capacity
    deeds: Annotated[tuple[Deed, ...], Field(min_length=1, max_length=len(Deed))]
    paper: Line | None = None
    valid_from: date | None = None
    valid_until: date | None = None


class MemberView(BaseModel):
    """Somebody in a household; `person_id` is his file where you may see it."""

    id: str
    kinship: Kinship
    name: str
    national_id: str | None
    born_in: str | None
    note: str | None
    since: date
    until: date | None
    lives_there: bool
    person_id: str | None


class HomeView(BaseModel):
    """A household with its means as they were stated last, and what follows from them a month and a head.

    Of one whose head is another branch's: whom to call, and nothing else.
    """

    head_id: str | None
    head_name: str | None
    members: list[MemberView]
    number: int = Field(description="Of the statement in force; 0 where nothing was stated.")
    means: Means | None
    stated_at: datetime | None
    figures: Figures | None
    call: list[BranchView]


class StatementView(BaseModel):
    """The means as they were stated once."""

    number: int
    means: Means
    stated_by: str
    stated_at: datetime


class StatementPage(BaseModel):
    """A page, oldest first; `next` is the `after` of the following page."""

    items: list[StatementView]
    next: int | None


class MandateView(BaseModel):
    """Who may act for somebody, in what, and whether he may today."""

    id: str
    agent_id: str
    capacity: Capacity
    deeds: list[Deed]
    paper: str | None
    valid_from: date
    valid_until: date | None
    in_force: bool
    ended_reason: str | None


class MandatePage(BaseModel):
    """A page; `next` is the `after` of the following page."""

    items: list[MandateView]
    next: str | None


def home_view(home: Home, *, association_id: str, today: date) -> HomeView:
    statement = home.statement
    return HomeView(
        head_id=home.head.id if home.head is not None else None,
        head_name=home.head.name if home.head is not None else None,
        members=[member_view(one, seen=home.seen_members, today=today) for one in home.members or []],
        number=statement.number if statement is not None else 0,
        means=statement.means if statement is not None else None,
        stated_at=statement.stated_at if statement is not None else None,
        figures=home.figures,
        call=branch_views(home.branches, association_id=association_id),
    )


def member_view(member: HouseholdMember, *, seen: frozenset[str], today: date) -> MemberView:
    return MemberView(
        id=member.id,
        kinship=member.kinship,
        name=member.name,
        national_id=hidden(member.national_id),
        born_in=year_of(member.birthday),
        note=member.note,
        since=member.since,
        until=member.until,
        lives_there=member.lives_there(today),
        person_id=member.person_id if member.person_id in seen else None,
    )


def mandate_view(mandate: Mandate, *, today: date) -> MandateView:
    kept = mandate.model_dump(include=set(MandateView.model_fields))
    return MandateView(**kept, in_force=mandate.in_force(today))
