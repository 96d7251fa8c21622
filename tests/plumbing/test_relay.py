"""The relay: from the outbox to the stream, in order, at least once, by one relay at a time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from faststream.redis import RedisBroker
from redis.asyncio import Redis
from redis.exceptions import WatchError

from athar.stack.valkey import EmbeddedValkey
from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.clock import SystemClock
from shared.plumbing.database import Database
from shared.plumbing.envelope import Envelope, stream_of
from shared.plumbing.inbox import DATA, take_in
from shared.plumbing.relay import LeaseLost, Relay
from shared.plumbing.streams import make_broker
from tests.harness.desk import NOON
from tests.plumbing.bench import Bench, Told, count_in, drain, tell_facts

STREAM = stream_of(Source.INTAKE)
FIVE = [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3)]
AT_ONCE = timedelta(0)


class Stopped(Exception):
    """The process ended here."""


class RelayThatStops(Relay):
    """Stops once, after the stream has the entries and before the database knows."""

    async def _note(self, entries: Any) -> None:  # noqa: ARG002
        raise Stopped


@pytest.fixture
async def broker(valkey: EmbeddedValkey, stream: Redis) -> AsyncIterator[RedisBroker]:  # noqa: ARG001
    broker = make_broker(valkey.url, source=Source.INTAKE)
    yield broker
    await broker.stop()


def make_relay(
    database: Database, broker: RedisBroker, kind: type[Relay] = Relay, *, lease: timedelta = AT_ONCE
) -> Relay:
    return kind(source=Source.INTAKE, database=database, broker=broker, poll=0.01, lease=lease)


async def publish(relay: Relay) -> None:
    while await relay.publish_some():
        pass


async def on_stream(stream: Redis) -> list[Told]:
    entries = await stream.xrange(STREAM)
    facts = [Envelope.model_validate_json(fields[DATA]) for _, fields in entries]
    return [(one.key, one.data["documents_checked"]) for one in facts]


async def test_what_was_told_is_published_once_in_order(database: Database, broker: RedisBroker, stream: Redis) -> None:
    relay = make_relay(database, broker)
    await tell_facts(database, *FIVE)
    await publish(relay)
    await publish(relay)
    assert await on_stream(stream) == FIVE
    assert await count_in(database, tables.outbox, tables.outbox.c.stream_ms.is_(None)) == 0


async def test_more_than_one_batch_is_published_whole_and_in_order(
    database: Database, broker: RedisBroker, stream: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.plumbing.relay.BATCH", 2)
    await tell_facts(database, *FIVE)
    await publish(make_relay(database, broker))
    assert await on_stream(stream) == FIVE


async def test_a_stop_between_append_and_note_publishes_twice_and_takes_effect_once(
    bench: Bench, broker: RedisBroker, stream: Redis
) -> None:
    await tell_facts(bench.database, *FIVE)
    with pytest.raises(Stopped):
        await make_relay(bench.database, broker, RelayThatStops).publish_some()
    await publish(make_relay(bench.database, broker))
    assert await on_stream(stream) == FIVE + FIVE

    await take_in(bench.database, source=Source.INTAKE, entries=await stream.xrange(STREAM), now=NOON)
    await drain(bench.worker())
    assert await bench.effects() == FIVE


async def test_a_wiped_stream_is_told_again_before_anything_new(
    database: Database, broker: RedisBroker, stream: Redis
) -> None:
    relay = make_relay(database, broker)
    await tell_facts(database, *FIVE)
    await publish(relay)
    await stream.flushall()
    await tell_facts(database, ("a", 4))
    await publish(relay)
    assert await on_stream(stream) == [*FIVE, ("a", 4)]


async def test_a_stream_restored_from_an_older_state_is_told_what_it_lacks(
    database: Database, broker: RedisBroker, stream: Redis
) -> None:
    relay = make_relay(database, broker)
    for told in FIVE:
        await tell_facts(database, told)
        await publish(relay)
    older = (await stream.xrange(STREAM))[:2]
    async with stream.pipeline(transaction=True) as restore:
        restore.delete(STREAM)
        for entry_id, fields in older:
            restore.xadd(STREAM, fields, id=entry_id)
        await restore.execute()
    await publish(relay)
    assert await on_stream(stream) == FIVE


async def test_a_stream_wiped_between_look_and_append_is_not_appended_to(
    database: Database, broker: RedisBroker, stream: Redis
) -> None:
    class WipedMeanwhile(Relay):
        async def _last_entry(self, pipe: Any) -> Any:
            there = await super()._last_entry(pipe)
            await stream.flushall()
            return there

    await tell_facts(database, *FIVE)
    await publish(make_relay(database, broker))
    await tell_facts(database, ("a", 4))
    with pytest.raises(WatchError):
        await make_relay(database, broker, WipedMeanwhile).publish_some()
    await publish(make_relay(database, broker))
    assert await on_stream(stream) == [*FIVE, ("a", 4)]


async def test_a_group_that_waits_on_an_empty_stream_does_not_hide_that_it_was_wiped(
    database: Database, broker: RedisBroker, stream: Redis
) -> None:
    relay = make_relay(database, broker)
    await tell_facts(database, *FIVE)
    await publish(relay)
    await stream.flushall()
    await stream.xgroup_create(STREAM, "research", id="0", mkstream=True)
    await publish(relay)
    assert await on_stream(stream) == FIVE


async def test_a_trimmed_stream_is_not_told_again(database: Database, broker: RedisBroker, stream: Redis) -> None:
    relay = make_relay(database, broker)
    await tell_facts(database, *FIVE)
    await publish(relay)
    await stream.xtrim(STREAM, maxlen=0, approximate=False)
    await publish(relay)
    assert await on_stream(stream) == []


async def test_of_two_relays_one_publishes_and_the_other_follows_when_the_lease_is_over(
    database: Database, broker: RedisBroker, stream: Redis
) -> None:
    first = make_relay(database, broker, lease=timedelta(minutes=1))
    second = make_relay(database, broker, lease=timedelta(minutes=1))
    await tell_facts(database, *FIVE)
    await publish(first)
    await tell_facts(database, ("a", 4))
    await publish(second)
    assert await on_stream(stream) == FIVE

    async with database.write() as session:
        await (await session.connection()).execute(tables.relay_state.update().values(held_until=NOON.replace(year=2)))
    await publish(second)
    assert await on_stream(stream) == [*FIVE, ("a", 4)]


async def test_a_relay_that_lost_its_lease_while_it_appended_notes_nothing(
    database: Database, broker: RedisBroker
) -> None:
    class Slow(Relay):
        async def _note(self, entries: Any) -> None:
            await publish(make_relay(database, broker))
            await super()._note(entries)

    await tell_facts(database, *FIVE)
    with pytest.raises(LeaseLost):
        await make_relay(database, broker, Slow).publish_some()
    assert await count_in(database, tables.outbox, tables.outbox.c.stream_ms.is_(None)) == 0


async def test_a_relay_that_ended_while_its_clock_was_fast_keeps_nobody_waiting(
    database: Database, broker: RedisBroker, stream: Redis
) -> None:
    await tell_facts(database, ("a", 1))
    an_hour_ahead = SystemClock().now() + timedelta(hours=1)
    async with database.write() as session:
        held = tables.relay_state.insert().values(id=1, holder="fast", held_until=an_hour_ahead, epoch=0)
        await (await session.connection()).execute(held)
    await publish(make_relay(database, broker, lease=timedelta(seconds=10)))
    assert await on_stream(stream) == [("a", 1)]
