"""A seat during leave: another sits in it from and until a day, under his own name."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.staff import GRANTED_BY_THE_OPERATOR, Delegation, Seat, check_period
from services.intake.store import accounts as store
from services.intake.store.held_roles import roles_held
from services.intake.use_cases.accounts.closed_branch import check_seats_open
from services.intake.use_cases.accounts.end_sessions import end_all
from shared.language.errors import NotForYourself, PeriodWrong, RoleNotGrantable, SeatNotFound
from shared.language.incompatible_roles import check_roles
from shared.plumbing.identity import Principal


class DelegateSeat(BaseModel):
    """Have another sit in a seat."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    seat_id: str
    to_person_id: str
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    by: Principal


class EndDelegation(BaseModel):
    """The leave is over."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    seat_id: str
    delegation_id: str
    by: Principal


async def delegate_seat(command: DelegateSeat, *, session: AsyncSession, now: datetime) -> Delegation:
    """Raises what `give_seat` raises, and `SeatNotFound`."""
    association_id = command.by.association_id
    to = await store.get_staff(session, command.to_person_id, association_id=association_id)
    seat = await _own(session, command.seat_id, person_id=command.person_id, association_id=association_id)
    if to.id in {seat.person_id, command.by.person_id}:
        raise NotForYourself(field="to_person_id")
    if seat.role in GRANTED_BY_THE_OPERATOR:
        raise RoleNotGrantable
    if seat.branch_id is not None:
        await check_seats_open(seat.branch_id, association_id=association_id, field="seat_id", session=session)
    check_period(command.valid_from, command.valid_until, now=now)
    if seat.valid_until is not None and command.valid_until > seat.valid_until:
        raise PeriodWrong(field="valid_until")
    held = await roles_held(session, to.id, begins=command.valid_from, ends=command.valid_until)
    check_roles(seat.role, held=held, field="to_person_id")
    delegation = Delegation(
        association_id=association_id,
        seat_id=seat.id,
        to_person_id=to.id,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        given_by=command.by.person_id,
    )
    session.add(delegation)
    return delegation


async def end_delegation(command: EndDelegation, *, session: AsyncSession, now: datetime) -> Delegation:
    """Raises `SeatNotFound`; one that is over stays as it ended."""
    association_id = command.by.association_id
    seat = await _own(session, command.seat_id, person_id=command.person_id, association_id=association_id)
    delegation = await store.get_delegation(session, command.delegation_id, seat_id=seat.id)
    if delegation.valid_until > now:
        delegation.end(by=command.by.person_id, at=now)
        running = await store.running_sessions_in(session, now=now, seat_id=seat.id, delegation_id=delegation.id)
        await end_all(running, because="delegation ended", session=session, now=now)
    return delegation


async def _own(session: AsyncSession, seat_id: str, *, person_id: str, association_id: str) -> Seat:
    seat = await store.hold_seat(session, seat_id, association_id=association_id)
    if seat.person_id != person_id:
        raise SeatNotFound
    return seat
