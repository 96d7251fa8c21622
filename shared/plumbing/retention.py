"""What is cleared away, and never before everyone who needs it has it.

The stream: what every listener has in its inbox. The inbox: the payload of what took effect long ago; the row stays,
as the proof against a second taking in. Idempotent answers: those that nobody will ask for again. The outbox stays: it
is the record of what was told.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError
from sqlalchemy import Select, Update, and_, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import UTCDateTime

from shared.language.events import Source, listeners_of
from shared.plumbing.database import Database
from shared.plumbing.envelope import stream_of
from shared.plumbing.sessions import forget_sessions
from shared.plumbing.tables import answers, has_old_envelope, inbox, is_published, outbox

AT_ONCE = 300
"""Rows a transaction: named one by one, so that no database prefers to read the whole table."""
PAYLOAD_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(days=30)

EntryId = tuple[int, int]

log = logging.getLogger("athar.retention")

_some_taken = (
    select(outbox.c.id)
    .where(
        is_published,
        or_(
            outbox.c.stream_ms < bindparam("ms"),
            and_(outbox.c.stream_ms == bindparam("ms"), outbox.c.stream_n < bindparam("n")),
        ),
    )
    .order_by(outbox.c.stream_ms, outbox.c.stream_n)
    .limit(AT_ONCE)
)
_settle = update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))).values(stream_ms=0, stream_n=0)
_some_payloads = (
    select(inbox.c.id)
    .where(has_old_envelope, inbox.c.done_at < bindparam("before", type_=UTCDateTime()))
    .order_by(inbox.c.done_at)
    .limit(AT_ONCE)
)
_empty = update(inbox).where(inbox.c.id.in_(bindparam("ids", expanding=True))).values(envelope=None)
_forget_answers = delete(answers).where(answers.c.answered_at < bindparam("before", type_=UTCDateTime()))


async def _change_some(connection: AsyncConnection, some: Select[int], change: Update, values: dict[str, Any]) -> int:
    ids = (await connection.scalars(some, values)).all()
    if ids:
        await connection.execute(change, {"ids": ids})
    return len(ids)


async def trim(client: Redis, source: Source) -> EntryId | None:
    """Take from the stream what every listener has; the first entry that one of them may lack, `None` if that is all.

    Under watch: between the look and the cut the stream may be wiped, and filled again from an older clock. Raises
    `redis.WatchError` then.
    """
    async with client.pipeline(transaction=True) as pipe:
        await pipe.watch(stream_of(source))
        before = await _taken_by_all(pipe, source)
        if before is not None:
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.xtrim(stream_of(source), minid=f"{before[0]}-{before[1]}", approximate=True, limit=0)
            await pipe.execute()
    return before


async def _taken_by_all(client: Any, source: Source) -> EntryId | None:
    stream = stream_of(source)
    try:
        groups = {group["name"].decode(): group for group in await client.xinfo_groups(stream)}
    except ResponseError:
        return None
    firsts: list[EntryId] = []
    for listener in listeners_of(source):
        if (group := groups.get(listener.value)) is None:
            return None
        waiting = await client.xpending(stream, listener.value) if group["pending"] else None
        # Of a group with nothing unacknowledged the last one read stays: one entry more than need be.
        firsts.append(entry_id(waiting["min"] if waiting and waiting["min"] else group["last-delivered-id"]))
    return min(firsts)


async def settle(connection: AsyncConnection, *, before: EntryId) -> int:
    """Note of some rows that every listener has them: no loss of the stream can lose them, none tells them again."""
    return await _change_some(connection, _some_taken, _settle, {"ms": before[0], "n": before[1]})


async def clear(database: Database, *, now: datetime, real_now: datetime) -> int:
    """Empty some inbox rows that took effect long ago, and forget old answers; how many rows that were."""
    async with database.write() as session:
        connection = await session.connection()
        emptied = await _change_some(connection, _some_payloads, _empty, {"before": now - PAYLOAD_KEPT})
        forgotten = await connection.execute(_forget_answers, {"before": real_now - ANSWERS_KEPT})
        await forget_sessions(session, now=now)
    return emptied + forgotten.rowcount


def entry_id(entry: Any) -> EntryId:
    """An entry's id as its two numbers."""
    ms, n = (entry.decode() if isinstance(entry, bytes) else str(entry)).split("-")
    return int(ms), int(n)
