"""Signing in: the password, then the steps that the account owes.

A refusal is returned and not raised where the try has to be counted: what is raised is rolled back.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts import second_factor
from services.intake.domain.accounts.passwords import check_strength
from services.intake.domain.accounts.sessions import Lifetimes, Stage
from services.intake.store import accounts as store
from services.intake.store.rows import keep_to
from services.intake.use_cases.accounts.begin_session import SignedIn, begin_session, go_on, hold, see, sit
from services.intake.use_cases.accounts.end_sessions import end_everywhere
from services.intake.use_cases.accounts.prove_password import NewPassword, Proof
from services.intake.use_cases.accounts.text_code import take_texted
from shared.language.errors import (
    PasswordWeak,
    Refusal,
    SeatNotFound,
    SecondFactorWrong,
    SignInRefused,
)


async def sign_in(proof: Proof, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime) -> SignedIn | Refusal:
    """A session for who proved his password. Raises `SeatLapsed`, to him alone."""
    await keep_to(session, proof.association_id)
    tries = await store.hold_tries(session, proof.account, now=now)
    staff = await store.hold_staff(session, proof.person_id or "")
    if tries.is_locked(at=now) or staff is None or not proof.right or not staff.has_password(proof.hashed, at=now):
        tries.fail(at=now)
        return SignInRefused()
    if not staff.has_second_factor:
        tries.succeed(at=now)
    return await begin_session(staff, lifetimes=lifetimes, session=session, now=now)


async def take_second_factor(
    secret: str, code: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> SignedIn | Refusal:
    """A code of the authenticator or by SMS, or a recovery code.

    Raises `SessionEnded`, `SignInStepMissing` or `SeatLapsed`.
    """
    seen = await store.find_session(session, secret.partition(".")[0])
    tries = await store.hold_tries(session, seen.person_id if seen else "nobody", now=now)
    begun, staff = await hold(secret, lifetimes=lifetimes, session=session, now=now)
    begun.check_stage(Stage.SECOND_FACTOR)
    right = not tries.is_locked(at=now) and (
        second_factor.take_code(staff, code, at=now)
        or await take_texted(staff, code, session=session, now=now)
        or second_factor.take_recovery_code(await store.recovery_codes_of(session, staff.id), code, at=now)
    )
    if not right:
        tries.fail(at=now)
        return SecondFactorWrong(field="code")
    tries.succeed(at=now)
    begun.second_factor_done = True
    return await go_on(begun, staff, secret=secret, lifetimes=lifetimes, session=session, now=now)


async def choose_password(
    secret: str, new: NewPassword, *, password: str, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> SignedIn:
    """His own, in place of the one-time password. Raises `PasswordWeak`, `SessionEnded` or `SignInStepMissing`."""
    begun, staff = await hold(secret, lifetimes=lifetimes, session=session, now=now)
    begun.check_stage(Stage.NEW_PASSWORD)
    check_strength(password, user_name=staff.user_name)
    if new.is_the_old_one:
        raise PasswordWeak(field="new_password")
    staff.take_password(new.hashed, one_time_until=None)
    await end_everywhere(staff.id, because="password changed", session=session, now=now, but=begun.id)
    return await go_on(begun, staff, secret=secret, lifetimes=lifetimes, session=session, now=now)


async def choose_seat(
    secret: str, place_id: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> SignedIn:
    """Sit in one of one's places, now or in place of another. Raises `SeatNotFound` for one that is not his."""
    seen = await see(secret, lifetimes=lifetimes, session=session, now=now)
    chosen = next((place for place in seen.places if place.id == place_id), None)
    begun, staff = await hold(secret, lifetimes=lifetimes, session=session, now=now, place=chosen)
    if begun.stage is not Stage.OPEN:
        begun.check_stage(Stage.SEAT)
    if chosen is None:
        raise SeatNotFound(field="place_id")
    if begun.owes_factor(staff, [chosen], lifetimes):
        # A seat that he was given since he signed in: it is his once he has a second factor.
        begun.stage, begun.renewed_at = Stage.SET_UP_FACTOR, now
        return SignedIn(begun, secret, staff, seen.places)
    await sit(begun, staff, chosen, session=session, now=now)
    return SignedIn(begun, secret, staff, seen.places)
