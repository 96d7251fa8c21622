"""What a stack stands on: four databases and a stream, of either kind, and what can befall them."""

import asyncio
import fcntl
import shutil
from pathlib import Path
from typing import Any, Protocol

from redis.asyncio import Redis

from athar.catalogue import SERVICES
from athar.stack.secrets import Secrets, make_secrets
from athar.stack.valkey import EmbeddedValkey
from shared.plumbing.database import Database
from shared.plumbing.envelope import stream_of
from shared.plumbing.migrations import migrate
from tests.faults.switches import ledger

STREAMS = {name: stream_of(service.source) for name, service in SERVICES.items()}


class Ground(Protocol):
    """One run's databases and stream. The addresses of the services may lead through a proxy, ours never do."""

    kind: str
    stream_url: str
    database_urls: dict[str, str]
    services_stream_url: str
    services_database_urls: dict[str, str]

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def kill_stream(self) -> None:
        """End the stream server as a power cut does."""

    async def start_stream(self) -> None: ...

    async def cut_tail(self, size: int) -> None:
        """Take the last bytes off what the dead stream server has on disk."""

    async def mend_stream(self) -> list[str]:
        """After a fault of the disk: start the stream again if nobody else does, and say so."""


async def make_tables(url: str, name: str) -> None:
    """A service's database as this release has it, with the tests' ledger beside."""
    database = Database(url)
    service = SERVICES[name]
    await migrate(database, versions=service.migrations, metadata=service.tables)
    async with database.engine.begin() as connection:
        await connection.run_sync(ledger.create)
    await database.close()


def stream_client(url: str) -> "Redis[Any]":
    return Redis.from_url(url, socket_timeout=5)


class SqliteTemplates:
    """Four migrated files and the keys of an installation: made once, copied for each run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets: Secrets = make_secrets(folder / "secrets")

    async def make(self) -> None:
        for name in SERVICES:
            await make_tables(f"sqlite+aiosqlite:///{self.folder}/{name}.db", name)


class SqliteGround:
    """A file a service, and the embedded stream, all in one folder."""

    kind = "sqlite"

    def __init__(self, folder: Path, templates: SqliteTemplates) -> None:
        self._folder = folder
        self._templates = templates
        folder.mkdir(exist_ok=True)
        self._valkey = EmbeddedValkey(folder / "stream")
        self.stream_url = self.services_stream_url = self._valkey.url
        self.database_urls = {name: f"sqlite+aiosqlite:///{folder}/{name}.db" for name in SERVICES}
        self.services_database_urls = self.database_urls
        self._keeping: asyncio.Task[None] | None = None

    async def open(self) -> None:
        for name in SERVICES:
            shutil.copy(self._templates.folder / f"{name}.db", self._folder)
        await self.start_stream()

    async def close(self) -> None:
        await self.kill_stream()

    async def kill_stream(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})
            self._keeping = None
        await asyncio.to_thread(self._kill)

    def _kill(self) -> None:
        # Under the lock that a start holds: one may be under way, and would leave a server behind.
        with (self._folder / "stream" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (process := self._valkey._process) is not None:
                process.kill()
                process.wait()

    async def start_stream(self) -> None:
        await asyncio.to_thread(self._valkey.start)
        self._keeping = asyncio.create_task(self._valkey.keep_up())

    async def cut_tail(self, size: int) -> None:
        (file,) = (self._folder / "stream" / "appendonlydir").glob("*.incr.aof")
        with file.open("r+b") as tail:
            tail.truncate(max(0, file.stat().st_size - size))

    async def mend_stream(self) -> list[str]:
        """After a fault of the disk: what kept the product from starting its stream again, which is done here then."""
        if self._keeping is None or not self._keeping.done():
            return []
        error = self._keeping.exception()
        await self.start_stream()
        return [f"nobody starts the embedded stream again: {type(error).__name__}"]
