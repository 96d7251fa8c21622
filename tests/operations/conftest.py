"""What operators look at: one service alone, and all four as `athar up` runs them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from athar.stack.valkey import EmbeddedValkey
from tests.harness.containers import PostgresServer, postgres_server
from tests.operations.house import House, open_house
from tests.operations.lone import Lone, open_lone
from tests.plumbing.conftest import POSTGRESQL, stream, valkey

__all__ = ["postgres_server", "stream", "valkey"]

OpenLone = Callable[..., AbstractAsyncContextManager[Lone]]


@pytest.fixture
def open_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenLone:
    """Open feedback alone: `database_url` and `redis_url` are where the test says, or a file and no stream."""

    def opened(
        *, database_url: str | None = None, redis_url: str = "redis://127.0.0.1:1/0", migrated: bool = True
    ) -> AbstractAsyncContextManager[Lone]:
        url = database_url or f"sqlite+aiosqlite:///{tmp_path}/feedback.db"
        return open_lone(tmp_path, monkeypatch, database_url=url, redis_url=redis_url, migrated=migrated)

    return opened


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: a SQLite file, and then PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/feedback.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.make_database()


@pytest.fixture
async def service(
    open_service: OpenLone, database_url: str, valkey: EmbeddedValkey, stream: Redis
) -> AsyncIterator[Lone]:
    """Feedback alone, with an empty stream, on either database; nothing works in it yet."""
    await stream.ping()
    async with open_service(database_url=database_url, redis_url=valkey.url) as lone:
        yield lone


@pytest.fixture
async def house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, valkey: EmbeddedValkey, stream: Redis
) -> AsyncIterator[House]:
    """All four services at work in this process, with an empty stream."""
    await stream.ping()
    async with open_house(tmp_path, monkeypatch, redis_url=valkey.url) as house:
        yield house
