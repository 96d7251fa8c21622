"""The trail after a run: what people were answered stands in it once, and every chain is whole."""

from collections.abc import AsyncIterator

from shared.plumbing.audit.checking import broken_links
from shared.plumbing.database import Database
from shared.plumbing.seal import RING
from tests.faults.ground import Ground
from tests.faults.truth import Books


async def trail_violations(books: Books, ground: Ground, *, seal_keys: list[str]) -> AsyncIterator[str]:
    """People here send a key with every act: so many answers as are kept, so many acts stand in the trail."""
    RING.hold(seal_keys)
    for service, url in ground.database_urls.items():
        acts = await books.number(service, "SELECT count(*) FROM audit_entries WHERE kind = 'did'")
        answers = await books.number(service, "SELECT count(*) FROM idempotent_answers")
        if acts != answers:
            yield f"{service}: {answers} acts were answered and {acts} stand in the trail"
        database = Database(url, pool_size=1)
        try:
            async for broken in broken_links(database):
                yield f"{service}: the trail is broken: {broken}"
        finally:
            await database.close()
