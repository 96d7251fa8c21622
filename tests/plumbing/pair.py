"""A service that tells and one that hears, as two processes would run them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.envelope import stream_of
from shared.plumbing.listener import Listener
from shared.plumbing.service import Runtime
from tests.plumbing.bench import Told, count_in, effects_in, hearing, make_runtime, make_tables
from tests.plumbing.waiting import eventually


@dataclass
class Pair:
    """The two, and the stream between them as an onlooker sees it."""

    teller: Runtime
    hearer: Runtime
    stream: Redis

    async def effects(self) -> list[Told]:
        return await effects_in(self.hearer.database)

    async def number_of_effects(self) -> int:
        return len(await self.effects())

    async def length_of_stream(self) -> int:
        return int(await self.stream.xlen(stream_of(Source.INTAKE)))

    async def everything_is_done(self) -> None:
        """Wait until no message waits in the hearer's inbox, and all that was told is noted as published."""

        async def nothing_waits() -> bool:
            unsent = await count_in(self.teller.database, tables.outbox, tables.outbox.c.stream_ms.is_(None))
            ready = await count_in(self.hearer.database, tables.inbox, tables.inbox.c.state == tables.READY)
            return unsent + ready == 0

        await eventually(nothing_waits)

    @asynccontextmanager
    async def restarted(self) -> AsyncIterator["Pair"]:
        """Both services' next processes."""
        redis_url = self.teller.settings.redis_url
        teller = teller_of(self.teller.own_settings.url(), redis_url=redis_url)
        async with self.restarted_hearer() as hearer:
            try:
                yield Pair(teller, hearer, self.stream)
            finally:
                await teller.close()

    @asynccontextmanager
    async def restarted_hearer(self) -> AsyncIterator[Runtime]:
        """The hearer's next process."""
        hearer = hearer_of(self.hearer.own_settings.url(), redis_url=self.hearer.settings.redis_url)
        try:
            yield hearer
        finally:
            await hearer.close()


def teller_of(database_url: str, *, redis_url: str) -> Runtime:
    return make_runtime(
        Source.INTAKE,
        database_url=database_url,
        redis_url=redis_url,
        make_listener=lambda _: Listener(Source.INTAKE, to=[]),
    )


def hearer_of(database_url: str, *, redis_url: str) -> Runtime:
    return make_runtime(
        Source.RESEARCH, database_url=database_url, redis_url=redis_url, make_listener=lambda _: hearing()
    )


@asynccontextmanager
async def open_pair(teller_url: str, hearer_url: str, *, redis_url: str, stream: Redis) -> AsyncIterator[Pair]:
    """Two new services with tables of their own; neither of them works yet."""
    pair = Pair(teller_of(teller_url, redis_url=redis_url), hearer_of(hearer_url, redis_url=redis_url), stream)
    try:
        for runtime in (pair.teller, pair.hearer):
            await make_tables(runtime.database)
        yield pair
    finally:
        for runtime in (pair.teller, pair.hearer):
            await runtime.close()
