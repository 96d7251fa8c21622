"""`athar serve` and `athar work`: one service in one process, as production runs it."""

import asyncio
import logging
import os
import signal
from pathlib import Path

import uvicorn
import uvloop

from athar.catalogue import SERVICES
from athar.stack.bounds import beat, limit_memory, settle_in
from athar.stack.listening import http_options
from shared.plumbing.database import heard
from shared.plumbing.service import Runtime, build_app
from shared.plumbing.settings import Settings
from shared.policy.adopted import adopt

ALIVE_SECONDS = 10

log = logging.getLogger("athar.stack")


def runtime_of(name: str) -> Runtime:
    """The service with what the environment says. Raises `pydantic.ValidationError` where it says too little."""
    settings = Settings()
    adopt(settings.packs_folder)
    return Runtime(service=SERVICES[name], settings=settings)


def serve(name: str, *, host: str, port: int) -> None:
    """The HTTP side alone; a worker elsewhere carries the messages."""
    runtime = runtime_of(name)
    app = build_app(runtime, with_worker=False)
    settle_in()
    uvicorn.run(app, host=host, port=port, root_path=f"/{name}", **http_options(runtime.settings))


def work(name: str) -> None:
    """Relay, ears and worker, until SIGTERM."""
    uvloop.run(_work(runtime_of(name)))


def migrate(names: list[str]) -> None:
    """Bring the databases of `names` to this release."""

    async def all_of_them() -> None:
        for name in names:
            runtime = runtime_of(name)
            await runtime.migrate()
            await runtime.close()

    asyncio.run(all_of_them())


async def _work(runtime: Runtime) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    alive_file = os.environ.get("ATHAR_ALIVE_FILE")
    limit_memory(runtime.settings.memory_limit_mb)
    settle_in()
    async with runtime.working():
        beating = asyncio.create_task(beat(limit_seconds=runtime.settings.hang_seconds))
        while not stop.is_set():
            if alive_file is not None:
                await say_alive(runtime, Path(alive_file))
            await heard(stop, within=ALIVE_SECONDS)
        beating.cancel()
    await runtime.close()


async def say_alive(runtime: Runtime, file: Path) -> None:
    """Touch `file` while every part is well, since a worker has no port to ask; else the log says which is not."""
    readiness = await runtime.watchman.look()
    if readiness.status == "ready":
        file.touch()  # noqa: ASYNC240 - one empty file on a local disk
    else:
        log.warning("%s is %s: %s", readiness.service, readiness.status, readiness.wrong)
