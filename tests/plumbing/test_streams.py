"""Two services over a real stream, each with its relay, its ears and its worker running."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from athar.stack.valkey import EmbeddedValkey
from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.envelope import stream_of
from shared.plumbing.inbox import DATA
from shared.plumbing.outbox import tell
from shared.plumbing.streams import Ears
from tests.harness.desk import NOON
from tests.plumbing.bench import count_in, effects_in, envelope, fact, numbers, rows_in, tell_facts
from tests.plumbing.pair import Pair, open_pair
from tests.plumbing.waiting import eventually

STREAM = stream_of(Source.INTAKE)
SIX = [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3), ("b", 3)]


@pytest.fixture
async def pair(valkey: EmbeddedValkey, stream: Redis, tmp_path: Path) -> AsyncIterator[Pair]:
    urls = [f"sqlite+aiosqlite:///{tmp_path}/{name}.db" for name in ("teller", "hearer")]
    async with open_pair(*urls, redis_url=valkey.url, stream=stream) as pair:
        yield pair


def in_order(told: list[tuple[str, int]], *, upto: int) -> bool:
    """Whether the facts about both cases took effect once each and in order."""
    return all(numbers(told, key) == list(range(1, upto + 1)) for key in ("a", "b"))


async def test_a_committed_fact_arrives_once_and_in_order(pair: Pair) -> None:
    async with pair.teller.working(), pair.hearer.working():
        await tell_facts(pair.teller.database, *SIX)
        await eventually(pair.number_of_effects, 6)
    assert in_order(await pair.effects(), upto=3)


async def test_a_fact_of_a_transaction_that_rolled_back_never_arrives(pair: Pair) -> None:
    async def tell_and_fail() -> None:
        async with pair.teller.database.write() as session:
            await tell(session, fact("a", 100), at=NOON)
            raise RuntimeError

    async with pair.teller.working(), pair.hearer.working():
        with pytest.raises(RuntimeError):
            await tell_and_fail()
        await tell_facts(pair.teller.database, ("a", 1))
        await eventually(pair.number_of_effects, 1)
    assert await pair.effects() == [("a", 1)]
    assert await pair.stream.xlen(STREAM) == 1


async def test_a_service_that_first_starts_later_still_hears_everything_from_the_first(pair: Pair) -> None:
    async with pair.teller.working():
        await tell_facts(pair.teller.database, *SIX)
        await eventually(pair.length_of_stream, 6)
        async with pair.hearer.working():
            await eventually(pair.number_of_effects, 6)
    assert in_order(await pair.effects(), upto=3)


async def test_what_was_told_while_a_service_was_stopped_arrives_when_it_starts_again(pair: Pair) -> None:
    async with pair.teller.working():
        async with pair.hearer.working():
            await tell_facts(pair.teller.database, *SIX[:2])
            await eventually(pair.number_of_effects, 2)
        await tell_facts(pair.teller.database, *SIX[2:])
        async with pair.restarted_hearer() as hearer, hearer.working():
            await eventually(pair.number_of_effects, 6)
    assert in_order(await pair.effects(), upto=3)


async def test_what_a_consumer_that_died_had_read_is_taken_in_by_another(pair: Pair) -> None:
    await pair.stream.xgroup_create(STREAM, "research", id="0", mkstream=True)
    async with pair.teller.working():
        await tell_facts(pair.teller.database, *SIX)
        await eventually(pair.length_of_stream, 6)
        await pair.stream.xreadgroup("research", "one-that-died", {STREAM: ">"})
        async with pair.hearer.working():
            await eventually(pair.number_of_effects, 6)

            async def nothing_is_pending() -> bool:
                return (await pair.stream.xpending(STREAM, "research"))["pending"] == 0

            await eventually(nothing_is_pending)
    assert in_order(await pair.effects(), upto=3)


async def test_a_subscriber_that_ended_with_its_group_comes_back(pair: Pair) -> None:
    async with pair.teller.working(), pair.hearer.working() as all_of_it_runs:
        await tell_facts(pair.teller.database, *SIX[:2])
        await eventually(pair.number_of_effects, 2)
        await pair.stream.xgroup_destroy(STREAM, "research")

        async def ended() -> bool:
            return not all_of_it_runs()

        await eventually(ended)
        await tell_facts(pair.teller.database, *SIX[2:])
        await eventually(pair.number_of_effects, 6)
        assert all_of_it_runs()
    assert in_order(await pair.effects(), upto=3)


async def test_entries_that_nobody_can_read_become_dead_letters_and_the_rest_goes_on(pair: Pair) -> None:
    bad = [
        {b"field": b"of another program"},
        {DATA: b"\xff\xfe\x00"},
        {DATA: envelope("x", 1).model_dump_json().encode()[:60]},
        {DATA: envelope("x", 1).model_copy(update={"type": "case.teleported"}).model_dump_json().encode()},
        {DATA: envelope("x", 1).model_copy(update={"version": 99, "key": "y"}).model_dump_json().encode()},
        {DATA: envelope("z", 1).model_copy(update={"data": {"x": "x" * 300_000}}).model_dump_json().encode()},
    ]
    async with pair.teller.working():
        await tell_facts(pair.teller.database, *SIX[:3])
        await eventually(pair.length_of_stream, 3)
        for fields in bad:
            await pair.stream.xadd(STREAM, fields)
        await tell_facts(pair.teller.database, *SIX[3:])
        async with pair.hearer.working():
            await eventually(pair.number_of_effects, 6)

            async def dead() -> int:
                return await count_in(pair.hearer.database, tables.inbox, tables.inbox.c.state == tables.DEAD)

            await eventually(dead, len(bad))
    assert in_order(await pair.effects(), upto=3)
    assert all(
        row.error for row in await rows_in(pair.hearer.database, tables.inbox, tables.inbox.c.state == tables.DEAD)
    )


async def test_a_group_lost_while_the_ears_start_is_made_from_the_first_entry_again(pair: Pair, stream: Redis) -> None:
    class WipedMeanwhile(Ears):
        async def forget_the_gone(self) -> None:
            await super().forget_the_gone()
            await stream.flushall()
            await stream.xadd(STREAM, {DATA: envelope("a", 1).model_dump_json().encode()})

    runtime = pair.hearer
    listener = runtime.service.make_listener(runtime)
    ears = WipedMeanwhile(
        runtime.broker, listener, consumer="one", claim_idle_ms=60_000, take_in=runtime._keep, keep_only=runtime._keep
    )
    try:
        await ears.start()
        await eventually(lambda: count_in(runtime.database, tables.inbox), 1)
    finally:
        await runtime.broker.stop()


async def test_a_service_that_starts_before_its_stream_waits_for_it(tmp_path: Path) -> None:
    late = EmbeddedValkey(tmp_path / "late")
    urls = [f"sqlite+aiosqlite:///{tmp_path}/{name}.db" for name in ("teller", "hearer")]
    async with Redis.from_url(late.url) as client, open_pair(*urls, redis_url=late.url, stream=client) as pair:
        await tell_facts(pair.teller.database, *SIX)
        async with pair.teller.working(), pair.hearer.working() as all_of_it_runs:
            assert not all_of_it_runs()
            await asyncio.to_thread(late.start)
            await eventually(pair.number_of_effects, 6)
        assert in_order(await pair.effects(), upto=3)
    await asyncio.to_thread(late.stop)


@pytest.mark.containers
async def test_the_same_over_postgresql_and_redis(postgres_server: Any, redis_server: str) -> None:
    urls = [await postgres_server.new_database() for _ in range(2)]
    async with Redis.from_url(redis_server) as client:
        await client.flushall()
        async with open_pair(*urls, redis_url=redis_server, stream=client) as pair:
            async with pair.teller.working(), pair.hearer.working():
                await tell_facts(pair.teller.database, *SIX)
                await eventually(pair.number_of_effects, 6)
                await client.flushall()
                await tell_facts(pair.teller.database, ("a", 4), ("b", 4))
                await eventually(pair.number_of_effects, 8)
                await eventually(pair.length_of_stream, 8)
            assert in_order(await effects_in(pair.hearer.database), upto=4)
