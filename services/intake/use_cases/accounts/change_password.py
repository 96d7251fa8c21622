"""A person changes his password; his other sessions end."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.passwords import check_strength
from services.intake.store import accounts as store
from services.intake.store.rows import keep_to_own
from services.intake.use_cases.accounts.end_sessions import end_everywhere
from services.intake.use_cases.accounts.prove_password import NewPassword, Proof
from shared.language.errors import PasswordWeak, Refusal, SignInRefused, StaffNotFound
from shared.plumbing.identity import Principal


async def change_password(
    proof: Proof, new: NewPassword, *, password: str, by: Principal, session: AsyncSession, now: datetime
) -> Refusal | None:
    """Raises `PasswordWeak` or `StaffNotFound`; a wrong current password is returned, so that it is counted."""
    await keep_to_own(session, by)
    tries = await store.hold_tries(session, proof.account, now=now)
    staff = await store.hold_staff(session, by.person_id)
    if staff is None or staff.association_id != by.association_id:
        raise StaffNotFound
    if tries.is_locked(at=now) or not proof.right or staff.password_hash != proof.hashed:
        tries.fail(at=now)
        return SignInRefused(field="password")
    check_strength(password, user_name=staff.user_name)
    if new.is_the_old_one:
        raise PasswordWeak(field="new_password")
    tries.succeed(at=now)
    staff.take_password(new.hashed, one_time_until=None)
    await end_everywhere(staff.id, because="password changed", session=session, now=now, but=by.session_id)
    return None
