"""The order of a case, what waits behind what, and what ends its workers."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from shared.plumbing import dead_letters, tables
from shared.plumbing.claims import LOOK_AT, PUT_ASIDE_FOR
from shared.plumbing.order import step
from tests.harness.desk import NOON
from tests.harness.plans import plan_of, reads_a_whole_table, statements_of
from tests.plumbing.bench import Bench, count_in, drain, envelope, rows_in

AT_ONCE = timedelta(0)


@pytest.mark.parametrize(
    ("reached", "seq", "steps"), [(0, 1, True), (0, 2, False), (1, 1, False), (1, 2, True), (1, 3, False)]
)
async def test_a_step_is_taken_to_the_next_number_only(bench: Bench, reached: int, seq: int, steps: bool) -> None:  # noqa: FBT001
    async with bench.database.write() as session:
        for number in range(1, reached + 1):
            assert await step(session, source="intake", key="a", seq=number, now=NOON)
    async with bench.database.write() as session:
        assert await step(session, source="intake", key="a", seq=seq, now=NOON) is steps


async def test_a_second_fact_with_a_number_that_was_taken_is_dead_and_changes_nothing(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker())
    await bench.arrive(envelope("a", 1, number=7), envelope("a", 2))
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2)]
    assert "another fact had this number" in (await bench.message(tables.inbox.c.state == tables.DEAD)).error


async def test_two_facts_with_one_number_at_once_take_effect_once(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1, number=7), envelope("a", 1, number=8), envelope("a", 2))
    await drain(bench.worker())
    assert await bench.effects() == [("a", 7), ("a", 2)]
    assert await count_in(bench.database, tables.inbox, tables.inbox.c.state == tables.DEAD) == 1


async def bury_the_first_of(bench: Bench, *keys: str) -> None:
    async with bench.database.write() as session:
        connection = await session.connection()
        await connection.execute(
            tables.inbox.update()
            .where(tables.inbox.c.key.in_(keys), tables.inbox.c.seq == 1)
            .values(state=tables.DEAD, error="made up")
        )


async def test_many_cases_that_wait_behind_a_dead_message_hold_up_no_other(bench: Bench) -> None:
    """More of them than one claim looks at, and all of them due before the others."""
    waiting = [f"w{number}" for number in range(LOOK_AT + 50)]
    for key in waiting:
        await bench.arrive(envelope(key, 1), envelope(key, 2))
    await bury_the_first_of(bench, *waiting)
    bench.clock.forward(timedelta(seconds=10))
    await bench.arrive(envelope("a", 1))
    worker = bench.worker()
    while not await bench.effects():
        await worker.work_once()
    aside = await rows_in(bench.database, tables.inbox, tables.inbox.c.due_at > bench.clock.now())
    assert len(aside) >= LOOK_AT
    assert await worker.work_once() == 0


async def test_what_was_put_aside_is_called_up_when_its_turn_comes(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1), envelope("a", 2), envelope("a", 3))
    await bury_the_first_of(bench, "a")
    bench.clock.forward(timedelta(seconds=10))
    await drain(bench.worker())
    assert (await bench.message(tables.inbox.c.seq == 2)).due_at == bench.clock.now() + PUT_ASIDE_FOR
    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    async with bench.database.write() as session:
        await dead_letters.replay(session, message_id=dead.id, now=bench.clock.now())
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2), ("a", 3)]


async def test_a_case_goes_on_behind_a_message_that_was_given_up(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1), envelope("a", 2))
    await bury_the_first_of(bench, "a")
    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    async with bench.database.write() as session:
        await dead_letters.discard(
            session, message_id=dead.id, by="operator-1", because="told by mistake", now=bench.clock.now()
        )
    await drain(bench.worker())
    assert await bench.effects() == [("a", 2)]
    given_up = await bench.message(tables.inbox.c.seq == 1)
    assert (given_up.state, given_up.discarded_by, given_up.discarded_because) == (
        tables.DISCARDED,
        "operator-1",
        "told by mistake",
    )


async def ends_with_what_it_claims(bench: Bench) -> list[str]:
    """A worker that is killed with its hand full; the keys that it held."""
    claimed = await bench.worker(lease=AT_ONCE)._claims.take(now=bench.clock.now())
    return [message.envelope.key for message in claimed]


async def test_what_ends_its_worker_each_time_is_taken_alone_and_then_dead_with_its_story(bench: Bench) -> None:
    await bench.arrive(envelope("killer", 1), envelope("beside", 1), envelope("killer", 2))
    assert await ends_with_what_it_claims(bench) == ["killer", "beside", "killer"]
    assert await ends_with_what_it_claims(bench) == ["killer", "beside", "killer"]
    assert await ends_with_what_it_claims(bench) == ["killer"]
    await drain(bench.worker())
    assert await bench.effects() == [("beside", 1)]
    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    assert (dead.key, dead.seq) == ("killer", 1)
    assert "its worker ended or hung each of 3 times" in dead.error


async def test_a_worker_that_ends_in_good_order_gives_back_what_it_held_uncounted(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    worker = bench.worker()
    await worker._claims.take(now=bench.clock.now())
    await worker._claims.let_go()
    row = await bench.message()
    assert (row.lease, row.leased_until, row.claims) == (None, None, 0)


async def test_a_claim_among_a_hundred_thousand_done_messages_reads_none_of_them(bench: Bench) -> None:
    row = {"source": "intake", "type": "case.completed", "state": tables.DONE, "due_at": NOON, "attempts": 0}
    async with bench.database.write() as session:
        connection = await session.connection()
        for start in range(0, 100_000, 10_000):
            rows = [
                row | {"event_id": f"e{number}", "key": f"k{number}", "seq": 1, "received_at": NOON}
                for number in range(start, start + 10_000)
            ]
            await connection.execute(insert(tables.inbox), rows)
        await connection.execute(text("ANALYZE inbox_messages"))
    await bench.arrive(envelope("a", 1), envelope("a", 2))
    async with statements_of(bench.database) as asked:
        await drain(bench.worker())
        await bench.worker()._claims.set_right(now=NOON)
    assert await bench.effects() == [("a", 1), ("a", 2)]
    about_the_inbox = [(one, values) for one, values in asked if "inbox_messages" in one]
    assert len(about_the_inbox) >= 4
    async with bench.database.write() as session:
        for statement, values in about_the_inbox:
            plan = await plan_of(session, statement, values, sqlite=bench.database.is_sqlite)
            assert not reads_a_whole_table(plan), f"{statement}\n{plan}"


async def test_what_cannot_be_opened_is_dead_only_when_its_turn_has_come(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1), envelope("a", 2), envelope("a", 3))
    async with bench.database.write() as session:
        damaged = tables.inbox.update().where(tables.inbox.c.seq == 2).values(envelope="{}")
        await (await session.connection()).execute(damaged)
    worker = bench.worker()
    await worker.work_once()
    assert await bench.effects() == [("a", 1)]
    await drain(worker)
    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    assert dead.seq == 2
    async with bench.database.write() as session:
        await dead_letters.discard(session, message_id=dead.id, by="o", because="damaged", now=bench.clock.now())
    await drain(worker)
    assert await bench.effects() == [("a", 1), ("a", 3)]
