"""Real servers in Docker, one of each for a whole test run: PostgreSQL and Redis as production has them.

A `conftest.py` imports the fixtures that its folder needs; however many do, each server starts once.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

POSTGRES_IMAGE = "postgres:15-bookworm"
REDIS_IMAGE = "redis:7-bookworm"
REQUIRED = "ATHAR_REQUIRE_CONTAINERS"

# The reaper would be one more image to fetch; the run's own end stops what it started.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")


class PostgresServer:
    """A PostgreSQL server with as many empty databases as a run asks for."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)

    async def new_database(self) -> str:
        """Make an empty database; its asyncpg URL."""
        # Two folders may share the server and not this object: a name of its own, not a number.
        name = f"athar_{uuid4().hex}"
        engine = create_async_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        await engine.dispose()
        return self._url.set(database=name).render_as_string(hide_password=False)

    def make_database(self) -> str:
        """`new_database` for a test that runs no loop of its own."""
        return asyncio.run(self.new_database())


def server_of(config: pytest.Config, image: str, make: Callable[[], Any]) -> Any:
    """The container of `image`, started at its first use; without Docker the test is skipped, or fails if required."""
    servers: dict[str, Any] = config.stash.setdefault(_SERVERS, {})
    if image not in servers:
        try:
            servers[image] = make().start()
        except Exception as error:  # noqa: BLE001 - whatever keeps a container from starting
            servers[image] = f"{image} does not start here ({type(error).__name__}); is Docker up?"
        else:
            config.add_cleanup(servers[image].stop)
    if not isinstance(server := servers[image], str):
        return server
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{REQUIRED} is set, and {server}")
    pytest.skip(server)


_SERVERS = pytest.StashKey[dict[str, Any]]()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> PostgresServer:
    """A PostgreSQL server in Docker."""

    def make() -> Any:
        from testcontainers.community.postgres import PostgresContainer

        # Without fsync it survives its own crash, as tests may ask; only the machine's would hurt it.
        container = PostgresContainer(POSTGRES_IMAGE, driver="asyncpg")
        return container.with_command("postgres -c max_connections=300 -c fsync=off")

    return PostgresServer(server_of(request.config, POSTGRES_IMAGE, make).get_connection_url())


@pytest.fixture(scope="session")
def redis_server(request: pytest.FixtureRequest) -> str:
    """The URL of a Redis server in Docker that keeps what it was told in its append-only file."""

    def make() -> Any:
        from testcontainers.community.redis import RedisContainer

        return RedisContainer(REDIS_IMAGE).with_command("redis-server --appendonly yes")

    server = server_of(request.config, REDIS_IMAGE, make)
    return f"redis://{server.get_container_host_ip()}:{server.get_exposed_port(6379)}/0"
