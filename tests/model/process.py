"""One simulated process: an event loop of its own, which can be killed at any step, or held and woken."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.model.world import World

CALLBACKS_AT_ONCE = 20_000
"""A process that does more than this without touching disk or stream is spinning."""


class Violated(AssertionError):
    """Something happened that the kernel promises never happens."""


class Loop(asyncio.BaseEventLoop):
    """The event loop of one simulated process: first come, first served inside; the world says when answers come."""

    def __init__(self, process: "Process") -> None:
        super().__init__()
        self.process = process
        self.tasks: list[asyncio.Task[Any]] = []
        self.set_exception_handler(lambda _, context: process.world.odd(process, context))

    def time(self) -> float:
        return self.process.world.now

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)

        def due() -> None:
            if not handle.cancelled():
                self._ready.append(handle)

        self.process.later(when - self.time(), due, still=lambda: not handle.cancelled())
        return handle

    def create_task(self, *args: Any, **options: Any) -> asyncio.Task[Any]:
        # The world remembers every task: one that were collected half-way would run its `finally`, and no kill -9 does.
        task = super().create_task(*args, **options)
        self.tasks.append(task)
        if len(self.tasks) > 100:
            self.tasks = [one for one in self.tasks if not one.done()]
        return task

    def turn(self) -> None:
        """Run all that is ready, until the process waits for disk, stream or time."""
        asyncio._set_running_loop(self)
        try:
            for _ in range(CALLBACKS_AT_ONCE):
                if not self._ready or not (self.process.awake or self.process.buried):
                    return
                handle = self._ready.popleft()
                if not handle._cancelled:
                    self.process.world.callbacks += 1
                    handle._run()
        finally:
            asyncio._set_running_loop(None)
        if not self.process.buried:
            raise Violated(f"{self.process.name} spins")


class Process:
    """One operating-system process of one service."""

    def __init__(self, world: "World", name: str, *, skew: timedelta) -> None:
        self.world = world
        self.name = name
        self.skew = skew
        self.alive = True
        self.paused = False
        self.buried = False
        self.held: list[Callable[[], None]] = []
        self.on_kill: list[Callable[[], None]] = []
        self.on_commit: Callable[[], None] = lambda: None
        self.database = ""
        self.loop = Loop(self)

    @property
    def awake(self) -> bool:
        return self.alive and not self.paused

    def later(self, delay: float, action: Callable[[], None], *, still: Callable[[], bool] | None = None) -> None:
        """Have `action` happen in this process: never, if it is dead by then; once it is awake, if it is paused."""
        if self.buried:
            action()
        elif self.alive:
            self.world.later(delay, action, process=self, still=still)

    def run(self, coroutine: Any) -> asyncio.Task[Any]:
        task = self.loop.create_task(coroutine)
        self.later(0, lambda: None)
        return task

    def answer(self, future: asyncio.Future[Any], result: Any) -> None:
        """Give `future` its result, or raise it where it waits."""
        if not future.done():
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)

    def kill(self) -> None:
        """As kill -9 does: nothing of it runs again, and its databases roll back what it had open."""
        if self.alive:
            self.world.note(f"kill {self.name}")
            self.alive = False
            self.held.clear()
            for let_go in self.on_kill:
                let_go()

    def pause(self) -> None:
        if self.alive and not self.paused:
            self.world.note(f"pause {self.name}")
            self.paused = True

    def wake(self) -> None:
        if self.alive and self.paused:
            self.world.note(f"wake {self.name}")
            self.paused = False
            held, self.held = [lambda: None, *self.held], []
            for place, action in enumerate(held):
                self.world.later(place * 1e-6, action, process=self)

    def bury(self) -> None:
        """After the story is told: end its coroutines, so that none of them ends by itself in a later story."""
        self.kill()
        self.alive, self.buried = False, True
        for _ in range(50):
            left = [task for task in self.loop.tasks if not task.done()]
            if not left and not self.loop._ready:
                break
            for task in left:
                task.cancel()
            with suppress(Exception):
                self.loop.turn()
        self.loop.close()
