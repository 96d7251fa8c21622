"""PostgreSQL and Redis in Docker, with every commit on disk: what is measured is durable."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

POSTGRES_IMAGE, REDIS_IMAGE = "postgres:15-bookworm", "redis:7-bookworm"
POSTGRES = "postgres -c max_connections=300 -c track_commit_timestamp=on -c shared_buffers=512MB -c max_wal_size=4GB"
REDIS = "redis-server --appendonly yes --appendfsync everysec --maxmemory-policy noeviction --databases 64"
REDIS_QUIET = ["--save", ""]


class Servers:
    """A server of each, with as many empty databases as a run asks for."""

    def __init__(self, postgres_url: str, redis_url: str) -> None:
        self._postgres_url = postgres_url
        self._redis_url = redis_url
        self._redis_numbers = count(0)

    def new_database(self) -> str:
        """Make an empty database; its SQLAlchemy URL."""
        name = f"bench_{uuid4().hex}"

        async def make() -> None:
            connection = await asyncpg.connect(self._postgres_url)
            await connection.execute(f"CREATE DATABASE {name}")
            await connection.close()

        asyncio.run(make())
        url = urlsplit(self._postgres_url)._replace(scheme="postgresql+asyncpg", path=f"/{name}")
        return url.geturl()

    def new_redis_url(self) -> str:
        """A numbered database of the one server that nobody has used yet."""
        return f"{self._redis_url}/{next(self._redis_numbers)}"


@contextmanager
def servers() -> Iterator[Servers]:
    """Raises whatever testcontainers raises where there is no Docker."""
    # The reaper would be one more image to fetch; the block's own end stops what it started.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.community.postgres import PostgresContainer
    from testcontainers.community.redis import RedisContainer

    postgres = PostgresContainer(POSTGRES_IMAGE, driver=None).with_command(POSTGRES)
    redis = RedisContainer(REDIS_IMAGE).with_command([*REDIS.split(), *REDIS_QUIET])
    with postgres, redis:
        redis_url = f"redis://{redis.get_container_host_ip()}:{redis.get_exposed_port(6379)}"
        yield Servers(postgres.get_connection_url(), redis_url)


def asyncpg_url(url: str) -> str:
    """A SQLAlchemy URL as the bare driver reads it."""
    return url.replace("postgresql+asyncpg://", "postgresql://")
