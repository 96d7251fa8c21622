"""How a service's messages stand, in figures that cost the same however many messages there are.

No count goes past `COUNTED`: what is read there is "so many or more". Every query reads a partial index.
"""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.claims import LONGEST_RETRY
from shared.plumbing.tables import READY, inbox, is_dead, is_discarded, is_ready, is_unsent, outbox
from shared.plumbing.timers import TIMER

COUNTED = 10_000


class Standing(BaseModel):
    """What waits in one service's database, and for how long."""

    unsent: int
    oldest_unsent: timedelta
    due: int
    oldest_due: timedelta
    timer_late: timedelta
    retrying: int
    dead: dict[str, int]
    behind_dead: int
    discarded: int
    to_come: int


async def standing_of(session: AsyncSession, *, now: datetime) -> Standing:
    """The figures of the service whose database this is."""
    due = _first(inbox.c.due_at, inbox.c.source, where=[is_ready, inbox.c.due_at <= now], by=inbox.c.due_at)
    # A retry is due soon: what is due later has not failed.
    soon = [is_ready, inbox.c.due_at <= now + LONGEST_RETRY]
    waiting = _first(inbox.c.attempts, where=soon, by=inbox.c.due_at)
    dead = _first(inbox.c.type, where=[is_dead], by=inbox.c.id)
    oldest = select(outbox.c.created_at).where(is_unsent).order_by(outbox.c.id).limit(1)
    by_type = select(dead.c.type, func.count().label("messages")).group_by(dead.c.type)
    of_timers = select(func.min(due.c.due_at)).where(due.c.source == TIMER)
    later = [is_ready, inbox.c.due_at > now]
    connection = await session.connection()

    async def one(query: Select[Any]) -> Any:
        return await connection.scalar(query)

    return Standing(
        unsent=await one(select(func.count()).select_from(_first(outbox.c.id, where=[is_unsent], by=outbox.c.id))),
        oldest_unsent=_since(await one(oldest), now),
        due=await one(select(func.count()).select_from(due)),
        oldest_due=_since(await one(select(func.min(due.c.due_at))), now),
        timer_late=_since(await one(of_timers), now),
        retrying=await one(select(func.count()).select_from(waiting).where(waiting.c.attempts > 0)),
        dead={row.type: row.messages for row in await connection.execute(by_type)},
        behind_dead=await one(select(func.count()).select_from(_behind_dead())),
        to_come=await one(select(func.count()).select_from(_first(inbox.c.id, where=later, by=inbox.c.due_at))),
        discarded=await one(select(func.count()).select_from(_first(inbox.c.id, where=[is_discarded], by=inbox.c.id))),
    )


class FromSource(BaseModel):
    """What of one source waits in a service's inbox."""

    due: int = 0
    oldest_due: timedelta = timedelta()
    dead: int = 0
    behind_dead: int = 0


async def standing_by_source(session: AsyncSession, *, now: datetime) -> dict[str, FromSource]:
    """The same inbox, apart for each source and for timers."""
    due = _first(inbox.c.due_at, inbox.c.source, where=[is_ready, inbox.c.due_at <= now], by=inbox.c.due_at)
    dead = _first(inbox.c.source, where=[is_dead], by=inbox.c.id)
    connection = await session.connection()
    standing: dict[str, FromSource] = {}
    for row in await connection.execute(
        select(due.c.source, func.count().label("messages"), func.min(due.c.due_at).label("since")).group_by(
            due.c.source
        )
    ):
        standing[row.source] = FromSource(due=row.messages, oldest_due=_since(row.since, now))
    for row in await connection.execute(select(dead.c.source, func.count().label("messages")).group_by(dead.c.source)):
        standing.setdefault(row.source, FromSource()).dead = row.messages
    behind = _behind_dead()
    for row in await connection.execute(
        select(behind.c.source, func.count().label("messages")).group_by(behind.c.source)
    ):
        standing.setdefault(row.source, FromSource()).behind_dead = row.messages
    return standing


async def oldest_unsent(session: AsyncSession) -> datetime | None:
    """Since when the oldest fact waits to be published."""
    query = select(outbox.c.created_at).where(is_unsent).order_by(outbox.c.id).limit(1)
    since: datetime | None = await (await session.connection()).scalar(query)
    return since


def _first(*columns: Any, where: list[ColumnElement[bool]], by: Any) -> Any:
    return select(*columns).where(*where).order_by(by).limit(COUNTED).subquery()


def _behind_dead() -> Any:
    """Messages whose predecessor is dead: their case waits."""
    dead = _first(inbox.c.source, inbox.c.key, inbox.c.seq, where=[is_dead], by=inbox.c.id)
    later = inbox.alias()
    # For each dead one its key is looked up: what waits behind it is a handful, however many others there are.
    return (
        select(later.c.source)
        .join(dead, (later.c.source == dead.c.source) & (later.c.key == dead.c.key) & (later.c.seq > dead.c.seq))
        .where(later.c.state == literal_column(f"'{READY}'"))
        .limit(COUNTED)
        .subquery()
    )


def _since(begun: datetime | None, now: datetime) -> timedelta:
    return max(now - begun, timedelta()) if begun else timedelta()
