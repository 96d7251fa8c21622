"""Whether the trail is whole: every entry unchanged, in its place, and none missing from any chain."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.plumbing.audit.entry import NOTHING_BEFORE, Kind, audit_key, head_seal, signature
from shared.plumbing.audit.tables import entries, heads
from shared.plumbing.audit.words import REGISTER, register_of
from shared.plumbing.database import Database
from shared.plumbing.in_loop import Connection

CHAINS_AT_ONCE = 200
ENTRIES_AT_ONCE = 1_000


@dataclass(frozen=True)
class Broken:
    """The first broken link of a chain."""

    chain: str
    number: int
    why: str

    def __str__(self) -> str:
        return f"{self.chain.encode(errors='replace').decode()} #{self.number}: {self.why}"


Walked = Callable[[int], None]


async def size_of(database: Database) -> int:
    """How many entries the heads speak of."""
    async with database.read() as session:
        return await (await session.connection()).scalar(select(func.sum(heads.c.number))) or 0


async def broken_links(database: Database, *, walked: Walked = lambda _: None) -> AsyncIterator[Broken]:
    """The first broken link of each chain, in pages; `walked` hears how many entries came by.

    Some chains at a time are read as they stood at one instant, so that whoever writes meanwhile breaks nothing.
    """
    after: str | None = ""
    while after is not None:
        async with _as_of_one_instant(database) as connection:
            found = (
                await connection.execute(
                    select(heads).where(heads.c.chain > after).order_by(heads.c.chain).limit(CHAINS_AT_ONCE)
                )
            ).all()
            # Behind the last head as well: entries whose head is gone.
            last = found[-1].chain if len(found) == CHAINS_AT_ONCE else None
            async for broken in _check(connection, found, after=after, until=last, walked=walked):
                yield broken
            after = last


async def broken_in(database: Database, chain: str) -> Broken | None:
    """The first broken link of one chain, `None` where it is whole. Raises `LookupError` where nothing was kept."""
    async with _as_of_one_instant(database) as connection:
        return await broken_on(connection, chain)


async def broken_on(connection: AsyncConnection, chain: str) -> Broken | None:
    """The same within the caller's transaction."""
    head = (await connection.execute(select(heads).where(heads.c.chain == chain))).first()
    links = _Links(chain, head)
    async for row in _rows(connection, chain=chain):
        if links.broken is None:
            links.take(row)
    if links.untouched and head is None:
        registered = select(entries.c.id).where(entries.c.chain == register_of(chain), entries.c.shown == chain)
        if await connection.scalar(registered) is None:
            raise LookupError(chain)
        return Broken(chain, 1, GONE)
    return links.end()


GONE = "the whole chain is gone: its beginning is noted, and neither entry nor head is left"
CHANGED = "was changed after it was written"


class _Links:
    """One chain, walked from its first entry to its head."""

    def __init__(self, chain: str, head: Row[Any] | None) -> None:
        self.chain = chain
        self.head = head
        self.number = 0
        self.untouched = True
        self.broken: Broken | None = None
        self._last = NOTHING_BEFORE
        self._key = audit_key()

    def take(self, row: Row[Any]) -> None:
        """Go on to the next entry."""
        cut = self.untouched and row.kind == Kind.CUT.value
        # What stood before a cut is gone by right: who signed the cut says where the chain goes on.
        expected = row.number if cut else self.number + 1
        self.untouched = False
        if row.number != expected:
            at, why = expected, f"is missing: {row.number!r} comes after {self.number}"
        elif row.hash != signature(row._asdict(), key=self._key):
            at, why = expected, CHANGED
        elif row.previous != self._last:
            at, why = expected, "does not follow the one before it: one of the two was put in another's place"
        else:
            self.number, self._last = expected, row.shown if cut else row.hash
            return
        self.broken = Broken(self.chain, at, why)

    def end(self) -> Broken | None:
        """Hold the head against what was walked."""
        if self.broken is not None:
            return self.broken
        head = self.head
        if head is None:
            return Broken(self.chain, self.number, "the head is missing: how far the chain went is not known")
        if head.seal != head_seal(chain=head.chain, number=head.number, last=head.hash, key=self._key):
            return Broken(self.chain, self.number, "the head was forged: it is not signed by our key")
        if head.number > self.number:
            return Broken(self.chain, self.number + 1, f"the tail was cut off: the head says {head.number}")
        if head.number != self.number or head.hash != self._last:
            return Broken(self.chain, self.number, f"the head is an old one: it says {head.number}")
        return None


async def _check(
    connection: AsyncConnection, found: Sequence[Row[Any]], *, after: str, until: str | None, walked: Walked
) -> AsyncIterator[Broken]:
    """The chains behind `after`, up to `until` and with it."""
    head_of = {head.chain: head for head in found}
    links: _Links | None = None
    noted: list[str] = []
    async for row in _rows(connection, after=after, until=until):
        if links is None or links.chain != row.chain:
            if links is not None and (broken := links.end()):
                yield broken
            links = _Links(row.chain, head_of.pop(row.chain, None))
        if links.broken is None:
            links.take(row)
        if links.broken is None and str(row.chain).startswith(REGISTER):
            noted.append(row.shown)
        walked(1)
    if links is not None and (broken := links.end()):
        yield broken
    for head in head_of.values():
        yield Broken(head.chain, 1, f"every entry is missing: the head says {head.number}")
    for begin in range(0, len(noted), CHAINS_AT_ONCE):
        for chain in await _gone(connection, noted[begin : begin + CHAINS_AT_ONCE]):
            yield Broken(chain, 1, GONE)


async def _gone(connection: AsyncConnection, noted: list[str]) -> list[str]:
    """Those of the chains whose beginning was noted of which nothing is left at all."""
    missing = set(noted)
    for place in (heads.c.chain, entries.c.chain):
        if missing:
            missing -= set((await connection.scalars(select(place).where(place.in_(missing)).distinct())).all())
    return sorted(missing)


async def _rows(
    connection: AsyncConnection, *, chain: str | None = None, after: str = "", until: str | None = None
) -> AsyncIterator[Row[Any]]:
    """The entries of one chain, or of those behind `after` up to `until`, in order."""
    where = [entries.c.chain == chain] if chain is not None else [entries.c.chain > after]
    if until is not None:
        where.append(entries.c.chain <= until)
    query = select(entries).order_by(entries.c.chain, entries.c.number).limit(ENTRIES_AT_ONCE)
    here: list[Any] = []
    while True:
        page = (await connection.execute(query.where(*where, *here))).all()
        for row in page:
            yield row
        if len(page) < ENTRIES_AT_ONCE:
            return
        here = [tuple_(entries.c.chain, entries.c.number) > tuple_(page[-1].chain, page[-1].number)]


@asynccontextmanager
async def _as_of_one_instant(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction that sees nothing of what others commit meanwhile, and reads damaged text too."""
    options = {"athar_begin": "DEFERRED"} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    async with database.engine.connect() as connection:
        await connection.execution_options(**options)
        raw = (await connection.get_raw_connection()).driver_connection
        if isinstance(raw, Connection):
            raw.bear_damaged_text(bear=True)
        try:
            yield connection
        finally:
            if isinstance(raw, Connection):
                raw.bear_damaged_text(bear=False)
