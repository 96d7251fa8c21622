"""Telling a fact: a row in the same transaction as the change that it states."""

from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.errors import BodyTooLarge
from shared.language.events import Event
from shared.plumbing.audit import about
from shared.plumbing.database import TOLD
from shared.plumbing.envelope import ENVELOPE_LIMIT_BYTES, envelope_of
from shared.plumbing.tables import outbox

_one_at_a_time = text("SELECT pg_advisory_xact_lock(hashtextextended(:of_key, 0))")
_last = select(func.max(outbox.c.seq)).where(outbox.c.key == bindparam("of_key"))
_add = insert(outbox)


async def tell(session: AsyncSession, event: Event, *, at: datetime) -> None:
    """Tell `event` once the caller's transaction commits; not at all if it does not.

    Raises `BodyTooLarge` for one that every inbox would keep as dead, with its case waiting behind it.
    """
    session.info[TOLD] = True
    about(session, association_id=event.association_id, case_id=getattr(event, "case_id", None))
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        # Facts about one key commit in the order of their numbers; facts about others do not wait.
        await connection.execute(_one_at_a_time, {"of_key": event.key})
    last = await connection.scalar(_last, {"of_key": event.key})
    envelope = envelope_of(event, seq=(last or 0) + 1, at=at)
    written = envelope.model_dump_json()
    if len(written.encode()) > ENVELOPE_LIMIT_BYTES:
        raise BodyTooLarge(limit=ENVELOPE_LIMIT_BYTES)
    await connection.execute(
        _add,
        {
            "event_id": envelope.id,
            "type": envelope.type,
            "key": envelope.key,
            "seq": envelope.seq,
            "envelope": written,
            "created_at": at,
        },
    )
