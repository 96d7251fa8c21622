"""What the four databases say, read by SQL from outside, when everything has come to rest."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Source
from shared.plumbing.database import Database
from shared.plumbing.metrics import groups_of
from shared.plumbing.scope import EVERYTHING
from tests.faults.ground import STREAMS, Ground, stream_client
from tests.plumbing.waiting import eventually

AWAY_SECONDS = 30

LISTENS = {
    "intake": ("intake", "research", "notifications", "feedback"),
    "research": ("intake",),
    "notifications": ("intake", "research", "feedback"),
    "feedback": ("intake",),
}
"""Whose facts each service hears."""


class Books:
    """The databases of a run, open for reading."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._databases: dict[str, Database] = {}

    async def rows(self, service: str, sql: str, **values: Any) -> list[Any]:
        """What `sql` says in that service's database; asked again while that is away."""

        async def look(session: AsyncSession) -> list[Any]:
            return list((await (await session.connection()).execute(text(sql), values)).mappings().all())

        return await self._ask(service, look)

    async def number(self, service: str, sql: str, **values: Any) -> int:
        (row,) = await self.rows(service, sql, **values)
        return int(next(iter(row.values())) or 0)

    async def all_of(self, service: str, table: Table) -> list[Any]:
        """Every row of a kernel table, in order."""

        async def look(session: AsyncSession) -> list[Any]:
            return list((await (await session.connection()).execute(table.select().order_by(table.c.id))).all())

        return await self._ask(service, look)

    async def _ask(self, service: str, look: Callable[[AsyncSession], Awaitable[list[Any]]]) -> list[Any]:
        if service not in self._databases:
            self._databases[service] = Database(self._ground.database_urls[service], pool_size=2)

        async def once() -> tuple[list[Any]] | None:
            try:
                async with self._databases[service].read(scope=EVERYTHING) as session:
                    return (await look(session),)
            except (DBAPIError, OSError):
                return None

        (found,) = await eventually(once, within=AWAY_SECONDS)
        return found

    async def close(self) -> None:
        for database in self._databases.values():
            await database.close()


@dataclass
class Rest:
    """How far a stack is from rest; all empty is at rest."""

    unsent: dict[str, int] = field(default_factory=dict)
    ready: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return not (self.unsent or self.ready or self.missing)

    def __str__(self) -> str:
        return f"unsent {self.unsent}, ready {self.ready}, not yet taken in {self.missing}"


async def rest_of(books: Books, *, now: datetime) -> Rest:
    """Whether anything is under way. Timers of a later day are not."""
    rest, told = Rest(), {}
    for service in LISTENS:
        told[service] = await books.number(service, "SELECT count(*) FROM outbox_events")
        unsent = await books.number(service, "SELECT count(*) FROM outbox_events WHERE stream_ms IS NULL")
        if unsent:
            rest.unsent[service] = unsent
    for service, sources in LISTENS.items():
        waiting = [
            row
            for row in await books.rows(
                service, "SELECT source, attempts, due_at FROM inbox_messages WHERE state = 'ready'"
            )
            if row["source"] != "timer" or row["attempts"] or _instant(row["due_at"]) <= now
        ]
        if waiting:
            rest.ready[service] = len(waiting)
        for source in sources:
            heard = await books.number(
                service,
                "SELECT count(DISTINCT key || '/' || seq) FROM inbox_messages WHERE source = :source AND seq > 0",
                source=source,
            )
            if heard < told[source]:
                rest.missing[f"{source}→{service}"] = told[source] - heard
    return rest


async def pending(ground: Ground) -> dict[str, int]:
    """What the stream thinks is read and not acknowledged, a group."""
    found = {}
    async with stream_client(ground.stream_url) as client:
        for source, stream in STREAMS.items():
            for service, sources in LISTENS.items():
                if source in sources and (left := (await client.xpending(stream, service))["pending"]):
                    found[f"{source}→{service}"] = left
    return found


async def unread(ground: Ground) -> dict[str, Any]:
    """How many entries each group has not read, where there are any."""
    async with stream_client(ground.stream_url) as client:
        return {
            f"{source}→{group['name'].decode()}": group["lag"]
            for source in STREAMS
            for group in await groups_of(client, Source(source))
            if group["lag"] != 0
        }


def _instant(value: Any) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def by_key(rows: list[Any]) -> Mapping[tuple[str, str], list[Any]]:
    """Inbox rows by source and key."""
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.source, row.key), []).append(row)
    return found
