"""Accounts as an operator makes them: the first of an association, and help for one who cannot get in."""

from dataclasses import dataclass
from datetime import timedelta

from services.intake.domain.accounts.names import fold
from services.intake.domain.accounts.passwords import ONE_TIME_LASTS, hash_of, one_time_password
from services.intake.store import accounts as store
from services.intake.store.texted_codes import drop_texted_code
from services.intake.use_cases.accounts.end_sessions import end_everywhere
from services.intake.use_cases.accounts.first_administrator import make_first, needs_first
from shared.language.errors import StaffNotFound
from shared.language.events import SessionEnded
from shared.language.roles import Role
from shared.plumbing.identity import Scope
from shared.plumbing.service import Runtime
from shared.plumbing.sessions import tell_ended

HAND_MADE_LASTS = timedelta(days=31)
"""No token that was made by hand lasts longer."""


@dataclass(frozen=True)
class FirstAccount:
    """An account and its one-time password: shown once, kept as a hash alone."""

    association_id: str
    user_name: str
    password: str


async def make_first_account(
    intake: Runtime,
    *,
    association_id: str,
    role: Role = Role.ASSOCIATION_ADMINISTRATOR,
    only_new: bool = False,
) -> FirstAccount | None:
    """The first account in `role`; `None` where there is one and only a new one was wanted.

    It is told after its commit: of a stop in between nobody has the password, and asking again makes another, for as
    long as nobody has signed in. Raises `AlreadySetUp` after that.
    """
    now = intake.clock.now()
    if only_new:
        async with intake.database.read(scope=Scope(association_id=association_id)) as session:
            if not await needs_first(session, association_id=association_id, role=role):
                return None
    password = one_time_password()
    hashed = await hash_of(password)
    async with intake.database.write(scope=Scope(association_id=association_id)) as session:
        staff = await make_first(session, association_id=association_id, role=role, password_hash=hashed, now=now)
    return FirstAccount(association_id, staff.user_name, password)


async def reset_account(intake: Runtime, *, association_id: str, user_name: str) -> FirstAccount:
    """A one-time password for somebody whom no administrator can help; his second factor and sessions end.

    Raises `StaffNotFound` or `UserNameUnfit`.
    """
    now, password = intake.clock.now(), one_time_password()
    hashed = await hash_of(password)
    async with intake.database.write(scope=Scope(association_id=association_id)) as session:
        named = await store.staff_named(session, association_id=association_id, folded=fold(user_name))
        if named is None:
            raise StaffNotFound
        staff = await store.get_staff(session, named.id, association_id=association_id)
        staff.take_password(hashed, one_time_until=now + ONE_TIME_LASTS)
        staff.lose_second_factor()
        await store.drop_recovery_codes(session, staff.id)
        await drop_texted_code(session, staff.id)
        await end_everywhere(staff.id, because="reset by the operator", session=session, now=now)
    return FirstAccount(association_id, staff.user_name, password)


async def end_by_hand(intake: Runtime, *, association_id: str, session_id: str) -> None:
    """End a session, or the tokens that were made by hand under this id, in every service."""
    now = intake.clock.now()
    async with intake.database.write() as session:
        found = await store.hold_session(session, session_id)
        if found is not None:
            event = found.end(because="ended by the operator", at=now)
        else:
            event = SessionEnded(
                association_id=association_id,
                session_id=session_id,
                person_id="by-hand",
                tokens_end_at=now + HAND_MADE_LASTS,
            )
        await tell_ended(session, event, at=now)
