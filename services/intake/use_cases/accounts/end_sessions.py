"""Sessions end: by their owner here or everywhere, by the administrator, or because the seat or the account ended."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.sessions import StaffSession
from services.intake.store import accounts as store
from shared.plumbing.sessions import tell_ended


async def end_all(
    sessions: Iterable[StaffSession], *, because: str, session: AsyncSession, now: datetime, but: str | None = None
) -> None:
    """End each of `sessions`, here in this transaction and in every service by its event."""
    for one in sessions:
        if one.id != but and one.ended_at is None:
            await tell_ended(session, one.end(because=because, at=now), at=now)


async def end_session(session_id: str, *, because: str, session: AsyncSession, now: datetime) -> None:
    """Sign out here; a session that is over, or was made by hand and is not ours, stays as it is."""
    found = await store.hold_session(session, session_id)
    await end_all([found] if found else [], because=because, session=session, now=now)


async def end_everywhere(
    person_id: str, *, because: str, session: AsyncSession, now: datetime, but: str | None = None
) -> None:
    """Sign out at every device; `but` names a session that stays."""
    running = await store.running_sessions_of(session, person_id, now=now)
    await end_all(running, because=because, session=session, now=now, but=but)
