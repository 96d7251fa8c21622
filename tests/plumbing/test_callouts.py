"""Calling the outside world: with no transaction open, with our reference, and recorded once."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.listener import CallOut, Listener
from shared.plumbing.timers import set_timer
from tests.plumbing.bench import Bench, count_in, drain, effects
from tests.plumbing.test_timers import WindowOver


class Down(Exception):
    """The provider does not answer."""


class Ended(BaseException):
    """The process ended here: nothing that catches errors sees it."""


@dataclass
class Outside:
    """A provider that remembers each reference it was called with."""

    bench: Bench
    calls: list[str] = field(default_factory=list)
    answers_after: int = 0
    process_ends: bool = False
    transactions_open: list[int] = field(default_factory=list)

    async def prepare(self, timer: WindowOver, session: AsyncSession) -> str | None:
        connection = await session.connection()
        done = await connection.scalar(effects.select().where(effects.c.key == timer.case_id))
        return None if done else f"reference-{timer.case_id}"

    async def call(self, reference: str) -> str:
        self.calls.append(reference)
        self.transactions_open.append(self.bench.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        if len(self.calls) <= self.answers_after:
            raise Down
        return "accepted"

    async def record(self, reference: str, answer: str, session: AsyncSession, now: datetime) -> None:  # noqa: ARG002
        assert answer == "accepted"
        if self.process_ends:
            raise Ended
        key = reference.removeprefix("reference-")
        await (await session.connection()).execute(effects.insert().values(key=key, number=1))

    def listener(self) -> Listener:
        listener = Listener(Source.RESEARCH, to=[])
        listener.calls_out(WindowOver, CallOut(prepare=self.prepare, call=self.call, record=self.record))
        return listener


async def fall_due(bench: Bench, *cases: str) -> None:
    async with bench.database.write() as session:
        for case in cases:
            await set_timer(session, WindowOver(case_id=case), due_at=bench.clock.now(), now=bench.clock.now())


async def test_the_outside_is_called_once_with_no_transaction_open(bench: Bench) -> None:
    outside = Outside(bench)
    await fall_due(bench, "a", "b")
    await drain(bench.worker(outside.listener()))
    assert outside.calls == ["reference-a", "reference-b"]
    assert outside.transactions_open == [0, 0]
    assert await bench.effects() == [("a", 1), ("b", 1)]


async def test_a_stop_between_call_and_record_calls_again_with_the_same_reference(bench: Bench) -> None:
    outside = Outside(bench, process_ends=True)
    await fall_due(bench, "a")
    with pytest.raises(Ended):
        await bench.worker(outside.listener(), lease=timedelta(0)).work_once()
    assert await bench.effects() == []
    outside.process_ends = False
    await drain(bench.worker(outside.listener()))
    assert outside.calls == ["reference-a", "reference-a"]
    assert await bench.effects() == [("a", 1)]


async def test_a_provider_that_is_down_is_called_again_later_and_recorded_once(bench: Bench) -> None:
    outside = Outside(bench, answers_after=2)
    await fall_due(bench, "a")
    worker = bench.worker(outside.listener(), max_attempts=5)
    for _ in range(3):
        await drain(worker)
        bench.clock.forward(timedelta(minutes=5))
    assert outside.calls == ["reference-a"] * 3
    assert await bench.effects() == [("a", 1)]
    assert (await bench.message()).state == tables.DONE


async def test_a_provider_that_stays_down_leaves_a_dead_message(bench: Bench) -> None:
    outside = Outside(bench, answers_after=100)
    await fall_due(bench, "a")
    worker = bench.worker(outside.listener(), max_attempts=3)
    for _ in range(10):
        await drain(worker)
        bench.clock.forward(timedelta(minutes=5))
    assert len(outside.calls) == 3
    assert (await bench.message()).error.startswith("Down: ")


async def test_what_is_done_already_is_not_called_for(bench: Bench) -> None:
    async with bench.database.write() as session:
        await (await session.connection()).execute(effects.insert().values(key="a", number=1))
    outside = Outside(bench)
    await fall_due(bench, "a")
    await drain(bench.worker(outside.listener()))
    assert outside.calls == []
    assert (await bench.message()).state == tables.DONE


async def test_a_worker_whose_lease_ended_during_the_call_records_nothing(bench: Bench) -> None:
    reached, opened = asyncio.Event(), asyncio.Event()

    @dataclass
    class Slow(Outside):
        async def call(self, reference: str) -> str:
            reached.set()
            await opened.wait()
            return await super().call(reference)

    slow, quick = Slow(bench), Outside(bench)
    await fall_due(bench, "a")
    stalled = asyncio.create_task(bench.worker(slow.listener(), lease=timedelta(0)).work_once())
    await reached.wait()
    await drain(bench.worker(quick.listener()))
    opened.set()
    await stalled
    assert slow.calls == quick.calls == ["reference-a"]
    assert await bench.effects() == [("a", 1)]
    assert await count_in(bench.database, tables.inbox, tables.inbox.c.state == tables.DONE) == 1


async def test_what_another_worker_called_out_for_meanwhile_is_not_called_for_again(bench: Bench) -> None:
    quick = Outside(bench)

    @dataclass
    class Overtaken(Outside):
        async def call(self, reference: str) -> str:
            await drain(bench.worker(quick.listener()))
            return await super().call(reference)

    overtaken = Overtaken(bench)
    await fall_due(bench, "a", "b")
    await bench.worker(overtaken.listener(), lease=timedelta(0)).work_once()
    assert (overtaken.calls, quick.calls) == (["reference-a"], ["reference-a", "reference-b"])
    assert await bench.effects() == [("a", 1), ("b", 1)]


async def test_a_call_that_fails_after_its_lease_does_not_put_back_what_another_has_done(bench: Bench) -> None:
    quick = Outside(bench)

    @dataclass
    class FailsTooLate(Outside):
        async def call(self, reference: str) -> str:  # noqa: ARG002
            await drain(bench.worker(quick.listener()))
            raise Down

    await fall_due(bench, "a")
    await bench.worker(FailsTooLate(bench).listener(), lease=timedelta(0)).work_once()
    message = await bench.message()
    assert (message.state, message.attempts, message.error) == (tables.DONE, 0, None)
    assert await bench.effects() == [("a", 1)]


async def test_what_another_worker_has_claimed_meanwhile_is_left_to_it(bench: Bench) -> None:
    @dataclass
    class Overtaken(Outside):
        async def call(self, reference: str) -> str:
            await bench.worker(self.listener())._claims.take(now=bench.clock.now())
            return await super().call(reference)

    overtaken = Overtaken(bench)
    await fall_due(bench, "a", "b")
    await bench.worker(overtaken.listener(), lease=timedelta(0)).work_once()
    assert overtaken.calls == ["reference-a"]
    assert await bench.effects() == []


async def test_a_call_that_hangs_is_cut_off_and_made_again(bench: Bench) -> None:
    @dataclass
    class Hangs(Outside):
        async def call(self, reference: str) -> str:
            if not self.calls:
                self.calls.append(reference)
                await asyncio.Event().wait()
            return await super().call(reference)

    outside = Hangs(bench)
    await fall_due(bench, "a")
    worker = bench.worker(outside.listener(), handler_seconds=0.1)
    await drain(worker)
    bench.clock.forward(timedelta(minutes=5))
    await drain(worker)
    assert outside.calls == ["reference-a", "reference-a"]
    assert await bench.effects() == [("a", 1)]
