"""Who owes a second factor sets it up on his way in: nothing else is open to him before."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts import second_factor
from services.intake.domain.accounts.sessions import Lifetimes, Stage
from services.intake.domain.accounts.staff import Staff
from services.intake.store import accounts as store
from services.intake.use_cases.accounts.begin_session import SignedIn, go_on, hold
from services.intake.use_cases.accounts.set_up_second_factor import put_in_force
from services.intake.use_cases.accounts.text_code import text_code
from shared.language.errors import Refusal


@dataclass(frozen=True)
class Enrolled:
    """The session as far as it has come, and the recovery codes, shown this once."""

    signed_in: SignedIn
    codes: list[str]


async def begin_enrolment(
    secret: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> tuple[Staff, str]:
    """The secret, and the address that an authenticator reads. Raises `SessionEnded` or `SignInStepMissing`."""
    begun, staff = await hold(secret, lifetimes=lifetimes, session=session, now=now)
    begun.check_stage(Stage.SET_UP_FACTOR)
    second_factor.begin(staff)
    return staff, second_factor.address_of(staff, association=staff.association_id)


async def text_to_enrol(
    secret: str, mobile: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> None:
    """Have a code sent to the mobile that he names. Raises `SessionEnded`, `SignInStepMissing`, `TooManyRequests`."""
    begun, staff = await hold(secret, lifetimes=lifetimes, session=session, now=now)
    begun.check_stage(Stage.SET_UP_FACTOR)
    await text_code(staff, mobile, session=session, now=now)


async def confirm_enrolment(
    secret: str, code: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> Enrolled | Refusal:
    """His second factor is in force, and he goes on. Raises `SessionEnded`, `SignInStepMissing`, `SeatLapsed`.

    Raises `SecondFactorNotBegun` too; a wrong code is returned, so that it is counted.
    """
    seen = await store.find_session(session, secret.partition(".")[0])
    tries = await store.hold_tries(session, seen.person_id if seen else "nobody", now=now)
    begun, staff = await hold(secret, lifetimes=lifetimes, session=session, now=now)
    begun.check_stage(Stage.SET_UP_FACTOR)
    outcome = await put_in_force(staff, code, tries=tries, session=session, now=now)
    if isinstance(outcome, Refusal):
        return outcome
    begun.second_factor_done = True
    signed_in = await go_on(begun, staff, secret=secret, lifetimes=lifetimes, session=session, now=now)
    return Enrolled(signed_in, outcome)
