"""The checks notice: with a guarantee switched off, the run that it is for goes red and says why."""

import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from athar.demo.desk import PUBLIC
from athar.demo.people import next_person
from tests.faults.conftest import Place
from tests.faults.ground import stream_client
from tests.faults.run import Scene
from tests.faults.stack import LEASE_SECONDS, Stop
from tests.faults.switches import NO_FENCE, NO_INBOX_CHECK, NO_REWIND
from tests.faults.troubles import deliver_again, lasting, noticed
from tests.plumbing.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

PATIENCE_SECONDS = 4
FOUND_SECONDS = 60


async def wipe_what_nobody_took(scene: Scene) -> None:
    """Intake tells of one more case while the others sleep; before they wake up, the stream is wiped."""
    await scene.after(20)
    sleepers = [process for name in ("research", "notifications", "feedback") for process in scene.stack.workers(name)]
    for process in sleepers:
        process.signal(signal.SIGSTOP)
    try:
        case = scene.cases[0]
        staffed = next(channel for channel in case.office.pack.channels if channel not in PUBLIC)
        late = replace(case.walker, channel=staffed, person=next_person())
        await case.desk.receive(late)

        async def published() -> int:
            sql = "SELECT count(*) FROM outbox_events WHERE key = :key AND stream_ms IS NOT NULL"
            return await scene.books.number("intake", sql, key=late.case_id)

        await eventually(published, equals=2, within=FOUND_SECONDS)
        async with stream_client(scene.stack.ground.stream_url) as client:
            await client.flushall()
    finally:
        for process in sleepers:
            process.signal(signal.SIGCONT)


async def deliver_twice(scene: Scene) -> None:
    await scene.after(30)
    await deliver_again(scene)


async def wake_up_after_the_lease(scene: Scene) -> None:
    """The first worker of notifications sleeps in the middle of a call; the second takes the message over."""
    first, second = (scene.stack.processes[f"notifications-{number}"] for number in (0, 1))
    second.signal(signal.SIGSTOP)

    async def asleep() -> bool:
        return bool(scene.stack.reached())

    await eventually(asleep, within=FOUND_SECONDS)
    second.signal(signal.SIGCONT)
    await lasting(LEASE_SECONDS * 1.6)

    async def taken_over() -> bool:
        sql = "SELECT count(*) FROM inbox_messages WHERE state = 'ready' AND lease IS NOT NULL"
        return await scene.books.number("notifications", sql) == 0

    await eventually(taken_over, within=FOUND_SECONDS)
    first.signal(signal.SIGCONT)


@dataclass(frozen=True)
class Control:
    """A guarantee, the run that needs it, and how its absence reads."""

    switch: str
    trouble: Callable[[Scene], Awaitable[None]]
    reason: str
    stops: tuple[Stop, ...] = ()
    workers: int = 1


CONTROLS = [
    Control(
        NO_FENCE,
        wake_up_after_the_lease,
        "took effect 2 times",
        stops=(Stop("notifications", "call.after", act="stop"),),
        workers=2,
    ),
    Control(NO_REWIND, wipe_what_nobody_took, "was lost"),
    Control(NO_INBOX_CHECK, deliver_twice, "was taken in 2 times"),
]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.switch)
async def test_without_the_guarantee_the_run_goes_red(sqlite_place: Place, control: Control) -> None:
    outcome = await sqlite_place.run(
        seed=1,
        trouble=control.trouble,
        stops=control.stops,
        workers=control.workers,
        switches={control.switch: True},
        drain_seconds=PATIENCE_SECONDS,
        to_the_end=False,
    )
    assert any(control.reason in sentence for sentence in outcome.violations), "\n".join(outcome.violations)


async def test_with_the_guarantees_the_same_troubles_harm_nothing(sqlite_place: Place) -> None:
    async def trouble(scene: Scene) -> None:
        for control in CONTROLS:
            await control.trouble(scene)
            await noticed(scene)

    stops = [stop for control in CONTROLS for stop in control.stops]
    outcome = await sqlite_place.run(seed=1, trouble=trouble, stops=stops, workers=2)
    assert outcome.violations == [], outcome
