"""Whatever the stream loses is told again, takes effect once, and stays in order."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from athar.stack.valkey import EmbeddedValkey
from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.envelope import stream_of
from tests.plumbing.bench import count_in, numbers, tell_facts
from tests.plumbing.pair import Pair, open_pair
from tests.plumbing.waiting import eventually

STREAM = stream_of(Source.INTAKE)


def facts(first: int, last: int) -> list[tuple[str, int]]:
    """The facts with these numbers about two cases, which are told in turn."""
    return [(key, number) for number in range(first, last + 1) for key in ("a", "b")]


@pytest.fixture
async def pair(valkey: EmbeddedValkey, stream: Redis, tmp_path: Path) -> AsyncIterator[Pair]:
    urls = [f"sqlite+aiosqlite:///{tmp_path}/{name}.db" for name in ("teller", "hearer")]
    async with open_pair(*urls, redis_url=valkey.url, stream=stream) as pair:
        yield pair


async def assert_once_and_in_order(pair: Pair, *, upto: int) -> None:
    seen = await pair.effects()
    assert [numbers(seen, key) for key in ("a", "b")] == [list(range(1, upto + 1))] * 2
    assert await count_in(pair.hearer.database, tables.inbox, tables.inbox.c.state != tables.DONE) == 0
    assert await count_in(pair.teller.database, tables.outbox, tables.outbox.c.stream_ms.is_(None)) == 0


async def test_a_stream_wiped_under_running_consumers_is_told_again_in_order(pair: Pair) -> None:
    async with pair.teller.working(), pair.hearer.working():
        await tell_facts(pair.teller.database, *facts(1, 3))
        await eventually(pair.number_of_effects, 6)
        await pair.stream.flushall()
        await tell_facts(pair.teller.database, *facts(4, 6))
        await eventually(pair.length_of_stream, 12)
        await eventually(pair.number_of_effects, 12)
        await pair.everything_is_done()
        await assert_once_and_in_order(pair, upto=6)


async def test_a_stream_wiped_while_consumers_are_stopped_is_told_again_in_order(pair: Pair) -> None:
    async with pair.teller.working():
        await tell_facts(pair.teller.database, *facts(1, 3))
        await eventually(pair.length_of_stream, 6)
        await pair.stream.flushall()
        await tell_facts(pair.teller.database, *facts(4, 6))
        await eventually(pair.length_of_stream, 12)
        async with pair.hearer.working():
            await eventually(pair.number_of_effects, 12)
            await pair.everything_is_done()
            await assert_once_and_in_order(pair, upto=6)


async def test_a_stream_wiped_while_nobody_tells_anything_is_told_again_all_the_same(pair: Pair) -> None:
    async with pair.teller.working():
        await tell_facts(pair.teller.database, *facts(1, 3))
        await eventually(pair.length_of_stream, 6)
        await pair.stream.flushall()
        await eventually(pair.length_of_stream, 6)


async def test_a_stream_wiped_while_everybody_is_stopped_is_told_again_in_order(pair: Pair) -> None:
    async with pair.teller.working(), pair.hearer.working():
        await tell_facts(pair.teller.database, *facts(1, 2))
        await eventually(pair.number_of_effects, 4)
    await pair.stream.flushall()
    await tell_facts(pair.teller.database, *facts(3, 4))
    async with pair.restarted() as again, again.teller.working(), again.hearer.working():
        await eventually(again.number_of_effects, 8)
        await eventually(again.length_of_stream, 8)
        await again.everything_is_done()
        await assert_once_and_in_order(again, upto=4)


async def test_a_stream_restored_from_an_older_state_is_found_and_told_what_it_lacks(pair: Pair) -> None:
    async with pair.teller.working(), pair.hearer.working():
        for told in facts(1, 3):
            await tell_facts(pair.teller.database, told)
        await eventually(pair.number_of_effects, 6)
        older = (await pair.stream.xrange(STREAM))[:3]
        async with pair.stream.pipeline(transaction=True) as restore:
            restore.delete(STREAM)
            for entry_id, fields in older:
                restore.xadd(STREAM, fields, id=entry_id)
            await restore.execute()
        await eventually(pair.length_of_stream, 6)
        await tell_facts(pair.teller.database, *facts(4, 4))
        await eventually(pair.number_of_effects, 8)
        await pair.everything_is_done()
        await assert_once_and_in_order(pair, upto=4)


async def test_a_stream_that_is_wiped_again_and_again_loses_nothing(pair: Pair) -> None:
    async with pair.teller.working(), pair.hearer.working():
        for round_ in range(1, 9):
            await tell_facts(pair.teller.database, *facts(round_, round_))
            await pair.stream.flushall()
        await eventually(pair.number_of_effects, 16)
        await eventually(pair.length_of_stream, 16)
        await pair.everything_is_done()
        await assert_once_and_in_order(pair, upto=8)


async def test_a_stream_that_was_killed_and_came_back_loses_nothing(tmp_path: Path) -> None:
    valkey = EmbeddedValkey(tmp_path / "stream")
    urls = [f"sqlite+aiosqlite:///{tmp_path}/{name}.db" for name in ("teller", "hearer")]
    valkey.start()
    async with (
        Redis.from_url(valkey.url) as client,
        open_pair(*urls, redis_url=valkey.url, stream=client) as pair,
        pair.teller.working(),
    ):
        await tell_facts(pair.teller.database, *facts(1, 2))
        await eventually(pair.length_of_stream, 4)
        kill(valkey)
        await tell_facts(pair.teller.database, *facts(3, 4))
        valkey.start()
        async with pair.hearer.working():
            await eventually(pair.number_of_effects, 8)
            await pair.everything_is_done()
            await assert_once_and_in_order(pair, upto=4)
    valkey.stop()


async def test_a_stream_that_cannot_start_again_yet_is_started_once_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    valkey = EmbeddedValkey(tmp_path / "stream")
    valkey.start()
    log = tmp_path / "stream" / "valkey.log"
    log.unlink()
    log.mkdir()  # as on a full disk, no file of its own can be opened
    kill(valkey)
    keeping = asyncio.create_task(valkey.keep_up())

    async def tried() -> bool:
        return "tried again" in caplog.text

    async def answers() -> bool:
        return await asyncio.to_thread(valkey._answers)

    try:
        await eventually(tried)
        log.rmdir()
        await eventually(answers)
    finally:
        keeping.cancel()
        await asyncio.to_thread(valkey.stop)


def kill(valkey: EmbeddedValkey) -> None:
    process = valkey._process
    assert process is not None
    process.kill()
    process.wait()
