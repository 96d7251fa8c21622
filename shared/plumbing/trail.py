"""What one service's database knows of a fact's way: told here, taken in here. Never what the fact says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Row, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Source
from shared.plumbing.envelope import Envelope
from shared.plumbing.tables import cursors, inbox, outbox
from shared.plumbing.timers import TIMER

EVERY_SOURCE = (*(source.value for source in Source), TIMER)
MOST_IDS = 500


@dataclass(frozen=True)
class Told:
    """A fact in this service's outbox."""

    id: int
    event_id: str
    type: str
    key: str
    seq: int
    at: datetime
    who: str
    published: bool


@dataclass(frozen=True)
class Heard:
    """A message or timer in this service's inbox."""

    id: int
    event_id: str
    source: str
    type: str
    key: str
    seq: int | None
    state: str
    attempts: int
    due_at: datetime
    received_at: datetime
    done_at: datetime | None
    who: str


async def told_about(session: AsyncSession, key: str) -> list[Told]:
    """What the service told about `key`, in order."""
    rows = await (await session.connection()).execute(select(outbox).where(outbox.c.key == key).order_by(outbox.c.seq))
    return [_told(row) for row in rows]


async def told_lately(session: AsyncSession, *, last: int, kind: str | None = None) -> list[Told]:
    """The service's newest facts, oldest first; of one type where `kind` names it."""
    newest = select(outbox).order_by(outbox.c.id.desc()).limit(last)
    rows = (await (await session.connection()).execute(newest)).all()
    return [_told(row) for row in reversed(rows) if kind is None or row.type == kind]


async def heard_about(session: AsyncSession, keys: Collection[str]) -> list[Heard]:
    """What the service has in its inbox about any of `keys`."""
    rows = await (await session.connection()).execute(
        select(inbox).where(inbox.c.source.in_(EVERY_SOURCE), inbox.c.key.in_(keys)).order_by(inbox.c.id)
    )
    return [_heard(row) for row in rows]


async def taken_until(session: AsyncSession, key: str) -> dict[str, int]:
    """How far each source's facts about `key` took effect here."""
    rows = await (await session.connection()).execute(
        select(cursors.c.source, cursors.c.seq).where(cursors.c.source.in_(EVERY_SOURCE), cursors.c.key == key)
    )
    return {row.source: row.seq for row in rows}


async def not_taken_in(session: AsyncSession, told: Sequence[Told], *, source: str) -> int:
    """How many of these facts of `source` have neither reached this service's inbox nor, earlier, its effect."""
    connection = await session.connection()
    missing = {one.event_id: one for one in told}
    for begin in range(0, len(told), MOST_IDS):
        ids = [one.event_id for one in told[begin : begin + MOST_IDS]]
        for (event_id,) in await connection.execute(select(inbox.c.event_id).where(inbox.c.event_id.in_(ids))):
            missing.pop(event_id)
    # An inbox row may have been put away since; the cursor remembers.
    by_key = [one.key for one in missing.values()]
    reached: dict[str, int] = {}
    for begin in range(0, len(by_key), MOST_IDS):
        some = cursors.c.key.in_(by_key[begin : begin + MOST_IDS])
        rows = await connection.execute(select(cursors.c.key, cursors.c.seq).where(cursors.c.source == source, some))
        reached |= {row.key: row.seq for row in rows}
    return sum(one.seq > reached.get(one.key, 0) for one in missing.values())


def _told(row: Row[tuple[object, ...]]) -> Told:
    return Told(
        id=row.id,
        event_id=row.event_id,
        type=row.type,
        key=row.key,
        seq=row.seq,
        at=row.created_at,
        who=_who(row.envelope),
        published=row.stream_ms is not None,
    )


def _heard(row: Row[tuple[object, ...]]) -> Heard:
    return Heard(
        id=row.id,
        event_id=row.event_id,
        source=row.source,
        type=row.type,
        key=row.key,
        seq=row.seq,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        received_at=row.received_at,
        done_at=row.done_at,
        who=_who(row.envelope),
    )


def _who(envelope: str | None) -> str:
    """The seat that acted, or the applicant, or Athar itself: never which person. Nothing, once it was put away."""
    if envelope is None:
        return ""
    try:
        actor = Envelope.model_validate_json(envelope).actor
    except ValidationError:
        return "unreadable"
    return actor.role.value if actor.role else actor.person_id
