"""Sessions that are over, in every service: a token of one opens no door, however long it would last."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlmodel import UTCDateTime
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language import errors
from shared.language.events import SessionEnded
from shared.plumbing import outbox
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Principal
from shared.plumbing.listener import Listener
from shared.plumbing.tables import ended_sessions

_ended = select(ended_sessions.c.session_id).where(ended_sessions.c.session_id == bindparam("of_session"))
_forget = delete(ended_sessions).where(ended_sessions.c.tokens_end_at < bindparam("before", type_=UTCDateTime()))


async def tell_ended(session: AsyncSession, event: SessionEnded, *, at: datetime) -> None:
    """End the session here, within the caller's transaction, and in every other service by the event."""
    await keep_ended(event, session=session)
    await outbox.tell(session, event, at=at)


async def keep_ended(event: SessionEnded, *, session: AsyncSession) -> None:
    """Note that the session is over; a second time does nothing."""
    connection = await session.connection()
    await connection.execute(
        insert_new(ended_sessions, sqlite=connection.dialect.name == "sqlite").values(
            session_id=event.session_id, tokens_end_at=event.tokens_end_at
        )
    )


async def refuse_ended(session: AsyncSession, principal: Principal | None) -> None:
    """Raises `SessionEnded` for a token whose session is over. Read within the request's own transaction."""
    if principal is None or principal.session_id is None:
        return
    connection = await session.connection()
    if await connection.scalar(_ended, {"of_session": principal.session_id}) is not None:
        raise errors.SessionEnded


async def forget_sessions(session: AsyncSession, *, now: datetime) -> None:
    """Forget the ended sessions of which no token lasts any longer."""
    await (await session.connection()).execute(_forget, {"before": now})


def hear_of_ended_sessions(listener: Listener) -> None:
    """Have a service take in which sessions are over."""

    @listener.on(SessionEnded)
    async def when_session_ended(event: SessionEnded, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await keep_ended(event, session=session)
