"""While one release takes another's place, workers of both are at work, and a message may be news to one of them."""

import asyncio
from typing import Any

from sqlalchemy import text

from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.dead_letters import replay_what_is_known_now
from shared.plumbing.envelope import Envelope
from shared.plumbing.receipt import Receipt
from tests.harness.desk import NOON
from tests.plumbing.bench import Bench, drain, entry, envelope, hearing, numbers
from tests.plumbing.release_one import WorkerOfReleaseOne

CASES = [f"case-{number}" for number in range(12)]


async def test_workers_of_two_releases_and_a_receipt_share_an_inbox(bench: Bench) -> None:
    told = [envelope(key, seq) for seq in range(1, 7) for key in CASES]
    receipt = Receipt(database=bench.database, listener=hearing(), clock=bench.clock)

    async def arrive() -> None:
        for start in range(0, len(told), 9):
            some = told[start : start + 9]
            # Every other lot comes as it does where the reader is of the first release: kept, and no more.
            if start % 2:
                await receipt.take(Source.INTAKE, [entry(one) for one in some])
            else:
                await bench.arrive(*some)

    async def work(worker: Any) -> None:
        while len(await bench.effects()) < len(told):
            await worker.work_once()

    await asyncio.gather(arrive(), work(bench.worker()), work(WorkerOfReleaseOne(bench)))
    seen = await bench.effects()
    assert [numbers(seen, key) for key in CASES] == [[1, 2, 3, 4, 5, 6]] * len(CASES)


async def test_a_row_that_the_first_release_keeps_is_taken_by_this_one(bench: Bench) -> None:
    told = envelope("a", 1)
    first_release = text(
        "INSERT INTO inbox_messages (event_id, source, type, key, seq, envelope, state, due_at, attempts, received_at) "
        "VALUES (:event_id, 'intake', :type, 'a', 1, :envelope, 'ready', :now, 0, :now)"
    ).bindparams(event_id=told.id, type=told.type, envelope=told.model_dump_json())
    async with bench.database.write() as session:
        now = NOON.replace(tzinfo=None) if bench.database.is_sqlite else NOON
        await (await session.connection()).execute(first_release, {"now": now})
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]


def of_the_next_release(told: Envelope) -> Envelope:
    return told.model_copy(update={"version": 2})


async def test_what_this_release_does_not_know_is_dead_and_the_next_one_takes_it_in(bench: Bench) -> None:
    await bench.arrive(of_the_next_release(envelope("a", 1)), envelope("a", 2), envelope("b", 1))
    await drain(bench.worker())
    assert await bench.effects() == [("b", 1)]
    assert (await bench.message(tables.inbox.c.state == tables.DEAD)).error.startswith("EventUnknown")

    class OfTheNextRelease(type(hearing())):  # type: ignore[misc]
        def fact_in(self, told: Envelope) -> Any:
            return super().fact_in(told.model_copy(update={"version": 1}))

    listener = hearing()
    async with bench.database.write() as session:
        assert await replay_what_is_known_now(session, listener=listener, now=bench.clock.now()) == 0
    listener.__class__ = OfTheNextRelease
    async with bench.database.write() as session:
        assert await replay_what_is_known_now(session, listener=listener, now=bench.clock.now()) == 1
    await drain(bench.worker(listener))
    assert await bench.effects() == [("b", 1), ("a", 1), ("a", 2)]


async def test_a_damaged_dead_row_stops_nobody_else_from_being_taken_in_again(bench: Bench) -> None:
    await bench.arrive(of_the_next_release(envelope("a", 1)), envelope("b", 1))
    async with bench.database.write() as session:
        dead = tables.inbox.update().values(state=tables.DEAD, error="EventUnknown: made up")
        await (await session.connection()).execute(dead)
        damaged = tables.inbox.update().where(tables.inbox.c.key == "a").values(envelope="{}")
        await (await session.connection()).execute(damaged)
    async with bench.database.write() as session:
        assert await replay_what_is_known_now(session, listener=hearing(), now=bench.clock.now()) == 1


async def test_a_shape_that_this_release_does_not_know_is_told_apart_from_a_bug(bench: Bench) -> None:
    told = envelope("a", 1)
    await bench.arrive(told.model_copy(update={"data": told.data | {"documents_checked": "many"}}))
    await drain(bench.worker())
    error = (await bench.message()).error
    assert error.startswith("EventUnknown: case.completed v1: documents_checked")
    assert "many" not in error
