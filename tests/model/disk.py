"""Real SQLite files under SQLAlchemy's own dialect, without threads: each statement is a step of the world."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.plumbing import in_loop
from tests.model.process import Loop, Process

BUSY_SECONDS = 10.0
"""As `PRAGMA busy_timeout` says: so long a writer waits for another process."""


class Cursor:
    """What the dialect takes for aiosqlite's cursor."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._at_hand: sqlite3.Cursor | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        await self._connection.do(statement, lambda: self._raw.execute(statement, parameters))
        return self

    async def executemany(self, statement: str, parameters: Any) -> "Cursor":
        await self._connection.do(statement, lambda: self._raw.executemany(statement, parameters))
        return self

    @property
    def _raw(self) -> sqlite3.Cursor:
        # Not before its first statement is due: a process that was killed meanwhile has nothing to make it on.
        if self._at_hand is None:
            self._at_hand = self._connection.raw.cursor()
        return self._at_hand

    async def fetchall(self) -> list[Any]:
        return self._raw.fetchall()

    async def close(self) -> None:
        if self._at_hand is not None:
            self._at_hand.close()

    @property
    def description(self) -> Any:
        return self._at_hand and self._at_hand.description

    @property
    def rowcount(self) -> int:
        return self._raw.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._raw.lastrowid


class Connection:
    """What the dialect takes for aiosqlite's connection: one statement after the other, as its thread would."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._jobs: deque[tuple[str, Callable[[], Any], asyncio.Future[Any], float]] = deque()
        self._lost = False
        self._tx = in_loop.AtOnce()
        self.raw = self._conn = self._connection = sqlite3.connect(process.database, timeout=0, cached_statements=200)
        process.on_kill.append(self.raw.close)

    @property
    def isolation_level(self) -> str | None:
        return self.raw.isolation_level

    @isolation_level.setter
    def isolation_level(self, value: str | None) -> None:
        self.raw.isolation_level = value

    def cursor(self) -> Cursor:
        return Cursor(self)

    async def create_function(self, *args: Any, **options: Any) -> None:
        self.raw.create_function(*args, **options)

    async def commit(self) -> None:
        if self.raw.in_transaction:
            await self.do("COMMIT", self.raw.commit)

    async def rollback(self) -> None:
        if (not self._lost and self.raw.in_transaction) or self._jobs:
            await self.do("ROLLBACK", self.raw.rollback)

    async def close(self) -> None:
        self.stop()

    def stop(self) -> None:
        self._lost = True
        self.raw.close()

    async def do(self, statement: str, job: Callable[[], Any]) -> Any:
        if statement.startswith(("PRAGMA busy_timeout", "PRAGMA synchronous")):
            return None  # the world waits in steps; and a power cut of the machine is not one of its stories
        if statement.startswith("PRAGMA"):
            return job()
        if self._process.buried or self._lost:
            raise sqlite3.OperationalError("connection closed")
        answer = self._process.loop.create_future()
        self._jobs.append((statement, job, answer, self._process.world.now + BUSY_SECONDS))
        if len(self._jobs) == 1:
            self._process.later(self._process.world.latency(), self._next)
        return await answer

    def _next(self) -> None:
        world = self._process.world
        statement, job, answer, give_up = self._jobs[0]
        result: Any = None
        try:
            result = job()
        except sqlite3.Error as error:
            if statement.startswith("BEGIN") and "locked" in str(error) and world.now < give_up:
                self._process.later(world.chance.uniform(0.001, 0.2), self._next)
                return
            result = error
        else:
            if statement == "COMMIT":
                self._process.on_commit()
                if world.rough and world.chance.random() < 0.003:
                    world.note(f"{self._process.name} does not hear that it committed")
                    self.stop()
                    result = sqlite3.OperationalError("connection closed")
        self._jobs.popleft()
        self._process.answer(answer, result)
        if self._jobs:
            self._process.later(world.latency(), self._next)


def connect(path: str) -> Any:
    """What the kernel's engine makes its connections with, while a story is told."""
    loop = asyncio.get_running_loop()
    return Connection(loop.process) if isinstance(loop, Loop) else in_loop.Connection(path)


class Garage:
    """Engines that outlive the processes that drive them: what SQLAlchemy has compiled need not be compiled again."""

    def __init__(self, make: Callable[..., AsyncEngine], warm_up_on: Path) -> None:
        self._make = make
        self._warm_up_on = warm_up_on
        self._free: list[AsyncEngine] = []

    def take(self) -> AsyncEngine:
        engine = self._free.pop() if self._free else self._new()
        # A pool without connections; those of the one before died with it.
        engine.sync_engine.dispose(close=False)
        return engine

    def give_back(self, engine: AsyncEngine) -> None:
        self._free.append(engine)

    def _new(self) -> AsyncEngine:
        engine = self._make(f"sqlite+aiosqlite:///{self._warm_up_on}", pool_size=10, patience=None)
        asyncio.run(_warm_up(engine))
        return engine


async def _warm_up(engine: AsyncEngine) -> None:
    """The first connection asks the server what it is; in a story that would be steps that no other story has."""
    async with engine.connect():
        pass
    await engine.dispose()
