"""What the kernel stands on: a real stream, and a real database of either kind."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from redis.asyncio import Redis

from athar.stack.valkey import EmbeddedValkey
from shared.plumbing.database import Database
from tests.harness.containers import postgres_server, redis_server
from tests.plumbing.bench import Bench, make_tables

__all__ = ["postgres_server", "redis_server"]

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.containers)
NewUrl = Callable[[], Awaitable[str]]


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path_factory.mktemp("stream"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def stream(valkey: EmbeddedValkey) -> AsyncIterator[Redis]:
    """A client of an empty stream server."""
    async with Redis.from_url(valkey.url) as client:
        await client.flushall()
        yield client


@pytest.fixture(params=["sqlite", POSTGRESQL])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Makes empty databases, of SQLite and then of PostgreSQL."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        return server.new_database  # type: ignore[no-any-return]

    numbers = count(1)

    async def new_file() -> str:
        return f"sqlite+aiosqlite:///{tmp_path}/{next(numbers)}.db"

    return new_file


@pytest.fixture
async def database(new_url: NewUrl) -> AsyncIterator[Database]:
    """One database with the kernel's tables and one that counts effects."""
    database = Database(await new_url())
    await make_tables(database)
    yield database
    await database.close()


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)
