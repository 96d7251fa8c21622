"""A code by SMS: made here, told to notifications, which sends it, and taken once."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.sessions import Lifetimes, Stage
from services.intake.domain.accounts.staff import Staff
from services.intake.domain.accounts.texted_code import new_texted_code
from services.intake.store import texted_codes as store
from services.intake.use_cases.accounts.begin_session import SignedIn, hold, places_for
from shared.language.errors import SecondFactorNotBegun
from shared.plumbing import outbox


async def text_code(staff: Staff, mobile: str, *, session: AsyncSession, now: datetime) -> None:
    """Have a code sent to `mobile`; the person is held. Raises `TooManyRequests`."""
    texted = await store.texted_code_of(session, staff.id)
    if texted is None:
        texted = new_texted_code(staff, at=now)
        session.add(texted)
    await outbox.tell(session, texted.make(mobile, at=now), at=now)


async def take_texted(staff: Staff, code: str, *, session: AsyncSession, now: datetime) -> bool:
    """Whether it is the code that was sent to the mobile which is his second factor."""
    if not staff.takes_texts:
        return False
    texted = await store.texted_code_of(session, staff.id)
    return texted is not None and texted.take(code, mobile=staff.mobile, at=now)


async def ask_code(secret: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime) -> SignedIn:
    """Have a code sent to who stands at the step of the second factor, and takes texts.

    Raises `SessionEnded`, `SignInStepMissing`, `SecondFactorNotBegun` or `TooManyRequests`.
    """
    begun, staff = await hold(secret, lifetimes=lifetimes, session=session, now=now)
    begun.check_stage(Stage.SECOND_FACTOR)
    if not staff.takes_texts or staff.mobile is None:
        raise SecondFactorNotBegun
    await text_code(staff, staff.mobile, session=session, now=now)
    return SignedIn(begun, secret, staff, await places_for(begun, session=session, now=now))
