"""One run: a fresh stack, people at work, faults among them, and the account at the end."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError

from athar.demo.office import Unexpected
from athar.demo.walkers import Fate
from athar.stack.secrets import Secrets
from tests.faults.checks import Expected, violations
from tests.faults.ground import Ground
from tests.faults.load import FLOOR, Case, Diary, cases_of, each, lay_out
from tests.faults.processes import Nursery
from tests.faults.stack import MAX_ATTEMPTS, Stack, Stop, open_stack
from tests.faults.trail import trail_violations
from tests.faults.truth import Books, Rest, pending, rest_of, unread
from tests.plumbing.waiting import eventually

LOAD_SECONDS = 180.0
DRAIN_SECONDS = 60.0
TROUBLE_SECONDS = 120.0
AHEAD = timedelta(hours=3)
FATES = (Fate.SERVED, Fate.CLARIFIED, Fate.REJECTED)
BROKEN = (Unexpected, AssertionError, TimeoutError, OSError, RedisError, ExceptionGroup)
"""How people and troubles come to an end that was not meant."""


@dataclass
class Outcome:
    """What a run was and what came of it."""

    seed: int
    kind: str
    faults: list[str] = field(default_factory=list)
    cases: int = 0
    answered: int = 0
    retried: int = 0
    deaths: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    load_seconds: float = 0.0
    drain_seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    reached: list[tuple[str, str, str, int]] = field(default_factory=list)
    name: str = "drawn from its seed"
    folder: str = ""


@dataclass
class Scene:
    """What a fault is given to work on."""

    stack: Stack
    books: Books
    diary: Diary
    expected: Expected
    chance: random.Random
    outcome: Outcome
    cases: list[Case]
    walked: asyncio.Event = field(default_factory=asyncio.Event)
    """The people have come to the end of their walk."""
    stream: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever does something to the stream, until that has been noticed."""
    clock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def after(self, answers: int) -> None:
        """Wait until so many requests were answered, or there will be no more."""

        async def look() -> bool:
            return len(self.diary.answered) >= answers or self.walked.is_set()

        await eventually(look, within=LOAD_SECONDS)

    def tell(self, fault: str) -> None:
        self.outcome.faults.append(f"{fault} after {len(self.diary.answered)} answers")


Trouble = Callable[[Scene], Awaitable[None]]


async def run(
    folder: Path,
    *,
    seed: int,
    ground: Ground,
    secrets: Secrets,
    nursery: Nursery,
    trouble: Trouble,
    stops: Iterable[Stop] = (),
    switches: Mapping[str, Any] | None = None,
    workers: int = 1,
    max_attempts: int = MAX_ATTEMPTS,
    fates: Iterable[Fate] = FATES,
    load_seconds: float = LOAD_SECONDS,
    drain_seconds: float = DRAIN_SECONDS,
    to_the_end: bool = True,
) -> Outcome:
    """Walk cases through a stack while `trouble` is made, wait for rest, and hold all against the promises.

    Without `to_the_end` the walk ends with the trouble: enough for a run that has to go wrong.
    """
    outcome, diary, expected = Outcome(seed, ground.kind), Diary(), Expected()
    clock = asyncio.get_running_loop().time
    stack_of = open_stack(
        folder,
        ground=ground,
        secrets=secrets,
        nursery=nursery,
        stops=stops,
        switches=switches,
        workers=workers,
        max_attempts=max_attempts,
    )
    books = Books(ground)
    async with stack_of as stack, stack.client() as client:
        cases = cases_of(stack, client, diary, fates=fates, chance=random.Random(seed))  # noqa: S311
        scene = Scene(stack, books, diary, expected, random.Random(seed), outcome, cases)  # noqa: S311 - a test's dice
        began = clock()
        troubling = asyncio.create_task(_made(trouble, scene))
        try:
            async with asyncio.timeout(load_seconds):
                await _walk_beside(troubling, scene, to_the_end=to_the_end)
        except BROKEN as error:
            outcome.violations.append(f"the walk ended early: {_why(error)}")
        scene.walked.set()
        try:
            async with asyncio.timeout(TROUBLE_SECONDS):
                await troubling
        except BROKEN as error:
            outcome.violations.append(f"the trouble ended early: {_why(error)}")
        outcome.load_seconds = clock() - began
        expected.cases = {case.walker.case_id: case.walker.person.media for case in cases if case.walker.case_id}
        began = clock()
        try:
            await come_to_rest(scene, within=drain_seconds)
        except BROKEN:
            outcome.violations.append(f"no rest within {drain_seconds:.0f} s: {await _what_goes_on(scene)}")
        outcome.drain_seconds = clock() - began
        try:
            outcome.violations += await violations(books, ground, diary, expected)
            keys = secrets.seal_keys.read_text().split()
            outcome.violations += await trail_violations(books, ground, seal_keys=keys)
        except BROKEN as error:
            outcome.violations.append(f"what came of it cannot be seen: {_why(error)}")
        await books.close()
        outcome.cases, outcome.answered, outcome.retried = len(cases), len(diary.answered), diary.retried
        outcome.violations += _ended_by_themselves(stack)
        outcome.deaths = sum(len(process.deaths) for process in stack.processes.values())
        outcome.reached, outcome.statuses = stack.reached(), dict(diary.statuses)
    return outcome


def _ended_by_themselves(stack: Stack) -> list[str]:
    """Nothing but a kill ends a process of ours."""
    return [
        f"{name} ended by itself with {code}, {times} times"
        for name, process in stack.processes.items()
        for code, times in Counter(process.deaths).items()
        if code != -signal.SIGKILL
    ]


async def no_trouble(_: Scene) -> None:
    """A quiet day."""


async def come_to_rest(scene: Scene, *, within: float) -> None:
    """Wait until nothing is under way. Raises `AssertionError` when that does not come."""
    rest: Rest

    async def look() -> bool:
        nonlocal rest
        rest = await rest_of(scene.books, now=scene.stack.clock.now())
        try:
            return bool(rest) and not await pending(scene.stack.ground) and not await unread(scene.stack.ground)
        except RedisError:
            return False

    await eventually(look, within=within, every=0.1)


WAITING = """
    SELECT i.id, i.type, i.seq, c.seq AS reached, i.due_at, i.received_at, i.claims, i.attempts, i.lease, i.leased_until
    FROM inbox_messages i LEFT JOIN inbox_cursors c ON c.source = i.source AND c.key = i.key
    WHERE i.state = 'ready' AND i.source <> 'timer' ORDER BY i.id LIMIT 5
"""


async def _what_goes_on(scene: Scene) -> str:
    for process in scene.stack.processes.values():
        process.signal(signal.SIGUSR1)
    rest, ground = await rest_of(scene.books, now=scene.stack.clock.now()), scene.stack.ground
    try:
        waiting = {name: await scene.books.rows(name, WAITING) for name in rest.ready}
        return f"{rest}, pending {await pending(ground)}, unread {await unread(ground)}, {waiting}"
    except RedisError as error:
        return f"{rest}, the stream: {_why(error)}"


async def _walk_beside(troubling: asyncio.Task[None], scene: Scene, *, to_the_end: bool) -> None:
    walking = asyncio.create_task(_walk(scene, scene.cases))
    try:
        await asyncio.wait({walking} if to_the_end else {walking, troubling}, return_when="FIRST_COMPLETED")
        if walking.done():
            walking.result()
    finally:
        walking.cancel()
        await asyncio.wait({walking})


async def _walk(scene: Scene, cases: list[Case]) -> None:
    await lay_out(cases)
    await each(case.go_up() for case in cases)
    await _next_day(scene, FLOOR)
    await each(case.be_served() for case in cases)
    follow_up = max(case.walker.service.follow_up_days for case in cases)
    await _next_day(scene, timedelta(days=follow_up))
    await each(case.be_closed() for case in cases)


async def _next_day(scene: Scene, days: timedelta) -> None:
    # What is under way belongs to the day on which it began: a fact that waits for another gives up after a day.
    with suppress(AssertionError):
        await come_to_rest(scene, within=DRAIN_SECONDS)
    # What was begun while the clock stood an hour ahead falls due an hour later.
    scene.stack.shift(days + AHEAD)


def _made(trouble: Trouble, scene: Scene) -> Coroutine[Any, Any, None]:
    async def make() -> None:
        await trouble(scene)

    return make()


def _why(error: BaseException) -> str:
    if isinstance(error, ExceptionGroup):
        return "; ".join(_why(inner) for inner in error.exceptions)
    return f"{type(error).__name__} {error}"
