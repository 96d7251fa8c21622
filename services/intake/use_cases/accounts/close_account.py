"""An account closed and opened again, its password and second factor reset; each ends its sessions at once."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.passwords import ONE_TIME_LASTS
from services.intake.domain.accounts.staff import Staff
from services.intake.store import accounts as store
from services.intake.store.texted_codes import drop_texted_code
from services.intake.use_cases.accounts.end_sessions import end_all, end_everywhere
from shared.language.errors import NotForYourself
from shared.plumbing.identity import Principal


class AboutStaff(BaseModel):
    """Whom an administrator acts on."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    by: Principal


async def deactivate_staff(command: AboutStaff, *, session: AsyncSession, now: datetime) -> Staff:
    """Raises `StaffNotFound` or `NotForYourself`; who is deactivated stays so."""
    staff = await _another(command, session=session)
    if staff.is_active:
        staff.deactivated_at, staff.deactivated_by = now, command.by.person_id
    await end_everywhere(staff.id, because="deactivated", session=session, now=now)
    # Who sits in a seat of his during his leave sits there no longer either.
    for seat in await store.seats_of(session, staff.id):
        running = await store.running_sessions_in(session, now=now, seat_id=seat.id)
        await end_all(running, because="seat ended", session=session, now=now)
    return staff


async def reactivate_staff(command: AboutStaff, *, session: AsyncSession) -> Staff:
    """Raises `StaffNotFound` or `NotForYourself`. His seats are in force as far as their days go."""
    staff = await _another(command, session=session)
    staff.deactivated_at = staff.deactivated_by = None
    return staff


async def reset_password(command: AboutStaff, *, password_hash: str, session: AsyncSession, now: datetime) -> Staff:
    """A password for one use. Raises `StaffNotFound` or `NotForYourself`."""
    staff = await _another(command, session=session)
    staff.take_password(password_hash, one_time_until=now + ONE_TIME_LASTS)
    await end_everywhere(staff.id, because="password reset", session=session, now=now)
    return staff


async def reset_second_factor(command: AboutStaff, *, session: AsyncSession, now: datetime) -> Staff:
    """He signs in without, and sets it up anew. Raises `StaffNotFound` or `NotForYourself`."""
    staff = await _another(command, session=session)
    staff.lose_second_factor()
    await store.drop_recovery_codes(session, staff.id)
    await drop_texted_code(session, staff.id)
    await end_everywhere(staff.id, because="second factor reset", session=session, now=now)
    return staff


async def sign_out_staff(command: AboutStaff, *, session: AsyncSession, now: datetime) -> Staff:
    """End all his sessions. Raises `StaffNotFound`."""
    staff = await store.get_staff(session, command.person_id, association_id=command.by.association_id)
    await end_everywhere(staff.id, because="signed out by the administrator", session=session, now=now)
    return staff


async def _another(command: AboutStaff, *, session: AsyncSession) -> Staff:
    staff = await store.get_staff(session, command.person_id, association_id=command.by.association_id)
    if staff.id == command.by.person_id:
        raise NotForYourself
    return staff
