"""The floor's processes: `up PORT` for all in one, or `serve SERVICE PORT` and `work SERVICE`. URLs as for Athar."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import uvicorn
import uvloop
from redis.asyncio import Redis

from benchmarks.floor import requests
from benchmarks.floor.database import FloorDatabase
from benchmarks.floor.effects import EFFECTS
from benchmarks.floor.messages import Loops
from shared.language.events import Source
from shared.plumbing.clock import SystemClock

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class App:
    """A bare ASGI callable. `databases` by the first part of the path; by "" where one service is alone."""

    def __init__(self, databases: dict[str, FloorDatabase]) -> None:
        self._databases = databases

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        database = self._databases[path.split("/")[1] if "" not in self._databases else ""]
        if scope["method"] == "GET":
            found = await requests.get(database, path, scope["query_string"].decode())
            await _answer(send, 404 if found is None else 200, found or b"")
            return
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        key = next(value.decode() for name, value in scope["headers"] if name == b"idempotency-key")
        await _answer(send, 201, await requests.post(database, path, body, key, SystemClock().now()))


async def _answer(send: Send, status: int, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


def loops_of(source: Source, *, redis_url: str | None = None, url: str | None = None) -> Loops:
    effect, hears = EFFECTS[source]
    redis = Redis.from_url(redis_url or os.environ["ATHAR_REDIS_URL"])
    return Loops(source, hears=hears, effect=effect, url=url or url_of(source), redis=redis)


def url_of(source: Source) -> str:
    return os.environ[f"ATHAR_{source.value.upper()}_DATABASE_URL"]


async def _serve(app: App, port: int) -> None:
    config = uvicorn.Config(app, port=port, log_config=None, access_log=False, server_header=False, lifespan="off")
    await uvicorn.Server(config).serve()


async def up(port: int) -> None:
    """All four services in one process."""
    loops = {source: loops_of(source) for source in Source}
    async with AsyncExitStack() as stack:
        for one in loops.values():
            await one.database.open()
            task = asyncio.create_task(one.run())
            stack.callback(task.cancel)
        await _serve(App({source.value: one.database for source, one in loops.items()}), port)


async def serve(source: Source, port: int) -> None:
    database = FloorDatabase(url_of(source), wake=lambda: None)
    await database.open()
    await _serve(App({"": database}), port)


async def work(source: Source) -> None:
    loops = loops_of(source)
    await loops.database.open()
    await loops.run()


def main(command: str, *words: str) -> None:
    match command, words:
        case "up", (port,):
            uvloop.run(up(int(port)))
        case "serve", (service, port):
            uvloop.run(serve(Source(service), int(port)))
        case "work", (service,):
            uvloop.run(work(Source(service)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
