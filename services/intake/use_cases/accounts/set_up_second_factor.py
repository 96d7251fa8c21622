"""A person sets up his second factor: an authenticator or his mobile, confirmed by a code of it."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts import second_factor
from services.intake.domain.accounts.staff import Staff
from services.intake.domain.accounts.tries import SignInTries
from services.intake.store import accounts as store
from services.intake.store.rows import keep_to_own
from services.intake.store.texted_codes import texted_code_of
from services.intake.use_cases.accounts.text_code import text_code
from shared.language.errors import Refusal, SecondFactorThere, SecondFactorWrong
from shared.plumbing.identity import Principal


async def begin_second_factor(by: Principal, *, session: AsyncSession) -> tuple[Staff, str]:
    """The secret, and the address that an authenticator reads. Raises `StaffNotFound` or `SecondFactorThere`."""
    await keep_to_own(session, by)
    staff = await store.get_staff(session, by.person_id, association_id=by.association_id)
    second_factor.begin(staff)
    return staff, second_factor.address_of(staff, association=by.association_id)


async def confirm_second_factor(
    code: str, *, by: Principal, session: AsyncSession, now: datetime
) -> list[str] | Refusal:
    """The recovery codes, shown this once. Raises `SecondFactorThere` or `SecondFactorNotBegun`."""
    await keep_to_own(session, by)
    tries = await store.hold_tries(session, by.person_id, now=now)
    staff = await store.get_staff(session, by.person_id, association_id=by.association_id)
    return await put_in_force(staff, code, tries=tries, session=session, now=now)


async def put_in_force(
    staff: Staff, code: str, *, tries: SignInTries, session: AsyncSession, now: datetime
) -> list[str] | Refusal:
    """As `confirm_second_factor`, for a person and his counter that are held."""
    if tries.is_locked(at=now):
        return SecondFactorWrong(field="code")
    try:
        texted = await texted_code_of(session, staff.id)
        shown, kept = second_factor.confirm(staff, code, texted=texted, at=now)
    except SecondFactorWrong as refusal:
        tries.fail(at=now)
        return refusal
    await store.drop_recovery_codes(session, staff.id)
    session.add_all(kept)
    return shown


async def text_to_set_up(mobile: str, *, by: Principal, session: AsyncSession, now: datetime) -> None:
    """Have a code sent to one's own mobile. Raises `StaffNotFound`, `SecondFactorThere` or `TooManyRequests`."""
    await keep_to_own(session, by)
    staff = await store.get_staff(session, by.person_id, association_id=by.association_id)
    if staff.has_second_factor:
        raise SecondFactorThere
    await text_code(staff, mobile, session=session, now=now)
