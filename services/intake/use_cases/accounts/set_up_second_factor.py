"""A person sets up his second factor: a secret for his authenticator, confirmed by a code of it."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts import second_factor
from services.intake.domain.accounts.staff import Staff
from services.intake.store import accounts as store
from shared.language.errors import Refusal, SecondFactorWrong
from shared.plumbing.identity import Principal


async def begin_second_factor(by: Principal, *, session: AsyncSession) -> tuple[Staff, str]:
    """The secret, and the address that an authenticator reads. Raises `StaffNotFound` or `SecondFactorThere`."""
    staff = await store.get_staff(session, by.person_id, association_id=by.association_id)
    second_factor.begin(staff)
    return staff, second_factor.address_of(staff, association=by.association_id)


async def confirm_second_factor(
    code: str, *, by: Principal, session: AsyncSession, now: datetime
) -> list[str] | Refusal:
    """The recovery codes, shown this once. Raises `SecondFactorThere` or `SecondFactorNotBegun`."""
    tries = await store.hold_tries(session, by.person_id, now=now)
    staff = await store.get_staff(session, by.person_id, association_id=by.association_id)
    if tries.is_locked(at=now):
        return SecondFactorWrong(field="code")
    try:
        shown, kept = second_factor.confirm(staff, code, at=now)
    except SecondFactorWrong as refusal:
        tries.fail(at=now)
        return refusal
    await store.drop_recovery_codes(session, staff.id)
    session.add_all(kept)
    return shown
