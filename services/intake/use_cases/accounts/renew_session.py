"""A session goes on: another token, and another secret in place of the one that was shown."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.sessions import (
    Lifetimes,
    SpentSecret,
    StaffSession,
    Stage,
    hash_of,
    secret_after,
)
from services.intake.store import accounts as store
from services.intake.store.rows import keep_to
from services.intake.use_cases.accounts.begin_session import SignedIn, place_in, places_for
from services.intake.use_cases.accounts.end_sessions import end_all
from shared.language.errors import Refusal, SeatLapsed, SessionEnded


async def renew_session(
    secret: str, *, key: bytes, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> SignedIn | Refusal:
    """The session with its next secret. An old secret ends it: two hold it, and one of them is a thief.

    What ends a session is returned, not raised, so that it is kept. Raises `SessionEnded` or `SignInStepMissing`.
    """
    session_id, _, own = secret.partition(".")
    found = await store.hold_session(session, session_id)
    if found is None or found.is_over(at=now, lifetimes=lifetimes):
        raise SessionEnded
    await keep_to(session, found.association_id)
    if not found.knows(own) and not found.is_retried_with(own, at=now):
        if not await store.is_spent(session, session_id=found.id, secret_hash=hash_of(own)):
            raise SessionEnded
        return await _end(found, SessionEnded(), because="an old secret came back", session=session, now=now)
    found.check_stage(Stage.OPEN)
    staff = await store.find_staff(session, found.person_id)
    places = await places_for(found, session=session, now=now)
    if staff is None or not staff.is_active:
        return await _end(found, SessionEnded(), because="deactivated", session=session, now=now)
    place = place_in(found, places)
    if place is not None and found.owes_factor(staff, [place], lifetimes):
        return await _end(found, SessionEnded(), because="second factor missing", session=session, now=now)
    if place is None:
        return await _end(found, SeatLapsed(), because="seat lapsed", session=session, now=now)
    following = secret_after(own, session_id=found.id, key=key)
    await store.keep_spent(session, SpentSecret(secret_hash=hash_of(own), session_id=found.id))
    found.renew(following, at=now)
    return SignedIn(found, f"{found.id}.{following}", staff, places)


async def _end(found: StaffSession, refusal: Refusal, *, because: str, session: AsyncSession, now: datetime) -> Refusal:
    await end_all([found], because=because, session=session, now=now)
    return refusal
