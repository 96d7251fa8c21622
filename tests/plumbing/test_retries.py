"""What fails is tried again, later each time; then it is dead, with its story, until somebody has it taken in again."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.language.errors import CaseNotFound, MessageNotFound
from shared.language.events import CaseCompleted, Source
from shared.plumbing import dead_letters, tables
from shared.plumbing.inbox import take_in
from shared.plumbing.listener import Listener, NotYet
from tests.harness.desk import NOON
from tests.plumbing.bench import Bench, drain, envelope, hearing, note_effect

NAME = "Hessa Al-Otaibi"


class Bound(Exception):
    """An error of our tests; the kernel must hold it for a stranger's."""


def failing(error: Exception) -> Listener:
    async def when_case_completed(event: CaseCompleted, *, session: Any, now: datetime) -> None:  # noqa: ARG001
        raise error

    return hearing(when_case_completed)


async def fail_until_dead(bench: Bench, listener: Listener, *, attempts: int) -> list[timedelta]:
    """Take the only message in until it is dead; how long each retry was put off."""
    worker = bench.worker(listener, max_attempts=attempts)
    delays = []
    for tried in range(1, attempts):
        assert await drain(worker) == 1
        message = await bench.message(tables.inbox.c.key == "a", tables.inbox.c.seq == 1)
        assert (message.state, message.attempts) == (tables.READY, tried)
        delays.append(message.due_at - bench.clock.now())
        assert await drain(worker) == 0
        bench.clock.at = message.due_at
    assert await drain(worker) == 1
    return delays


async def test_each_retry_waits_longer_than_the_last_and_then_the_message_is_dead(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    delays = await fail_until_dead(bench, failing(Bound()), attempts=6)
    assert delays == sorted(set(delays))
    assert len(delays) == 5
    dead = await bench.message()
    assert (dead.state, dead.attempts) == (tables.DEAD, 6)
    assert dead.error.startswith("Bound: ")
    assert "when_case_completed:" in dead.error
    assert await drain(bench.worker()) == 0


async def test_no_wait_is_longer_than_five_minutes_however_often_it_failed(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    async with bench.database.write() as session:
        await (await session.connection()).execute(tables.inbox.update().values(attempts=5_000))
    await drain(bench.worker(failing(Bound()), max_attempts=10_000))
    message = await bench.message()
    assert message.due_at - bench.clock.now() == timedelta(minutes=5)


@pytest.mark.parametrize("error", [Bound(NAME), ValueError(NAME), KeyError(NAME), OSError(2, NAME)], ids=repr)
async def test_the_story_of_a_dead_message_names_nobody(bench: Bench, error: Exception) -> None:
    await bench.arrive(envelope("a", 1))
    await fail_until_dead(bench, failing(error), attempts=2)
    dead = await bench.message()
    assert type(error).__name__ in dead.error
    assert NAME not in dead.error


async def test_the_story_does_not_quote_the_parameters_of_a_statement_that_failed(bench: Bench) -> None:
    async def when_case_completed(event: CaseCompleted, *, session: Any, now: datetime) -> None:  # noqa: ARG001
        connection = await session.connection()
        await connection.execute(text("INSERT INTO no_such_table VALUES (:name)"), {"name": NAME})

    await bench.arrive(envelope("a", 1))
    await fail_until_dead(bench, hearing(when_case_completed), attempts=2)
    dead = await bench.message()
    assert "Error" in dead.error
    assert NAME not in dead.error


async def test_the_story_of_our_own_refusal_says_what_was_refused(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    await fail_until_dead(bench, failing(CaseNotFound()), attempts=2)
    assert "There is no case with this number" in (await bench.message()).error


async def test_a_dead_message_that_is_replayed_takes_effect_and_its_case_goes_on(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    await fail_until_dead(bench, failing(Bound()), attempts=3)
    await bench.arrive(envelope("a", 2), envelope("b", 1))
    await drain(bench.worker())
    assert await bench.effects() == [("b", 1)]

    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    async with bench.database.write() as session:
        await dead_letters.replay(session, message_id=dead.id, now=bench.clock.now())
    await drain(bench.worker())
    assert await bench.effects() == [("b", 1), ("a", 1), ("a", 2)]


async def test_a_replayed_message_has_all_its_attempts_again(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    await fail_until_dead(bench, failing(Bound()), attempts=3)
    async with bench.database.write() as session:
        await dead_letters.replay(session, message_id=(await bench.message()).id, now=bench.clock.now())
    assert len(await fail_until_dead(bench, failing(Bound()), attempts=3)) == 2


async def test_what_cannot_be_read_cannot_be_replayed(bench: Bench) -> None:
    await take_in(bench.database, source=Source.INTAKE, entries=[(b"1-1", {b"x": b"y"})], now=NOON)
    async with bench.database.write() as session:
        with pytest.raises(MessageNotFound):
            await dead_letters.replay(session, message_id=(await bench.message()).id, now=NOON)


async def test_a_fact_that_took_effect_cannot_be_replayed(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker())
    async with bench.database.write() as session:
        with pytest.raises(MessageNotFound):
            await dead_letters.replay(session, message_id=(await bench.message()).id, now=NOON)


async def test_a_fact_that_has_to_wait_for_another_service_uses_up_no_attempt(bench: Bench) -> None:
    waits = asyncio.Event()
    waits.set()

    async def wait(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        if waits.is_set():
            raise NotYet
        await note_effect(event, session=session, now=now)

    await bench.arrive(envelope("a", 1), envelope("a", 2))
    worker = bench.worker(hearing(wait), max_attempts=2)
    for _ in range(10):
        assert await drain(worker) == 1
        message = await bench.message(tables.inbox.c.seq == 1)
        assert (message.state, message.attempts, message.error) == (tables.READY, 0, None)
        assert message.due_at > bench.clock.now()
        bench.clock.at = message.due_at
    waits.clear()
    await drain(worker)
    assert await bench.effects() == [("a", 1), ("a", 2)]


async def test_one_fact_that_has_to_wait_does_not_make_those_beside_it_wait(bench: Bench) -> None:
    async def not_a(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        if event.key == "a":
            raise NotYet
        await note_effect(event, session=session, now=now)

    await bench.arrive(*(envelope(key, 1) for key in "abc"))
    await drain(bench.worker(hearing(not_a)))
    assert await bench.effects() == [("b", 1), ("c", 1)]
