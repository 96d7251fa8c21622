"""What the kernel stands on: a real stream, and a real database of either kind."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from athar.stack.valkey import EmbeddedValkey
from shared.plumbing.database import Database
from tests.harness.containers import PostgresServer, postgres_server, redis_server
from tests.plumbing.bench import Bench, empty_tables, make_tables
from tests.plumbing.counter import Counter, open_counter

__all__ = ["postgres_server", "redis_server"]

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.containers)


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


async def prepare(url: str) -> None:
    database = Database(url)
    await make_tables(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the kernel's tables and one that counts effects: made once, copied for each test."""
    file = tmp_path_factory.mktemp("sqlite") / "kernel.db"
    asyncio.run(prepare(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The same in PostgreSQL: made once, emptied for each test."""
    url = postgres_server.make_database()
    asyncio.run(prepare(url))
    return url


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the test's database is: a SQLite file, and then PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    file = shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with empty tables."""
    database = Database(database_url)
    if not database.is_sqlite:
        await empty_tables(database)
    yield database
    await database.close()


@pytest.fixture
async def counter(sqlite_file: Path, tmp_path: Path) -> AsyncIterator[Counter]:
    file = shutil.copy(sqlite_file, tmp_path)
    async with open_counter(f"sqlite+aiosqlite:///{file}", tmp_path) as counter:
        yield counter


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)
