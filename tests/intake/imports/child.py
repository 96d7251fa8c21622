"""A worker of intake in a process of its own, which is killed where it is told to: the `nth` time at a point."""

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from services.intake.main import INTAKE
from shared.plumbing import stop_points
from shared.plumbing.service import Runtime
from shared.plumbing.settings import Settings
from shared.plumbing.worker import Worker
from tests.harness.desk import SEAL_KEY, StandingClock


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
        # Of real time: over before the next process has started.
        lease=timedelta(seconds=0.3),
        max_attempts=50,
    )
    while await worker.work_once():
        pass
    await runtime.close()


if __name__ == "__main__":
    folder, at, point, nth = sys.argv[1:]
    stop_at(point, nth=int(nth))
    asyncio.run(work(Path(folder), at=datetime.fromisoformat(at)))
