"""Timers: taken in at their time or soon after, never before, once a name, whatever is restarted meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import CaseCompleted, Source
from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.listener import Listener
from shared.plumbing.timers import Timer, cancel_timer, set_timer
from tests.harness.desk import NOON
from tests.plumbing.bench import Bench, count_in, drain, effects, envelope, hearing, note_effect

DAYS_14 = timedelta(days=14)


class WindowOver(Timer):
    """The day on which the window of a case ends."""

    type = "window.over"

    case_id: str
    round: int = 1

    @property
    def key(self) -> str:
        return self.case_id


async def note_timer(timer: WindowOver, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
    await (await session.connection()).execute(effects.insert().values(key=timer.case_id, number=timer.round))


def with_timer(handler: Any = note_timer) -> Listener:
    listener = hearing()
    listener.on(WindowOver)(handler)
    return listener


async def start(bench: Bench, timer: WindowOver, *, after: timedelta = DAYS_14) -> None:
    async with bench.database.write() as session:
        await set_timer(session, timer, due_at=bench.clock.now() + after, now=bench.clock.now())


async def test_a_timer_is_never_taken_in_before_its_time(bench: Bench) -> None:
    worker = bench.worker(with_timer())
    await start(bench, WindowOver(case_id="a"))
    for step in (DAYS_14 - timedelta(microseconds=1), timedelta(0)):
        bench.clock.forward(step)
        await drain(worker)
        assert await bench.effects() == []
    bench.clock.forward(timedelta(microseconds=1))
    await drain(worker)
    assert await bench.effects() == [("a", 1)]


async def test_a_timer_that_was_missed_is_taken_in_late_and_once(bench: Bench) -> None:
    await start(bench, WindowOver(case_id="a"))
    bench.clock.forward(timedelta(days=400))
    for _ in range(3):
        await drain(bench.worker(with_timer()))
    assert await bench.effects() == [("a", 1)]


async def test_a_timer_set_again_keeps_its_first_time_and_is_taken_in_once(bench: Bench) -> None:
    await start(bench, WindowOver(case_id="a"))
    bench.clock.forward(timedelta(days=3))
    await start(bench, WindowOver(case_id="a", round=2))
    bench.clock.forward(timedelta(days=11))
    await drain(bench.worker(with_timer()))
    bench.clock.forward(timedelta(days=30))
    await start(bench, WindowOver(case_id="a"))
    bench.clock.forward(timedelta(days=30))
    await drain(bench.worker(with_timer()))
    assert await bench.effects() == [("a", 1)]


async def test_timers_of_different_cases_and_times_fall_due_each_on_its_own_day(bench: Bench) -> None:
    worker = bench.worker(with_timer())
    for days in (3, 1, 2):
        await start(bench, WindowOver(case_id=f"day-{days}"), after=timedelta(days=days))
    for day in (1, 2, 3):
        bench.clock.forward(timedelta(days=1))
        await drain(worker)
        assert [key for key, _ in await bench.effects()] == [f"day-{one}" for one in range(1, day + 1)]


async def test_a_cancelled_timer_is_never_taken_in(bench: Bench) -> None:
    await start(bench, WindowOver(case_id="a"))
    await start(bench, WindowOver(case_id="b"))
    async with bench.database.write() as session:
        await cancel_timer(session, WindowOver(case_id="a"))
    bench.clock.forward(DAYS_14)
    await drain(bench.worker(with_timer()))
    assert await bench.effects() == [("b", 1)]


async def test_a_timer_whose_cancelling_rolled_back_is_taken_in(bench: Bench) -> None:
    async def cancel_and_fail() -> None:
        async with bench.database.write() as session:
            await cancel_timer(session, WindowOver(case_id="a"))
            raise RuntimeError

    await start(bench, WindowOver(case_id="a"))
    with pytest.raises(RuntimeError):
        await cancel_and_fail()
    bench.clock.forward(DAYS_14)
    await drain(bench.worker(with_timer()))
    assert await bench.effects() == [("a", 1)]


async def test_a_timer_of_a_fact_that_rolled_back_was_never_set(bench: Bench) -> None:
    async def set_and_fail(event: CaseCompleted, *, session: AsyncSession, now: datetime) -> None:
        await set_timer(session, WindowOver(case_id=event.key), due_at=now, now=now)
        raise RuntimeError

    listener = hearing(set_and_fail)
    listener.on(WindowOver)(note_timer)
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker(listener))
    assert await count_in(bench.database, tables.inbox, tables.inbox.c.source == "timer") == 0


async def test_a_timer_survives_the_process_that_set_it(bench: Bench) -> None:
    await start(bench, WindowOver(case_id="a"))
    await bench.worker(with_timer()).work_once()
    url = bench.database.engine.url.render_as_string(hide_password=False)
    await bench.database.close()

    after_the_restart = Bench(Database(url))
    after_the_restart.clock.forward(DAYS_14)
    await drain(after_the_restart.worker(with_timer()))
    assert await after_the_restart.effects() == [("a", 1)]
    await after_the_restart.database.close()


async def test_a_timer_cancelled_while_a_worker_had_claimed_it_changes_nothing(bench: Bench) -> None:
    class CancelsFirst(type(bench.worker())):  # type: ignore[misc]
        async def _take(self, message: Any) -> None:
            async with bench.database.write() as session:
                await cancel_timer(session, WindowOver(case_id="a"))
            await super()._take(message)

    await start(bench, WindowOver(case_id="a"), after=timedelta(0))
    await drain(bench.worker(with_timer(), kind=CancelsFirst))
    assert await bench.effects() == []


async def test_a_timer_waits_for_no_fact_about_the_same_case(bench: Bench) -> None:
    await bench.arrive(envelope("a", 2))
    await start(bench, WindowOver(case_id="a", round=7), after=timedelta(0))
    await drain(bench.worker(with_timer()))
    assert await bench.effects() == [("a", 7)]


async def test_a_timer_that_this_release_does_not_know_is_kept_as_dead(bench: Bench) -> None:
    await start(bench, WindowOver(case_id="a"), after=timedelta(0))
    await drain(bench.worker(hearing(note_effect)))
    dead = await bench.message()
    assert (dead.state, "window.over is not a timer of this release" in dead.error) == (tables.DEAD, True)


async def test_a_moment_in_another_zone_is_the_same_moment(bench: Bench) -> None:
    async with bench.database.write() as session:
        riyadh = (NOON + DAYS_14).astimezone(ZoneInfo("Asia/Riyadh"))
        await set_timer(session, WindowOver(case_id="a"), due_at=riyadh, now=NOON)
    message = await bench.message()
    assert message.due_at.astimezone(UTC) == NOON + DAYS_14
    bench.clock.forward(DAYS_14 - timedelta(seconds=1))
    assert await drain(bench.worker(with_timer())) == 0


async def test_a_moment_without_a_zone_is_refused(bench: Bench) -> None:
    async with bench.database.write() as session:
        with pytest.raises(ValidationError):
            await set_timer(session, WindowOver(case_id="a"), due_at=NOON.replace(tzinfo=None), now=NOON)


def test_a_timer_says_what_it_is_about() -> None:
    with pytest.raises(TypeError, match="does not say what it is about"):
        _ = Timer().key
    assert Listener(Source.RESEARCH, to=[]).timers == {}
