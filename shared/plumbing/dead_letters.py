"""Messages that could not be taken in: found, looked at, taken in again, or given up with a reason."""

from datetime import datetime

from pydantic import BaseModel, ValidationError
from sqlalchemy import ColumnElement, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.errors import MessageNotFound
from shared.plumbing.database import ARRIVED
from shared.plumbing.envelope import Envelope, EventUnknown
from shared.plumbing.listener import Listener
from shared.plumbing.order import step
from shared.plumbing.tables import DISCARDED, READY, inbox, is_dead

AT_ONCE = 500
"""How many one transaction takes in again: a service's other work goes on in between."""


class DeadLetter(BaseModel):
    """A dead message and the reason; its payload is not shown."""

    id: int
    source: str
    type: str
    key: str
    seq: int | None
    attempts: int
    error: str | None
    received_at: datetime


class DeadLetterInFull(DeadLetter):
    """With its envelope, or the bytes of one that nobody can read."""

    event_id: str
    envelope: str | None
    raw: bytes | None


def _which(*, type: str | None, source: str | None, key: str | None) -> list[ColumnElement[bool]]:  # noqa: A002
    wanted = ((inbox.c.type, type), (inbox.c.source, source), (inbox.c.key, key))
    return [is_dead, *(column == value for column, value in wanted if value is not None)]


async def list_dead(
    session: AsyncSession,
    *,
    after: int = 0,
    limit: int,
    type: str | None = None,  # noqa: A002
    source: str | None = None,
    key: str | None = None,
) -> list[DeadLetter]:
    """The dead of this service, oldest first, a page at a time."""
    connection = await session.connection()
    rows = await connection.execute(
        select(inbox)
        .where(*_which(type=type, source=source, key=key), inbox.c.id > after)
        .order_by(inbox.c.id)
        .limit(limit)
    )
    return [DeadLetter.model_validate(row._mapping) for row in rows]


async def show(session: AsyncSession, *, message_id: int) -> DeadLetterInFull:
    """One of them. Raises `MessageNotFound`."""
    row = (await (await session.connection()).execute(select(inbox).where(is_dead, inbox.c.id == message_id))).first()
    if row is None:
        raise MessageNotFound
    return DeadLetterInFull.model_validate(row._mapping)


async def replay(session: AsyncSession, *, message_id: int, now: datetime) -> None:
    """Have a dead message taken in again. Raises `MessageNotFound` when there is none that can be read."""
    session.info[ARRIVED] = True
    connection = await session.connection()
    replayed = await connection.execute(
        update(inbox).where(is_dead, inbox.c.id == message_id, inbox.c.envelope.is_not(None)).values(**_again(now))
    )
    if replayed.rowcount != 1:
        raise MessageNotFound


async def replay_some(
    session: AsyncSession,
    *,
    now: datetime,
    type: str | None = None,  # noqa: A002
    source: str | None = None,
    key: str | None = None,
) -> int:
    """Have the first `AT_ONCE` of those named taken in again; how many that were. Call until none is left."""
    session.info[ARRIVED] = True
    connection = await session.connection()
    some = (
        select(inbox.c.id)
        .where(*_which(type=type, source=source, key=key), inbox.c.envelope.is_not(None))
        .order_by(inbox.c.id)
        .limit(AT_ONCE)
    )
    replayed = await connection.execute(
        update(inbox).where(is_dead, inbox.c.id.in_(some.scalar_subquery())).values(**_again(now))
    )
    return replayed.rowcount


async def replay_what_is_known_now(session: AsyncSession, *, listener: Listener, now: datetime) -> int:
    """Have taken in again what another release could not read and this one can: in a rolling upgrade both work."""
    connection = await session.connection()
    known, after = 0, 0
    while True:
        unknown = (
            await connection.execute(
                select(inbox.c.id, inbox.c.envelope)
                .where(
                    is_dead,
                    inbox.c.id > after,
                    inbox.c.error.startswith(EventUnknown.__name__),
                    inbox.c.envelope.is_not(None),
                )
                .order_by(inbox.c.id)
                .limit(AT_ONCE)
            )
        ).all()
        for row in unknown:
            if _is_known(row.envelope, listener):
                await replay(session, message_id=row.id, now=now)
                known += 1
        if len(unknown) < AT_ONCE:
            return known
        after = unknown[-1].id


def _is_known(envelope: str, listener: Listener) -> bool:
    try:
        return listener.knows(Envelope.model_validate_json(envelope))
    except ValidationError:
        return False


async def discard(session: AsyncSession, *, message_id: int, by: str, because: str, now: datetime) -> None:
    """Give a dead message up for good; its case goes on behind it. Raises `MessageNotFound`.

    The row stays, with who gave it up and why. What it would have changed has to be put right by hand.
    """
    session.info[ARRIVED] = True
    connection = await session.connection()
    row = (
        await connection.execute(
            update(inbox)
            .where(is_dead, inbox.c.id == message_id)
            .values(state=DISCARDED, discarded_by=by, discarded_because=because, done_at=now)
            .returning(inbox.c.source, inbox.c.key, inbox.c.seq)
        )
    ).first()
    if row is None:
        raise MessageNotFound
    if row.seq is not None:
        await step(session, source=row.source, key=row.key, seq=row.seq, now=now)


def _again(now: datetime) -> dict[str, object]:
    return {
        "state": READY,
        "attempts": 0,
        "claims": 0,
        "due_at": now,
        "received_at": now,
        "lease": None,
        "leased_until": None,
    }
