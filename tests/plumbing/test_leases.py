"""Leases and limits: a worker that is too slow changes nothing, and one that hangs is cut off."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from shared.language.events import CaseCompleted
from shared.plumbing import tables
from shared.plumbing.claims import Claims
from shared.plumbing.clock import SystemClock
from shared.plumbing.worker import Claimed, Worker
from tests.plumbing.bench import Bench, count_in, drain, envelope, hearing, note_effect, rows_in
from tests.plumbing.waiting import eventually

OVER_AT_ONCE = timedelta(0)


class Gate:
    """A place to stall at: `reached` says that somebody stands there, `opened` lets him go on."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def pass_through(self) -> None:
        self.reached.set()
        await self.opened.wait()


def stalls_after_its_claim(gate: Gate) -> type[Worker]:
    class Stalling(Worker):
        async def _take(self, message: Claimed) -> None:
            await gate.pass_through()
            await super()._take(message)

    return Stalling


async def test_a_worker_that_wakes_up_after_its_lease_changes_nothing(bench: Bench) -> None:
    gate = Gate()
    await bench.arrive(envelope("a", 1))
    slow = bench.worker(kind=stalls_after_its_claim(gate), lease=OVER_AT_ONCE)
    stalled = asyncio.create_task(slow.work_once())
    await gate.reached.wait()

    await drain(bench.worker())
    await bench.arrive(envelope("a", 2))
    await drain(bench.worker())
    gate.opened.set()
    await stalled
    assert await bench.effects() == [("a", 1), ("a", 2)]
    assert await count_in(bench.database, tables.inbox, tables.inbox.c.state == tables.DONE) == 2


async def test_a_worker_that_fails_after_its_lease_does_not_put_back_what_another_has_done(bench: Bench) -> None:
    gate = Gate()

    async def fail(event: CaseCompleted, *, session: Any, now: datetime) -> None:  # noqa: ARG001
        raise RuntimeError

    await bench.arrive(envelope("a", 1))
    slow = bench.worker(hearing(fail), kind=stalls_after_its_claim(gate), lease=OVER_AT_ONCE)
    stalled = asyncio.create_task(slow.work_once())
    await gate.reached.wait()
    await drain(bench.worker())
    gate.opened.set()
    await stalled
    message = await bench.message()
    assert (message.state, message.attempts, message.error) == (tables.DONE, 0, None)


async def test_a_worker_that_stalls_inside_a_handler_keeps_the_message_to_itself(bench: Bench) -> None:
    gate = Gate()

    async def stall(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        await note_effect(event, session=session, now=now)
        await gate.pass_through()

    await bench.arrive(envelope("a", 1))
    stalled = asyncio.create_task(bench.worker(hearing(stall), lease=OVER_AT_ONCE).work_once())
    await gate.reached.wait()
    other = asyncio.create_task(bench.worker().work_once())
    gate.opened.set()
    await asyncio.gather(stalled, other)
    assert await bench.effects() == [("a", 1)]


async def test_while_a_lease_lasts_nobody_else_takes_the_message(bench: Bench) -> None:
    gate = Gate()
    await bench.arrive(envelope("a", 1))
    stalled = asyncio.create_task(bench.worker(kind=stalls_after_its_claim(gate)).work_once())
    await gate.reached.wait()
    assert await bench.worker().work_once() == 0
    gate.opened.set()
    await stalled
    assert await bench.effects() == [("a", 1)]


async def test_what_a_stopped_worker_had_claimed_is_free_at_once(bench: Bench) -> None:
    gate = Gate()
    await bench.arrive(envelope("a", 1))
    stopped = asyncio.create_task(bench.worker(kind=stalls_after_its_claim(gate)).run())
    await gate.reached.wait()
    stopped.cancel()
    with suppress(asyncio.CancelledError):
        await stopped
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]


def hangs_on(key: str) -> Callable[..., Awaitable[None]]:
    async def hang(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        await note_effect(event, session=session, now=now)
        if event.key == key:
            await asyncio.Event().wait()

    return hang


async def test_a_handler_that_hangs_is_cut_off_and_what_it_wrote_is_gone(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker(hearing(hangs_on("a")), handler_seconds=0.05))
    message = await bench.message()
    assert (message.state, message.attempts) == (tables.READY, 1)
    assert message.error.startswith("TimeoutError")
    assert await bench.effects() == []


async def test_a_handler_that_hangs_does_not_hold_up_the_cases_beside_it(bench: Bench) -> None:
    await bench.arrive(*(envelope(key, 1) for key in "abc"))
    await drain(bench.worker(hearing(hangs_on("b")), handler_seconds=0.2))
    assert await bench.effects() == [("a", 1), ("c", 1)]


async def test_the_database_serves_on_after_a_handler_was_cut_off(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker(hearing(hangs_on("a")), handler_seconds=0.05))
    bench.clock.forward(timedelta(minutes=5))
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]


async def test_what_was_in_hand_when_the_database_went_away_need_not_wait_for_its_lease(bench: Bench) -> None:
    class CutOff(Worker):
        cuts = 1

        async def _take_each(self, messages: list[Claimed]) -> int:
            if self.cuts:
                self.cuts -= 1
                raise ConnectionResetError
            return await super()._take_each(messages)

        async def _take_together(self, messages: list[Claimed]) -> bool:  # noqa: ARG002
            return False

    await bench.arrive(envelope("a", 1), envelope("b", 1))
    working = asyncio.create_task(bench.worker(kind=CutOff, lease=timedelta(hours=1)).run())
    await eventually(lambda: count_in(bench.database, tables.inbox, tables.inbox.c.state == tables.DONE), 2)
    working.cancel()
    await asyncio.wait({working})
    assert [row.claims for row in await rows_in(bench.database, tables.inbox)] == [1, 1]


async def test_a_message_that_cuts_the_connection_each_time_is_dead_in_the_end_and_holds_nobody_up(
    bench: Bench,
) -> None:
    async def cut(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        if event.key == "cuts":
            raise OperationalError("made up", None, ConnectionResetError(), connection_invalidated=True)
        await note_effect(event, session=session, now=now)

    await bench.arrive(envelope("cuts", 1), envelope("a", 1), envelope("b", 1))
    working = asyncio.create_task(bench.worker(hearing(cut), lease=timedelta(hours=1)).run())
    await eventually(lambda: count_in(bench.database, tables.inbox, tables.inbox.c.state == tables.DEAD), 1)
    await eventually(lambda: count_in(bench.database, tables.inbox, tables.inbox.c.state == tables.DONE), 2)
    working.cancel()
    await asyncio.wait({working})
    assert sorted(await bench.effects()) == [("a", 1), ("b", 1)]


async def test_a_lease_taken_while_a_clock_was_fast_holds_nobody_up_once_it_is_right(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    fast = tables.inbox.update().values(lease="fast", leased_until=SystemClock().now() + timedelta(hours=1))
    async with bench.database.write() as session:
        await (await session.connection()).execute(fast)
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]


async def test_what_came_in_while_a_clock_was_fast_is_taken_in_soon_after_it_is_right(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    ahead = SystemClock().now() + timedelta(hours=1)
    async with bench.database.write() as session:
        connection = await session.connection()
        await connection.execute(tables.inbox.update().values(due_at=ahead, received_at=ahead))
    work = asyncio.create_task(bench.worker().run())
    await eventually(bench.effects, [("a", 1)])
    work.cancel()
    await asyncio.wait({work})


async def test_a_timer_and_a_retry_keep_their_time_when_clocks_are_set_right(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1), envelope("b", 1))
    now = SystemClock().now()
    days = {"a": now + timedelta(minutes=5), "b": now + timedelta(days=14)}
    async with bench.database.write() as session:
        connection = await session.connection()
        for key, day in days.items():
            await connection.execute(tables.inbox.update().where(tables.inbox.c.key == key).values(due_at=day))
        of_b = tables.inbox.update().where(tables.inbox.c.key == "b").values(source="timer")
        await connection.execute(of_b)
    claims = Claims(bench.database, lease=timedelta(seconds=60), max_claims=3)
    assert await claims.set_right(now=now) == 0
    assert await claims.set_right(now=now - timedelta(hours=1)) == 1, "the retry, and not the timer"
