"""The worker: in order a case, each fact once, and never one case in another's way."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.language.events import CaseCompleted, Event
from shared.language.roles import Actor, Role
from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.envelope import Envelope
from shared.plumbing.outbox import tell
from tests.plumbing.bench import Bench, drain, effects, envelope, fact, hearing, note_effect, numbers, rows_in
from tests.plumbing.waiting import eventually


def same_database(database: Database) -> Database:
    """The database as another process sees it: with locks and connections of its own."""
    return Database(database.engine.url.render_as_string(hide_password=False))


async def test_a_fact_that_came_before_its_predecessor_waits_for_it(bench: Bench) -> None:
    await bench.arrive(envelope("a", 2), envelope("a", 3), envelope("b", 1))
    await drain(bench.worker())
    assert await bench.effects() == [("b", 1)]
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker())
    assert numbers(await bench.effects(), "a") == [1, 2, 3]


async def test_facts_that_came_in_reverse_take_effect_in_order(bench: Bench) -> None:
    for number in (4, 3, 2, 1):
        await bench.arrive(envelope("a", number))
        await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]


async def test_two_sources_about_one_case_do_not_wait_for_each_other(bench: Bench) -> None:
    later = envelope("a", 2)
    await bench.arrive(later)
    async with bench.database.write() as session:
        (row,) = await rows_in(bench.database, tables.inbox)
        other = dict(row._mapping) | {"source": "feedback", "seq": 1, "event_id": "other"}
        del other["id"]
        await (await session.connection()).execute(tables.inbox.insert().values(**other))
    await drain(bench.worker())
    done = await rows_in(bench.database, tables.inbox, tables.inbox.c.state == tables.DONE)
    assert [row.source for row in done] == ["feedback"]


async def test_a_case_that_fails_holds_up_itself_and_no_other(bench: Bench) -> None:
    async def refuse_a(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        if event.key == "a":
            raise RuntimeError
        await note_effect(event, session=session, now=now)

    await bench.arrive(*(envelope(key, seq) for seq in (1, 2) for key in ("a", "b", "c")))
    await drain(bench.worker(hearing(refuse_a)))
    seen = await bench.effects()
    assert (numbers(seen, "a"), numbers(seen, "b"), numbers(seen, "c")) == ([], [1, 2], [1, 2])


async def test_what_a_failed_handler_had_written_is_not_there(bench: Bench) -> None:
    async def write_then_fail(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        await note_effect(event, session=session, now=now)
        await tell(session, fact("told", 1), at=now)
        raise RuntimeError

    await bench.arrive(envelope("a", 1), envelope("b", 1))
    await drain(bench.worker(hearing(write_then_fail)))
    assert await bench.effects() == []
    assert await rows_in(bench.database, tables.outbox) == []
    assert await bench.message(tables.inbox.c.key == "a", tables.inbox.c.state == tables.READY)


async def test_two_workers_on_one_inbox_take_each_message_once_and_in_order(bench: Bench) -> None:
    told = [envelope(f"case-{case}", seq) for seq in range(1, 6) for case in range(12)]
    await bench.arrive(*told)
    others = [same_database(bench.database) for _ in range(2)]

    async def every_message_is_done() -> bool:
        return not await rows_in(bench.database, tables.inbox, tables.inbox.c.state != tables.DONE)

    async def work(database: Database) -> None:
        worker = bench.worker(database=database)
        while not await every_message_is_done():
            await worker.work_once()

    await asyncio.gather(*(work(database) for database in others))
    seen = await bench.effects()
    assert len(seen) == len(told)
    assert all(numbers(seen, f"case-{case}") == [1, 2, 3, 4, 5] for case in range(12))
    for database in others:
        await database.close()


async def test_a_worker_is_woken_by_what_arrives(bench: Bench) -> None:
    working = asyncio.create_task(bench.worker(poll=3600).run())
    await bench.arrive(envelope("a", 1))
    await eventually(bench.effects, [("a", 1)])
    await bench.arrive(envelope("a", 2))
    await eventually(bench.effects, [("a", 1), ("a", 2)])
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


async def test_what_follows_from_a_fact_says_whom_it_answers(bench: Bench) -> None:
    async def answer(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        await tell(session, fact(f"after-{event.key}", 1), at=now)

    officer = Actor(person_id="officer-7", role=Role.INTAKE_OFFICER, branch_id="b-1")
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    causes = [envelope(key, 1).model_copy(update={"actor": officer, "traceparent": trace}) for key in ("a", "b")]
    await bench.arrive(*causes)
    await drain(bench.worker(hearing(answer)))

    told = [Envelope.model_validate_json(row.envelope) for row in await rows_in(bench.database, tables.outbox)]
    for cause in causes:
        (follower,) = [one for one in told if one.key == f"after-{cause.key}"]
        assert (follower.actor, follower.causation_id) == (officer, cause.id)
        assert follower.correlation_id == cause.correlation_id
        assert (follower.traceparent or "").split("-")[1] == trace.split("-")[1]


async def test_a_watch_sees_every_fact_after_the_one_that_takes_it_in(bench: Bench) -> None:
    async def watch(session: Any, envelope: Envelope, event: Event) -> None:
        assert isinstance(event, CaseCompleted)
        row = {"key": f"seen-{envelope.key}", "number": event.documents_checked}
        await (await session.connection()).execute(effects.insert().values(**row))

    listener = hearing()
    listener.on_any(watch)
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker(listener))
    assert await bench.effects() == [("a", 1), ("seen-a", 1)]


def test_a_fact_is_taken_in_by_one_function_alone() -> None:
    with pytest.raises(TypeError, match=r"case\.completed is taken in twice"):
        hearing().on(CaseCompleted)(note_effect)


async def test_a_message_is_not_taken_before_it_is_due(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    bench.clock.forward(-timedelta(microseconds=1))
    assert await drain(bench.worker()) == 0
    bench.clock.forward(timedelta(microseconds=1))
    assert await drain(bench.worker()) == 1
