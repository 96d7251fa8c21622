"""A knock: what is told in a process that does not publish is published at once by the one that does."""

import asyncio

from redis.asyncio import Redis

from athar.stack.valkey import EmbeddedValkey
from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.knock import Knocker
from shared.plumbing.listener import Listener
from shared.plumbing.service import Runtime
from tests.plumbing.bench import count_in, make_runtime, make_tables, tell_facts
from tests.plumbing.waiting import eventually

FAR_TOO_LATE = 3_600


def process(url: str, *, redis_url: str) -> Runtime:
    """One process of the telling service, that looks by itself only once an hour."""
    return make_runtime(
        Source.INTAKE,
        database_url=url,
        redis_url=redis_url,
        make_listener=lambda _: Listener(Source.INTAKE, to=[]),
        poll_seconds=FAR_TOO_LATE,
    )


async def test_what_one_process_tells_is_published_by_the_other_at_once(
    valkey: EmbeddedValkey, stream: Redis, database_url: str
) -> None:
    answering, publishing = (process(database_url, redis_url=valkey.url) for _ in range(2))
    await make_tables(publishing.database)
    before = await count_in(publishing.database, tables.outbox)
    door = f"athar.{Source.INTAKE.value}.knock"

    async def somebody_is_at_the_door() -> bool:
        return dict(await stream.pubsub_numsub(door))[door.encode()] == 1

    async with publishing.working(), answering.knocking():
        await eventually(somebody_is_at_the_door)
        await tell_facts(answering.database, ("a", before + 1))
        unsent = tables.outbox.c.stream_ms.is_(None)
        await eventually(lambda: _nothing_left(publishing, unsent))
    for runtime in (answering, publishing):
        await runtime.close()


async def _nothing_left(runtime: Runtime, unsent: object) -> bool:
    return await count_in(runtime.database, tables.outbox, unsent) == 0


async def test_a_stream_that_is_away_costs_a_knock_and_nothing_else(database_url: str) -> None:
    alone = process(database_url, redis_url="redis://127.0.0.1:1/0")
    await make_tables(alone.database)
    knocker = Knocker(alone.broker, source=Source.INTAKE, told=alone.database.told)
    knocking = asyncio.create_task(knocker.run())
    before = await count_in(alone.database, tables.outbox)
    await tell_facts(alone.database, ("k", before + 1), ("k", before + 2))
    await eventually(lambda: _heard(knocker))
    assert not knocking.done()
    knocking.cancel()
    await alone.close()


async def _heard(knocker: Knocker) -> bool:
    return not knocker._ear.is_set()
