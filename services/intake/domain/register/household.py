"""A household: who lives in it, what it has and owes, and how it lives.

What its head says of somebody who has a file lies under that one's own key; of whoever has none, under the head's.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Said
from sqlalchemy import Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.register.checked import Calendar
from shared.language import errors
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn, readable

CENT = Decimal("0.01")


class Kinship(StrEnum):
    """What somebody is to the head of the household."""

    HUSBAND = "husband"
    WIFE = "wife"
    SON = "son"
    DAUGHTER = "daughter"
    FATHER = "father"
    MOTHER = "mother"
    BROTHER = "brother"
    SISTER = "sister"
    GRANDFATHER = "grandfather"
    GRANDMOTHER = "grandmother"
    GRANDSON = "grandson"
    GRANDDAUGHTER = "granddaughter"
    FOSTER_CHILD = "foster_child"
    ORPHAN_IN_CARE = "orphan_in_care"
    OTHER = "other"


class Income(StrEnum):
    SALARY = "salary"
    PENSION = "pension"
    SOCIAL_SECURITY = "social_security"
    CITIZEN_ACCOUNT = "citizen_account"
    RENTS = "rents"
    ALIMONY = "alimony"
    TRADE = "trade"
    ALMS = "alms"
    OTHER = "other"


class Obligation(StrEnum):
    RENT = "rent"
    ALIMONY = "alimony"
    ELECTRICITY_AND_WATER = "electricity_and_water"
    SCHOOL = "school"
    MEDICAL = "medical"
    TRANSPORT = "transport"
    LIVING = "living"
    OTHER = "other"


class Dwelling(StrEnum):
    HOUSE = "house"
    FLAT = "flat"
    FLOOR = "floor"
    ROOM = "room"
    ANNEXE = "annexe"
    TENT = "tent"
    OTHER = "other"


class Tenure(StrEnum):
    OWNED = "owned"
    RENTED = "rented"
    WITH_FAMILY = "with_family"
    CHARITY = "charity"
    ENDOWMENT = "endowment"
    GOVERNMENT = "government"
    OTHER = "other"


class Repair(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNFIT = "unfit"


Riyals = Annotated[Decimal, Said(ge=0, le=Decimal(100_000_000), decimal_places=2)]
Note = Annotated[str, Said(min_length=1, max_length=500)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IncomeLine(_Part):
    """What comes in a month, in riyals."""

    kind: Income
    monthly: Riyals
    note: Note | None = None


class ObligationLine(_Part):
    """What must go out a month, in riyals."""

    kind: Obligation
    monthly: Riyals
    note: Note | None = None


class Debt(_Part):
    """What is still owed, in riyals, to whom, and the instalment of a month."""

    creditor: Annotated[str, Said(min_length=1, max_length=200)]
    left: Riyals
    instalment: Riyals = Decimal(0)
    overdue: Riyals = Decimal(0)
    has_paper: bool = False
    note: Note | None = None


class Housing(_Part):
    """Where the household lives; the rent is a year's, as leases say it."""

    dwelling: Dwelling
    tenure: Tenure
    repair: Repair
    rooms: Annotated[int, Said(ge=1, le=50)]
    yearly_rent: Riyals | None = None
    note: Note | None = None


class Means(_Part):
    """What a household has, owes and lives in: the fields of the social research's report."""

    incomes: Annotated[tuple[IncomeLine, ...], Said(max_length=30)] = ()
    obligations: Annotated[tuple[ObligationLine, ...], Said(max_length=30)] = ()
    debts: Annotated[tuple[Debt, ...], Said(max_length=30)] = ()
    housing: Housing | None = None

    def figures(self, *, heads: int) -> "Figures":
        """What follows from the lines, for a household of so many heads."""
        income = sum((line.monthly for line in self.incomes), Decimal(0))
        spent = sum((line.monthly for line in self.obligations), Decimal(0))
        instalments = sum((debt.instalment for debt in self.debts), Decimal(0))
        net = income - spent - instalments
        return Figures(
            heads=heads,
            income=income.quantize(CENT),
            obligations=spent.quantize(CENT),
            instalments=instalments.quantize(CENT),
            net=net.quantize(CENT),
            share=(net / heads).quantize(CENT),
            owed=sum((debt.left for debt in self.debts), Decimal(0)).quantize(CENT),
            overdue=sum((debt.overdue for debt in self.debts), Decimal(0)).quantize(CENT),
        )


class Figures(_Part):
    """A month of the household in riyals; `share` is what is left a head, `owed` and `overdue` are whole sums."""

    heads: int
    income: Decimal
    obligations: Decimal
    instalments: Decimal
    net: Decimal
    share: Decimal
    owed: Decimal
    overdue: Decimal


class Household(IntakeTable, table=True):
    """The household of one person, who heads it."""

    __tablename__ = "households"
    __table_args__ = scoped()

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    head_id: str = Field(foreign_key="beneficiaries.id", unique=True)
    opened_by: str
    opened_at: datetime


class HouseholdMember(IntakeTable, table=True):
    """Somebody else in a household, from a day to a day."""

    __tablename__ = "household_members"
    __table_args__ = (
        Index("members_of_household", "household_id", "id"),
        Index("households_of_person", "person_id"),
        scoped(),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    household_id: str = Field(foreign_key="households.id")
    subject_id: str = Field(index=True)
    """His own key where he has a file, else the head's."""
    person_id: str | None = Field(default=None, foreign_key="beneficiaries.id")
    kinship: Kinship = Field(sa_type=coded(Kinship))
    name: str = Field(sa_type=PersonalColumn)
    national_id: str | None = Field(default=None, sa_type=PersonalColumn)
    birthday: str | None = Field(default=None, sa_type=PersonalColumn)
    birthday_calendar: Calendar | None = Field(default=None, sa_type=coded(Calendar))
    note: str | None = Field(default=None, sa_type=PersonalColumn)
    since: date
    until: date | None = None
    added_by: str
    added_at: datetime
    ended_by: str | None = None
    ended_reason: str | None = Field(default=None, sa_type=PersonalColumn)

    def lives_there(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    def end(self, *, on: date, reason: str, by: str) -> None:
        """His last day in it; a day said by mistake is put right by saying another. Raises `DaysOutOfOrder`."""
        if on < self.since:
            raise errors.DaysOutOfOrder(field="on")
        self.until, self.ended_reason, self.ended_by = on, reason, by


class HouseholdStatement(IntakeTable, table=True):
    """The means of a household as they were stated on a day. The newest is in force, and none is ever changed."""

    __tablename__ = "household_statements"
    __table_args__ = (Index("statements_of_household", "household_id", "number", unique=True), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    household_id: str = Field(foreign_key="households.id")
    subject_id: str = Field(index=True)
    number: int
    said: str = Field(sa_type=PersonalColumn)
    stated_by: str
    stated_at: datetime

    @property
    def means(self) -> Means:
        """Raises `PersonErased`."""
        return Means.model_validate_json(readable(self.said))


def follow(last: HouseholdStatement | None, *, seen: int) -> int:
    """The number of the next statement. Raises `ChangedMeanwhile` where another was made since `seen`."""
    number = last.number if last is not None else 0
    if seen != number:
        raise errors.ChangedMeanwhile(field="seen")
    return number + 1
