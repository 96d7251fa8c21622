"""Taking away what is older than it has to be kept: a chain's beginning alone, with a signed entry in its place.

For the owner of the tables: the triggers are lifted and set again within the one transaction that cuts.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, not_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.plumbing.audit.checking import Broken, broken_on
from shared.plumbing.audit.entry import NOTHING_BEFORE, Entry, Kind, audit_key, written
from shared.plumbing.audit.guards import LIFT, SET
from shared.plumbing.audit.tables import entries, heads
from shared.plumbing.audit.words import REGISTER
from shared.plumbing.database import Database
from shared.plumbing.origin import new_id

KEPT_AT_LEAST = timedelta(days=366)
"""Event logs are kept for no less than twelve months (National Cybersecurity Authority, ECC 2-12-3-5)."""
CHAINS_AT_ONCE = 100


class TooYoung(ValueError):
    """What is asked for would cut entries that have to be kept."""


@dataclass(frozen=True)
class Cut:
    """How many entries of a chain are gone; or that it is broken, and was left as it is."""

    chain: str
    entries: int
    broken: Broken | None = None


async def cut(owner: Database, *, before: datetime, by: str, now: datetime) -> AsyncIterator[Cut]:
    """Cut what was written before that instant; each chain keeps its last entry. Raises `TooYoung`.

    Some chains a transaction: a stop in between leaves each chain cut or uncut, and whole.
    """
    if before > now - KEPT_AT_LEAST:
        raise TooYoung(f"entries are kept for {KEPT_AT_LEAST.days} days; name a day before {now - KEPT_AT_LEAST:%F}")
    after: str | None = ""
    while after is not None:
        async with owner.write() as session:
            connection = await session.connection()
            chains = await _next_chains(connection, after=after)
            done = [one for chain in chains if (one := await _cut(connection, chain, before=before, by=by, now=now))]
        for one in done:
            yield one
        after = chains[-1] if len(chains) == CHAINS_AT_ONCE else None


async def _next_chains(connection: AsyncConnection, *, after: str) -> Sequence[str]:
    # A register tells of chains that are there: it has no beginning that may go.
    behind = select(heads.c.chain).where(heads.c.chain > after, not_(heads.c.chain.startswith(REGISTER)))
    return (await connection.scalars(behind.order_by(heads.c.chain).limit(CHAINS_AT_ONCE))).all()


async def _cut(connection: AsyncConnection, chain: str, *, before: datetime, by: str, now: datetime) -> Cut | None:
    of_chain = entries.c.chain == chain
    head = (await connection.execute(select(heads).where(heads.c.chain == chain).with_for_update())).one()
    young = select(func.min(entries.c.number)).where(
        of_chain, entries.c.kind != Kind.CUT.value, entries.c.machine_at >= written(before)
    )
    # The last one always stays: the head stands on it.
    last = min(await connection.scalar(young) or head.number, head.number) - 1
    old: Any = (await connection.execute(select(entries).where(of_chain, entries.c.number == last))).first()
    if old is None or old.kind == Kind.CUT.value:
        return None
    if (broken := await broken_on(connection, chain)) is not None:
        return Cut(chain, 0, broken)
    at = written(now)
    mark = Entry(
        id=new_id(), chain=chain, kind=Kind.CUT, act="chain.cut", at=at, machine_at=at, person_id=by, shown=old.hash
    )
    dialect = connection.dialect.name
    for statement in LIFT[dialect]:
        await connection.execute(text(statement))
    gone = await connection.execute(delete(entries).where(of_chain, entries.c.number <= last))
    for statement in SET[dialect]:
        await connection.execute(text(statement))
    row = mark.placed(number=last, previous=NOTHING_BEFORE, key=audit_key())
    await connection.execute(insert(entries).values(row))
    return Cut(chain, gone.rowcount)
