"""The services' processes as a run sees them: born in the nursery, and born again whenever they die."""

import asyncio
import itertools
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults.child import Life

LINE_LIMIT = 1_000_000


class Nursery:
    """The process that bears the others; several stacks may share it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._orders = itertools.count(1)
        self._births: dict[int, asyncio.Future[int]] = {}
        self._deaths: dict[int, asyncio.Future[int]] = {}

    async def bear(self, life: Life) -> tuple[int, "asyncio.Future[int]"]:
        """A new process: its id, and its exit code as soon as it is dead."""
        order = next(self._orders)
        birth = self._births[order] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"order": order, "life": asdict(life)}).encode() + b"\n")
        await self._process.stdin.drain()
        pid = await birth
        return pid, self._deaths[pid]

    async def listen(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told: dict[str, Any] = json.loads(line)
            if told["what"] == "born":
                self._deaths[told["pid"]] = asyncio.get_running_loop().create_future()
                self._births.pop(told["order"]).set_result(told["pid"])
            elif told["what"] == "died":
                self._deaths.pop(told["pid"]).set_result(told["code"])


@asynccontextmanager
async def open_nursery() -> AsyncIterator[Nursery]:
    """A nursery for as long as the block lasts; what it bore ends with it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.nursery",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    await process.stdout.readline()
    nursery = Nursery(process)
    listening = asyncio.create_task(nursery.listen())
    try:
        yield nursery
    finally:
        process.stdin.close()
        await process.wait()
        await listening


class Kept:
    """One process that is started again whenever it dies, as `restart: always` does."""

    def __init__(self, nursery: Nursery, life: Life) -> None:
        self._nursery = nursery
        self.life = life
        self.pid = 0
        self.deaths: list[int] = []
        self._keeping: asyncio.Task[None] | None = None
        self._alive = asyncio.Event()
        self._ended: asyncio.Future[int] | None = None
        self._wanted = True

    async def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep())
        await self._alive.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; one that is dead at this moment is left alone."""
        if self._alive.is_set():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def stop(self) -> None:
        """End it for good."""
        self._wanted = False
        assert self._keeping is not None
        self.signal(signal.SIGKILL)
        await self._keeping

    async def die(self) -> None:
        """Kill it, and wait for its death; it is born again."""
        ended = self._ended
        self.signal(signal.SIGKILL)
        if ended is not None:
            await asyncio.wait({ended})

    async def _keep(self) -> None:
        while self._wanted:
            self.pid, self._ended = await self._nursery.bear(self.life)
            self._alive.set()
            if not self._wanted:
                self.signal(signal.SIGKILL)
            code = await self._ended
            self._alive.clear()
            self.deaths.append(code)
            self._forget_reached()

    def _forget_reached(self) -> None:
        """Whoever was stopped at a point once is not stopped there again."""
        file = Path(self.life.reached)
        reached = {tuple(line.split()[:2]) for line in file.read_text().splitlines()} if file.exists() else set()
        self.life.stops = [stop for stop in self.life.stops if (stop["service"], stop["point"]) not in reached]
