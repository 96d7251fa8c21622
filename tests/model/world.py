"""Time, processes and the order of steps. Whatever happens comes off one queue, and chance comes from one seed."""

import asyncio
import heapq
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from shared.plumbing import stop_points
from shared.plumbing.clock import SystemClock
from tests.harness.desk import NOON
from tests.model.process import Loop, Process


class World:
    """One story: its seed, its time and its queue of steps."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.now = 0.0
        self.steps = 0
        self.callbacks = 0
        self.rough = False
        self.processes: list[Process] = []
        self.story: list[str] = []
        self.oddities: list[str] = []
        self._queue: list[tuple[float, float, Callable[[], None], Process | None, Callable[[], bool] | None]] = []
        self._digest = sha256()
        self.at_stop_point: Callable[[Process, stop_points.StopPoint], None] = lambda *_: None

    def process(self, name: str) -> Process:
        skew = timedelta(seconds=self.chance.uniform(-0.5, 0.5))
        self.processes.append(process := Process(self, name, skew=skew))
        return process

    def later(
        self,
        delay: float,
        action: Callable[[], None],
        *,
        process: Process | None = None,
        still: Callable[[], bool] | None = None,
    ) -> None:
        heapq.heappush(self._queue, (self.now + max(delay, 0.0), self.chance.random(), action, process, still))

    def latency(self) -> float:
        """How long one statement or one way over the network takes, in seconds."""
        kind = self.chance.random() if self.rough else 0.0
        if kind < 0.85:
            return self.chance.uniform(0.0001, 0.004)
        return self.chance.uniform(0.004, 0.2 if kind < 0.985 else 1.5 if kind < 0.998 else 8.0)

    def step(self) -> bool:
        """The next thing that happens; False when nothing ever will."""
        while self._queue:
            when, _, action, process, still = heapq.heappop(self._queue)
            if (process is not None and not process.alive) or (still is not None and not still()):
                continue
            self.now = max(self.now, when)
            if process is not None and process.paused:
                process.held.append(action)
                continue
            self.steps += 1
            action()
            if process is not None:
                process.loop.turn()
            return True
        return False

    def run(self, *, seconds: float, until: Callable[[], bool] = lambda: False, look_every: float = 0.5) -> bool:
        """Let so much time pass; True as soon as `until` holds."""
        end, look = self.now + seconds, self.now
        while self._queue and self._queue[0][0] <= end:
            self.step()
            if self.now >= look:
                if until():
                    return True
                look = self.now + look_every
        self.now = max(self.now, end)
        return until()

    def note(self, what: str) -> None:
        """Write a line of the story; the digest of all lines says whether two stories are the same."""
        line = f"{self.now:9.3f} {what}"
        self._digest.update(f"{line} {self.steps}\n".encode())
        self.story.append(line)

    def odd(self, process: Process, context: dict[str, Any]) -> None:
        if not process.buried:
            self.oddities.append(f"{process.name}: {context.get('message')}: {context.get('exception')!r}")

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()[:16]

    @contextmanager
    def open(self) -> Iterator["World"]:
        """The kernel's clock and stop points are this world's; afterwards nothing of it is left."""
        real_now = SystemClock.now
        SystemClock.now = lambda _: self.time()  # type: ignore[method-assign]
        stop_points.watch(self._reached)
        messages = logging.getLogger("athar")
        level = messages.level
        messages.addHandler(ended := _Ended(self))
        # What is waited for is no news here.
        messages.setLevel(logging.ERROR)
        propagated, messages.propagate = messages.propagate, False
        try:
            yield self
        finally:
            for process in self.processes:
                process.bury()
            messages.removeHandler(ended)
            messages.setLevel(level)
            messages.propagate = propagated
            stop_points.watch(None)
            SystemClock.now = real_now  # type: ignore[method-assign]

    def time(self) -> datetime:
        """What the clock of the process at hand says."""
        loop = asyncio._get_running_loop()
        skew = loop.process.skew if isinstance(loop, Loop) else timedelta()
        return NOON + timedelta(seconds=self.now) + skew

    def _reached(self, point: stop_points.StopPoint) -> None:
        loop = asyncio._get_running_loop()
        if isinstance(loop, Loop) and loop.process.alive:
            self.at_stop_point(loop.process, point)


class _Ended(logging.Handler):
    """Hears of loops that a bug ended: in a service they begin again, here they are a finding.

    A database or stream that was away is no bug, and to begin again is an answer to it.
    """

    def __init__(self, world: World) -> None:
        super().__init__(level=logging.ERROR)
        self._world = world

    def emit(self, record: logging.LogRecord) -> None:
        loop = asyncio._get_running_loop()
        away = record.exc_info and isinstance(record.exc_info[1], (DBAPIError, RedisError, OSError))
        if record.exc_info and not away and isinstance(loop, Loop) and loop.process.alive:
            self._world.oddities.append(f"{record.getMessage()}: {record.exc_info[1]!r}")
