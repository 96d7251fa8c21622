"""The seats that remain at a closed branch: given where its files went, or taken back; several in one act."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.staff import Delegation, Seat
from services.intake.store import accounts as store
from services.intake.store.transfers import see_closing
from services.intake.use_cases.accounts.give_seat import EndSeat, end_seat
from shared.language.errors import NotForYourself, SeatNotFound
from shared.plumbing.identity import Principal


class SeatsBecome(StrEnum):
    """What the seats of a closed branch become."""

    MOVED = "moved"
    ENDED = "ended"


class MoveSeats(BaseModel):
    """Say what becomes of seats at a closed branch."""

    model_config = ConfigDict(frozen=True)

    closing_id: str
    seat_ids: tuple[str, ...]
    become: SeatsBecome
    by: Principal


async def move_seats(command: MoveSeats, *, session: AsyncSession, now: datetime) -> list[Seat]:
    """End each, and give it anew where the files are, with who sits in it during leave; whoever sat in one is out.

    Raises `ClosingNotFound`, `SeatNotFound` for one that is not left there, or `NotForYourself`.
    """
    closing = await see_closing(session, command.closing_id, scope=command.by.scope)
    given = []
    # In one order: two administrators who do it at once do not wait in a ring.
    for seat_id in sorted(set(command.seat_ids)):
        seat = await store.hold_seat(session, seat_id, association_id=closing.association_id)
        if seat.branch_id != closing.branch or (seat.valid_until is not None and seat.valid_until <= now):
            raise SeatNotFound(field="seat_ids")
        if command.become is SeatsBecome.MOVED:
            if seat.person_id == command.by.person_id:
                raise NotForYourself(field="seat_ids")
            given.append(await _again(seat, branch=closing.to_branch, by=command.by, session=session, now=now))
        await end_seat(EndSeat(person_id=seat.person_id, seat_id=seat.id, by=command.by), session=session, now=now)
    return given


async def _again(seat: Seat, *, branch: str, by: Principal, session: AsyncSession, now: datetime) -> Seat:
    """The same seat at `branch`, from now or from its own first day until its last."""
    moved = Seat(
        association_id=seat.association_id,
        person_id=seat.person_id,
        role=seat.role,
        branch_id=branch,
        valid_from=max(now, seat.valid_from),
        valid_until=seat.valid_until,
        given_by=by.person_id,
    )
    session.add(moved)
    await session.flush()
    for lent in await store.delegations_of(session, seat.id):
        if lent.valid_until > now:
            session.add(
                Delegation(
                    association_id=seat.association_id,
                    seat_id=moved.id,
                    to_person_id=lent.to_person_id,
                    valid_from=max(now, lent.valid_from),
                    valid_until=lent.valid_until,
                    given_by=by.person_id,
                )
            )
    return moved
