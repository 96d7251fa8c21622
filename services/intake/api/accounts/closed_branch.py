"""The seats that remain at a branch that closed, for the association's administrator."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.intake.api.accounts.views import SeatView
from services.intake.api.views import Body, Code, shown
from services.intake.store.accounts import MOST_SEATS
from services.intake.store.colleagues import seats_left_at
from services.intake.store.transfers import see_closing
from services.intake.use_cases.accounts.move_seats import MoveSeats, SeatsBecome, move_seats
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="staff")


class SeatLeft(BaseModel):
    """A seat that remains at a closed branch, and who holds it."""

    model_config = ConfigDict(from_attributes=True)

    seat_id: str
    person_id: str
    name: str
    role: Role
    valid_from: datetime
    valid_until: datetime | None


class SeatsLeft(Body):
    """Which seats, and what they become: `moved` to where the files of the branch went, or `ended`."""

    model_config = shown({"seat_ids": ["01a1"], "become": "moved"})

    seat_ids: Annotated[list[Code], Field(min_length=1, max_length=MOST_SEATS)]
    become: SeatsBecome


@router.get(
    "/branch-closings/{closing_id}/seats", summary="The seats that remain at a closed branch, and who holds them"
)
@refuses(errors.ClosingNotFound)
async def list_seats_left(
    closing_id: str,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)],
) -> list[SeatLeft]:
    """The first 200: the next are there once these are moved."""
    closing = await see_closing(session, closing_id, scope=who.scope)
    left = await seats_left_at(
        session, association_id=who.association_id, branch=closing.branch, now=now, limit=MOST_SEATS
    )
    return [
        SeatLeft(
            seat_id=seat.id,
            person_id=staff.id,
            name=staff.name,
            role=seat.role,
            valid_from=seat.valid_from,
            valid_until=seat.valid_until,
        )
        for seat, staff in left
    ]


@router.post("/branch-closings/{closing_id}/seats", summary="Move seats of a closed branch to where its files went")
@refuses(errors.ClosingNotFound, errors.SeatNotFound, errors.NotForYourself)
async def post_seats_left(
    closing_id: str,
    said: SeatsLeft,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
) -> list[SeatView]:
    """What was given in their place: nothing where they are ended."""
    command = MoveSeats(closing_id=closing_id, seat_ids=tuple(said.seat_ids), become=said.become, by=who)
    return [SeatView.model_validate(seat) for seat in await move_seats(command, session=session, now=now)]
