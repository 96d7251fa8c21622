"""The ground that production has: PostgreSQL and Redis in containers of our own, behind wires that can be cut."""

import asyncio
import itertools
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import redis
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from athar.catalogue import SERVICES
from athar.stack.secrets import Secrets
from tests.faults.dice import draw
from tests.faults.ground import make_tables, stream_client
from tests.faults.processes import Nursery
from tests.faults.proxy import Proxy, open_proxy
from tests.faults.run import Outcome, Trouble, run
from tests.faults.troubles import lose_tail
from tests.faults.wires import CUT, forget_wires_to_postgresql, restart_database, terminate_backends
from tests.harness.containers import POSTGRES_IMAGE, REDIS_IMAGE
from tests.plumbing.waiting import eventually

START_SECONDS = 60


class Servers:
    """A PostgreSQL and a Redis that may be killed and started again: at the same port each time."""

    def __init__(self, folder: Path) -> None:
        from testcontainers.community.postgres import PostgresContainer
        from testcontainers.community.redis import RedisContainer

        self.redis_files = folder / "redis"
        self.redis_files.mkdir(exist_ok=True)
        self.postgres = (
            PostgresContainer(POSTGRES_IMAGE, driver="asyncpg")
            # Without fsync it survives its own crash; only the machine's would hurt it.
            .with_command("postgres -c max_connections=400 -c fsync=off")
            .with_bind_ports(5432, _free_port())
        )
        self.redis = (
            RedisContainer(REDIS_IMAGE)
            .with_command("redis-server --appendonly yes")
            .with_bind_ports(6379, _free_port())
            .with_volume_mapping(str(self.redis_files), "/data", "rw")
        )

    def start(self) -> "Servers":
        self.postgres.start()
        self.redis.start()
        return self

    def stop(self) -> None:
        self.postgres.stop()
        self.redis.stop()

    @property
    def database_url(self) -> URL:
        return make_url(self.postgres.get_connection_url())

    @property
    def stream_address(self) -> tuple[str, int]:
        return self.redis.get_container_host_ip(), int(self.redis.get_exposed_port(6379))


class PostgresGround:
    """Four databases of their own on the shared servers."""

    kind = "postgresql"

    def __init__(self, servers: Servers, number: str, *, database_wire: Proxy, stream_wire: Proxy) -> None:
        self._servers = servers
        self.database_wire = database_wire
        self.stream_wire = stream_wire
        host, port = servers.stream_address
        self.stream_url = f"redis://{host}:{port}/0"
        self.services_stream_url = f"redis://127.0.0.1:{stream_wire.own_port}/0"
        self._names = {name: f"{name}_{number}" for name in SERVICES}
        self.database_urls = {name: self._url(database) for name, database in self._names.items()}
        through = {"host": "127.0.0.1", "port": database_wire.own_port}
        self.services_database_urls = {name: self._url(database, **through) for name, database in self._names.items()}

    async def open(self) -> None:
        for name, database in self._names.items():
            await self.command(f"CREATE DATABASE {database} TEMPLATE template_{name}")
        async with stream_client(self.stream_url) as client:
            await client.flushall()
        self._flushed = self._log().stat().st_size

    def _log(self) -> Path:
        (file,) = (self._servers.redis_files / "appendonlydir").glob("*.incr.aof")
        return file

    async def close(self) -> None:
        for database in self._names.values():
            await self.command(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    async def kill_stream(self) -> None:
        await asyncio.to_thread(self._servers.redis.get_wrapped_container().kill)

    async def start_stream(self) -> None:
        await asyncio.to_thread(self._servers.redis.get_wrapped_container().start)

        async def answers() -> bool:
            try:
                async with stream_client(self.stream_url) as client:
                    return bool(await client.ping())
            except (redis.RedisError, OSError):
                return False

        await eventually(answers, within=START_SECONDS)

    async def mend_stream(self) -> list[str]:
        return []

    async def cut_tail(self, size: int) -> None:
        file = self._log()
        with file.open("r+b") as tail:
            # What lies before is of an earlier run: without the wipe in between, its messages would come back.
            tail.truncate(max(self._flushed, file.stat().st_size - size))

    async def restart_database(self) -> None:
        """End it at once, as a crash does, and start it again."""
        container = self._servers.postgres.get_wrapped_container()
        await asyncio.to_thread(container.kill)
        await asyncio.to_thread(container.start)

        async def answers() -> bool:
            try:
                await self.command("SELECT 1")
            except (DBAPIError, OSError):
                return False
            return True

        await eventually(answers, within=START_SECONDS)

    async def terminate_backends(self) -> None:
        """Have the server end every connection of the services."""
        names = ", ".join(f"'{name}'" for name in self._names.values())
        await self.command(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ({names})")  # noqa: S608

    async def command(self, sql: str) -> None:
        await _command(self._servers.database_url, sql)

    def _url(self, database: str, **instead: Any) -> str:
        return self._servers.database_url.set(database=database, **instead).render_as_string(hide_password=False)


class PostgresPlace:
    """Runs on PostgreSQL and Redis."""

    kind = "postgresql"
    long_troubles: dict[str, Trouble] = {"half-open connections to PostgreSQL": forget_wires_to_postgresql}
    own_troubles: dict[str, Trouble] = {
        "lose_tail": lose_tail,
        "restart_database": restart_database,
        "terminate_backends": terminate_backends,
        **CUT,
    }

    def __init__(self, folder: Path, nursery: Nursery, secrets: Secrets, servers: Servers, wires: list[Proxy]) -> None:
        self._folder = folder
        self._nursery = nursery
        self._secrets = secrets
        self._servers = servers
        self._database_wire, self._stream_wire = wires
        self._numbers = itertools.count(1)

    async def run(self, *, seed: int, **how: Any) -> Outcome:
        """A run with `how`, or where nothing is said, as the seed draws it."""
        number = next(self._numbers)
        folder = self._folder / f"{self.kind}-{seed}-{number}"
        folder.mkdir()
        for wire in (self._database_wire, self._stream_wire):
            wire.clear()
        outcome = await run(
            folder,
            seed=seed,
            ground=PostgresGround(
                self._servers, f"run_{number}", database_wire=self._database_wire, stream_wire=self._stream_wire
            ),
            secrets=self._secrets,
            nursery=self._nursery,
            **(how or draw(seed, more=self.own_troubles).how()),
        )
        outcome.folder = str(folder)
        if not outcome.violations:
            shutil.rmtree(folder)
        return outcome


@asynccontextmanager
async def open_postgres_place(
    folder: Path, nursery: Nursery, secrets: Secrets, servers: Servers | None = None
) -> AsyncIterator[PostgresPlace]:
    """The place on `servers`, or on new ones that end with it."""
    own = servers is None
    servers = servers or Servers(folder)
    if own:
        await asyncio.to_thread(servers.start)
    try:
        for name in SERVICES:
            await _command(servers.database_url, f"CREATE DATABASE template_{name}")
            url = servers.database_url.set(database=f"template_{name}")
            await make_tables(url.render_as_string(hide_password=False), name)
        address = servers.database_url
        assert address.host is not None
        assert address.port is not None
        async with (
            open_proxy(address.host, address.port) as database_wire,
            open_proxy(*servers.stream_address) as stream_wire,
        ):
            yield PostgresPlace(folder, nursery, secrets, servers, [database_wire, stream_wire])
    finally:
        if own:
            await asyncio.to_thread(servers.stop)


async def _command(url: URL, sql: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(sql))
    finally:
        await engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
