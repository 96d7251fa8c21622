"""Seats: given to a person, and taken back; whoever sits in one that ends is out at once."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.staff import Seat, check_period, check_role
from services.intake.store import accounts as store
from services.intake.store.held_roles import roles_held
from services.intake.use_cases.accounts.closed_branch import check_seats_open
from services.intake.use_cases.accounts.end_sessions import end_all
from shared.language.errors import NotForYourself, SeatNotFound
from shared.language.incompatible_roles import check_roles
from shared.language.roles import Role
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of


class GiveSeat(BaseModel):
    """Have a person act in a role, from and until a day."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    role: Role
    branch_id: str | None
    valid_from: AwareDatetime | None
    valid_until: AwareDatetime | None
    by: Principal


class EndSeat(BaseModel):
    """Take a seat back."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    seat_id: str
    by: Principal


async def give_seat(command: GiveSeat, *, session: AsyncSession, now: datetime) -> Seat:
    """Raises `StaffNotFound`, `NotForYourself`, `RoleNotGrantable`, `BranchUnknown`, `NoSeatAtClosedBranch`,
    `PeriodWrong` or `RolesIncompatible`.
    """
    association_id = command.by.association_id
    staff = await store.get_staff(session, command.person_id, association_id=association_id)
    if staff.id == command.by.person_id:
        raise NotForYourself
    check_role(command.role, branch_id=command.branch_id, pack=pack_of(association_id))
    if command.branch_id is not None:
        await check_seats_open(command.branch_id, association_id=association_id, field="branch_id", session=session)
    begins = command.valid_from or now
    check_period(begins, command.valid_until, now=now)
    # The person is held: who gives him another seat at the same time waits, and then finds this one.
    check_roles(command.role, held=await roles_held(session, staff.id, begins=begins, ends=command.valid_until))
    seat = Seat(
        association_id=association_id,
        person_id=staff.id,
        role=command.role,
        branch_id=command.branch_id,
        valid_from=begins,
        valid_until=command.valid_until,
        given_by=command.by.person_id,
    )
    session.add(seat)
    return seat


async def end_seat(command: EndSeat, *, session: AsyncSession, now: datetime) -> Seat:
    """Raises `SeatNotFound`; one that is over stays as it ended."""
    seat = await store.hold_seat(session, command.seat_id, association_id=command.by.association_id)
    if seat.person_id != command.person_id:
        raise SeatNotFound
    if seat.valid_until is None or seat.valid_until > now:
        seat.end(by=command.by.person_id, at=now)
        running = await store.running_sessions_in(session, now=now, seat_id=seat.id)
        await end_all(running, because="seat ended", session=session, now=now)
    return seat
