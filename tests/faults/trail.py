"""The trail after a run: what people were answered stands in it once, and every chain is whole."""

import asyncio

from shared.plumbing.audit.checking import broken_links
from shared.plumbing.database import Database
from shared.plumbing.seal import RING
from tests.faults.ground import Ground
from tests.faults.truth import Books

# The ring is one a process, and two stacks are judged side by side in this one, each with keys of its own.
_one_ring = asyncio.Lock()


async def trail_violations(books: Books, ground: Ground, *, seal_keys: list[str]) -> list[str]:
    """People here send a key with every act: so many answers as are kept, so many acts stand in the trail."""
    violations = list[str]()
    async with _one_ring:
        RING.hold(seal_keys)
        for service, url in ground.database_urls.items():
            acts = await books.number(service, "SELECT count(*) FROM audit_entries WHERE kind = 'did'")
            answers = await books.number(service, "SELECT count(*) FROM idempotent_answers")
            if acts != answers:
                violations.append(f"{service}: {answers} acts were answered and {acts} stand in the trail")
            database = Database(url, pool_size=1)
            try:
                violations += [f"{service}: the trail is broken: {broken}" async for broken in broken_links(database)]
            finally:
                await database.close()
    return violations
