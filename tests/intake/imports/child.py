"""A worker of intake in a process of its own, which is killed where it is told to: the `nth` time at a point.

Born of a server that has read the code once (`FORKED`): each start of Python would read it for seconds.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from services.intake.main import INTAKE
from shared.plumbing import stop_points
from shared.plumbing.service import Runtime
from shared.plumbing.settings import Settings
from shared.plumbing.worker import Worker
from tests.harness.desk import SEAL_KEY, StandingClock

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload([__name__])


def stop_at(point: str, *, nth: int) -> None:
    seen = 0

    def watch(reached: stop_points.StopPoint) -> None:
        nonlocal seen
        seen += reached.value == point
        if reached.value == point and seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    stop_points.watch(watch)


async def work(folder: Path, *, at: datetime) -> None:
    """Take in what is due until nothing is."""
    settings = Settings(
        environment="test",
        redis_url="redis://127.0.0.1:1/0",
        seal_keys=SEAL_KEY,
        vault_url=f"sqlite:///{folder}/vault.db",
        files_folder=folder / "files",
        verification_keys_file=folder / "keys.json",
    )
    runtime, clock = Runtime(service=INTAKE, settings=settings), StandingClock(at)
    runtime.__dict__["clock"] = clock
    worker = Worker(
        database=runtime.database,
        listener=INTAKE.make_listener(runtime),
        clock=clock,
        poll=0.01,
        # Of real time: whoever starts the next process waits for it.
        lease=timedelta(seconds=0.3),
        max_attempts=50,
    )
    while await worker.work_once():
        pass
    await runtime.close()


def live(folder: Path, *, at: datetime, point: str, nth: int, environment: Mapping[str, str]) -> None:
    """The whole life of a worker in a world of its own; at no point that is called so, it is not stopped."""
    os.environ.clear()
    os.environ.update(environment)
    stop_at(point, nth=nth)
    asyncio.run(work(folder, at=at))
