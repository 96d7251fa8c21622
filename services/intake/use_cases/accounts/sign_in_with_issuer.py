"""Signing in through the association's identity provider: whom it means has to be known here, with a seat of his own.

The provider vouches; it creates nobody and gives no seat. A seat counts while both say so.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.sessions import Lifetimes
from services.intake.domain.accounts.staff import Staff
from services.intake.store import accounts as store
from services.intake.store.rows import keep_to
from services.intake.use_cases.accounts.add_staff import subject_index
from services.intake.use_cases.accounts.begin_session import SignedIn, begin_session
from services.intake.use_cases.accounts.close_account import AboutStaff
from services.intake.use_cases.accounts.end_sessions import end_everywhere
from shared.language.errors import IssuerRefused
from shared.language.roles import Role


async def sign_in_with_issuer(
    subject: str,
    *,
    association_id: str,
    roles: Iterable[Role],
    lifetimes: Lifetimes,
    session: AsyncSession,
    now: datetime,
) -> SignedIn:
    """Raises `IssuerRefused` for a stranger or a closed account, `SeatLapsed` where no seat is left."""
    index = subject_index(subject)
    await keep_to(session, association_id)
    staff = await store.staff_known_as(session, association_id=association_id, subject_index=index)
    if staff is None or not staff.is_active:
        raise IssuerRefused
    return await begin_session(staff, lifetimes=lifetimes, session=session, now=now, vouched_roles=roles)


async def connect_staff(command: AboutStaff, *, subject: str, session: AsyncSession, now: datetime) -> Staff:
    """Say by which subject the provider knows a person; his sessions end. Raises `StaffNotFound`."""
    staff = await store.get_staff(session, command.person_id, association_id=command.by.association_id)
    staff.subject_index = subject_index(subject)
    await end_everywhere(staff.id, because="identity connected", session=session, now=now)
    return staff
