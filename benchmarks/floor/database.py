"""A transaction on sqlite3 or on asyncpg, with `?` for every value."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any, Protocol

import asyncpg

from benchmarks.stacks.servers import asyncpg_url
from shared.plumbing.in_loop import SQLITE_PRAGMAS

Rows = Sequence[Any]
TOLD = "told"


class Transaction(Protocol):
    """What a handler writes with. `tells` has the relay woken once it is committed."""

    tells: bool

    async def run(self, sql: str, *values: Any) -> Rows: ...

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...


class SqliteTransaction:
    """Every call is done when it returns; none of them gives way to another task."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.tells = False

    async def run(self, sql: str, *values: Any) -> Rows:
        return self._connection.execute(sql, [_plain(value) for value in values]).fetchall()

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(sql, [[_plain(value) for value in row] for row in rows])


class PostgresTransaction:
    """Statements are prepared by the driver, once a connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.tells = False

    async def run(self, sql: str, *values: Any) -> Rows:
        found: Rows = await self._connection.fetch(numbered(sql), *values)
        return found

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        await self._connection.executemany(numbered(sql), list(rows))


class FloorDatabase:
    """One service's database; `wake` is called after a commit that told something."""

    def __init__(self, url: str, *, wake: Callable[[], None]) -> None:
        self._url = url
        self._wake = wake
        self._sqlite: sqlite3.Connection | None = None
        self._pool: Any = None
        self._listening: Any = None

    async def open(self) -> None:
        if self._url.startswith("sqlite"):
            path = self._url.partition("///")[2]
            self._sqlite = sqlite3.connect(path, isolation_level=None)
            for pragma in SQLITE_PRAGMAS:
                self._sqlite.execute(pragma)
        else:
            self._pool = await asyncpg.create_pool(asyncpg_url(self._url), min_size=2, max_size=20)

    async def on_told(self) -> None:
        """Be woken by commits of other processes too."""
        if self._pool is not None:
            self._listening = await asyncpg.connect(asyncpg_url(self._url))
            await self._listening.add_listener(TOLD, lambda *_: self._wake())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commits at the end of the block."""
        if self._sqlite is not None:
            # No await inside gives way, so nobody else can be in this connection's transaction.
            transaction = SqliteTransaction(self._sqlite)
            self._sqlite.execute("BEGIN IMMEDIATE")
            try:
                yield transaction
            except BaseException:
                self._sqlite.execute("ROLLBACK")
                raise
            self._sqlite.execute("COMMIT")
            if transaction.tells:
                self._wake()
            return
        async with self._pool.acquire() as connection:
            in_postgres = PostgresTransaction(connection)
            await connection.execute("BEGIN")
            try:
                yield in_postgres
            except BaseException:
                await connection.execute("ROLLBACK")
                raise
            await connection.execute(f"NOTIFY {TOLD}; COMMIT" if in_postgres.tells else "COMMIT")

    async def read(self, sql: str, *values: Any) -> Rows:
        """One statement by itself."""
        if self._sqlite is not None:
            return await SqliteTransaction(self._sqlite).run(sql, *values)
        async with self._pool.acquire() as connection:
            found: Rows = await connection.fetch(numbered(sql), *values)
            return found


@cache
def numbered(sql: str) -> str:
    """`?` as PostgreSQL counts them."""
    numbers = count(1)
    first, *others = sql.split("?")
    return first + "".join(f"${next(numbers)}{part}" for part in others)


@cache
def insert(table: str, columns: tuple[str, ...], *, end: str = "") -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) {end}"  # noqa: S608 - our own names


async def add(transaction: Transaction, table: str, **row: Any) -> None:
    await transaction.run(insert(table, tuple(row)), *row.values())


def _plain(value: Any) -> Any:
    """As SQLAlchemy writes it into SQLite."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
