"""What is cleared away, and what never is: anything that somebody has not taken."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from faststream.redis import RedisBroker
from redis.asyncio import Redis
from sqlalchemy import insert, text

from athar.stack.valkey import EmbeddedValkey
from shared.language.events import HEARS, Source, listeners_of
from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.envelope import stream_of
from shared.plumbing.relay import LOTS, Relay
from shared.plumbing.retention import ANSWERS_KEPT, AT_ONCE, PAYLOAD_KEPT, clear, trim
from shared.plumbing.streams import make_broker
from tests.harness.desk import NOON
from tests.harness.plans import plan_of, reads_a_whole_table, statements_of
from tests.plumbing.bench import Bench, count_in, drain, envelope, tell_facts

STREAM = stream_of(Source.INTAKE)
FOUR = [("a", 1), ("b", 1), ("a", 2), ("b", 2)]


@pytest.fixture
async def broker(valkey: EmbeddedValkey, stream: Redis) -> AsyncIterator[RedisBroker]:  # noqa: ARG001
    broker = make_broker(valkey.url, source=Source.INTAKE)
    yield broker
    await broker.stop()


@pytest.fixture
async def relay(database: Database, broker: RedisBroker) -> Relay:
    """A relay that has published four facts."""
    relay = Relay(source=Source.INTAKE, database=database, broker=broker, poll=0.01, lease=timedelta(seconds=10))
    await tell_facts(database, *FOUR)
    while await relay.publish_some():
        pass
    await relay.publish_some()
    return relay


async def listen(stream: Redis, *, read: int, acknowledge: int, but: tuple[Source, ...] = ()) -> None:
    """Each listener reads so many entries and acknowledges so many of them."""
    for listener in listeners_of(Source.INTAKE):
        if listener in but:
            continue
        await stream.xgroup_create(STREAM, listener.value, id="0", mkstream=True)
        answer = await stream.xreadgroup(listener.value, "one", {STREAM: ">"}, count=read)
        entries = [entry for _, found in answer for entry, _ in found]
        if entries[:acknowledge]:
            await stream.xack(STREAM, listener.value, *entries[:acknowledge])


async def settled(database: Database) -> int:
    return await count_in(database, tables.outbox, tables.outbox.c.stream_ms == 0)


async def test_what_every_listener_has_is_noted_so_and_told_by_no_loss_again(
    database: Database, relay: Relay, stream: Redis
) -> None:
    await listen(stream, read=4, acknowledge=4)
    await relay.tidy()
    assert await settled(database) == 3
    await stream.flushall()
    while await relay.publish_some():
        pass
    assert await stream.xlen(STREAM) == 1
    assert await count_in(database, tables.outbox, tables.outbox.c.stream_ms.is_(None)) == 0


async def test_what_one_listener_has_read_and_not_acknowledged_stays(
    database: Database, relay: Relay, stream: Redis
) -> None:
    await listen(stream, read=4, acknowledge=1)
    await relay.tidy()
    assert await settled(database) == 1
    assert await stream.xlen(STREAM) >= 3


async def test_nothing_goes_while_a_listener_has_never_come(database: Database, relay: Relay, stream: Redis) -> None:
    await listen(stream, read=4, acknowledge=4, but=(Source.FEEDBACK,))
    await relay.tidy()
    assert await trim(stream, Source.INTAKE) is None
    assert (await settled(database), await stream.xlen(STREAM)) == (0, 4)


async def test_nothing_goes_while_a_listener_that_was_wiped_begins_again(
    database: Database, relay: Relay, stream: Redis
) -> None:
    await listen(stream, read=4, acknowledge=4)
    await stream.xgroup_destroy(STREAM, Source.RESEARCH.value)
    await stream.xgroup_create(STREAM, Source.RESEARCH.value, id="0")
    await relay.tidy()
    assert (await settled(database), await stream.xlen(STREAM)) == (0, 4)


async def test_a_stream_that_is_gone_is_left_alone(database: Database, relay: Relay, stream: Redis) -> None:
    await stream.flushall()
    await relay.tidy()
    assert await settled(database) == 0


async def test_the_payload_of_what_took_effect_long_ago_goes_and_the_proof_stays(bench: Bench) -> None:
    told = envelope("a", 1)
    await bench.arrive(told)
    await drain(bench.worker())
    bench.clock.forward(PAYLOAD_KEPT)
    assert await clear(bench.database, now=bench.clock.now(), real_now=NOON) == 0
    bench.clock.forward(timedelta(seconds=1))
    assert await clear(bench.database, now=bench.clock.now(), real_now=NOON) == 1
    await bench.arrive(told)
    await drain(bench.worker())
    row = await bench.message()
    assert (row.state, row.envelope) == (tables.DONE, None)
    assert await bench.effects() == [("a", 1)]


async def test_what_waits_or_is_dead_keeps_its_payload_for_ever(bench: Bench) -> None:
    await bench.arrive(envelope("a", 2), envelope("b", 1))
    async with bench.database.write() as session:
        dead = tables.inbox.update().where(tables.inbox.c.key == "b").values(state=tables.DEAD, done_at=NOON)
        await (await session.connection()).execute(dead)
    bench.clock.forward(PAYLOAD_KEPT * 10)
    assert await clear(bench.database, now=bench.clock.now(), real_now=NOON) == 0
    assert await count_in(bench.database, tables.inbox, tables.inbox.c.envelope.is_not(None)) == 2


async def test_an_answer_is_kept_as_long_as_it_was_promised(bench: Bench) -> None:
    old = {"person_id": "p", "request_digest": "d", "status": 200, "body": b"sealed", "answered_at": NOON}
    async with bench.database.write() as session:
        rows = [old | {"idempotency_key": "old"}, old | {"idempotency_key": "new", "answered_at": NOON + ANSWERS_KEPT}]
        await (await session.connection()).execute(insert(tables.answers), rows)
    assert await clear(bench.database, now=NOON, real_now=NOON + ANSWERS_KEPT + timedelta(seconds=1)) == 1
    assert await count_in(bench.database, tables.answers) == 1


def test_who_listens_to_whom_is_said_once() -> None:
    assert listeners_of(Source.INTAKE) == tuple(Source)
    assert {heard for listener in HEARS.values() for heard in listener} == set(Source)


async def test_publishing_and_clearing_read_no_whole_table_of_a_hundred_thousand(
    database: Database, relay: Relay, stream: Redis
) -> None:
    sent = {"type": "case.completed", "seq": 1, "envelope": "{}", "created_at": NOON, "stream_ms": 1, "stream_n": 1}
    done = {"source": "intake", "type": "case.completed", "state": tables.DONE, "attempts": 0, "envelope": "{}"}
    done |= {"due_at": NOON, "received_at": NOON, "done_at": NOON, "seq": 1}
    async with database.write() as session:
        connection = await session.connection()
        for start in range(0, 100_000, 10_000):
            numbers = range(start, start + 10_000)
            await connection.execute(
                insert(tables.outbox), [sent | {"event_id": f"e{n}", "key": f"k{n}", "stream_n": n} for n in numbers]
            )
            await connection.execute(
                insert(tables.inbox), [done | {"event_id": f"e{n}", "key": f"k{n}"} for n in numbers]
            )
        for table in ("outbox_events", "inbox_messages"):
            await connection.execute(text(f"ANALYZE {table}"))
    await listen(stream, read=4, acknowledge=4)
    await tell_facts(database, ("a", 3))
    async with statements_of(database) as asked:
        await relay.publish_some()
        for _ in range(100_000 // (LOTS * AT_ONCE) + 1):
            await relay.tidy()
        await clear(database, now=NOON + PAYLOAD_KEPT + timedelta(seconds=1), real_now=NOON)
    assert await settled(database) == 100_003
    assert len(asked) >= 10
    async with database.write() as session:
        for statement, values in dict(asked).items():
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                plan = await plan_of(session, statement, values, sqlite=database.is_sqlite)
                assert not reads_a_whole_table(plan), f"{statement}\n{plan}"
