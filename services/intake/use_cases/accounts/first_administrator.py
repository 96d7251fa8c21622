"""The first account of an association, with a one-time password that is shown once."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.passwords import ONE_TIME_LASTS
from services.intake.domain.accounts.staff import Seat, Staff
from services.intake.store import accounts as store
from services.intake.use_cases.accounts.add_staff import AddStaff, add_staff
from shared.language.errors import AlreadySetUp
from shared.language.roles import SYSTEM, Role

USER_NAMES = {Role.ASSOCIATION_ADMINISTRATOR: "administrator", Role.PLATFORM_OPERATOR: "operator"}


async def needs_first(session: AsyncSession, *, association_id: str, role: Role) -> bool:
    """Whether nobody was ever given `role` there."""
    return not await store.staff_in_role(session, association_id=association_id, role=role)


async def make_first(
    session: AsyncSession, *, association_id: str, role: Role, password_hash: str, now: datetime
) -> Staff:
    """The account; where it is there and was never used, with this password in place of one that nobody read.

    Raises `AlreadySetUp` once somebody in this role has signed in.
    """
    there = await store.staff_in_role(session, association_id=association_id, role=role)
    if len(there) > 1 or any(staff.first_signed_in_at is not None for staff in there):
        raise AlreadySetUp
    if there:
        there[0].take_password(password_hash, one_time_until=now + ONE_TIME_LASTS)
        return there[0]
    command = AddStaff(
        association_id=association_id,
        user_name=USER_NAMES[role],
        name=USER_NAMES[role],
        password_hash=password_hash,
        by=SYSTEM.person_id,
    )
    staff = await add_staff(command, session=session, now=now)
    session.add(
        Seat(association_id=association_id, person_id=staff.id, role=role, valid_from=now, given_by=SYSTEM.person_id)
    )
    return staff
