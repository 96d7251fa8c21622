"""SQLite in the event loop's own thread, in place of aiosqlite's thread for each connection.

SQLAlchemy hands every statement four times to that thread and back; a statement on a local file takes a tenth of one
hand-over. What may really wait, the lock of another process that writes, is waited for without blocking the loop.
"""

import asyncio
import sqlite3
from asyncio import Future
from collections.abc import Callable
from typing import Any

LOCK_WAITED_SECONDS = 10.0
LOCK_ASKED_EVERY_SECONDS = 0.005
PRIMARY_CODE = 0xFF
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What was scrubbed is overwritten in the file, not only unlinked.
    "PRAGMA secure_delete=ON",
)


class Cursor:
    """As SQLAlchemy's adapter for aiosqlite wants one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        give_up: float | None = None
        while True:
            try:
                self._cursor.execute(statement, parameters)
            except sqlite3.OperationalError as error:
                # Another process writes. A write begins with the lock (BEGIN IMMEDIATE), so asking again is safe.
                now = asyncio.get_running_loop().time()
                give_up = now + LOCK_WAITED_SECONDS if give_up is None else give_up
                if error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY or now > give_up:
                    raise
                await asyncio.sleep(LOCK_ASKED_EVERY_SECONDS)
            else:
                return self

    async def executemany(self, statement: str, parameters: Any) -> "Cursor":
        self._cursor.executemany(statement, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid


class AtOnce:
    """Stands where aiosqlite has the queue to its thread."""

    def put_nowait(self, work: tuple[Future[Any], Callable[[], Any]]) -> None:
        future, function = work
        future.set_result(function())


class Connection:
    """As SQLAlchemy's adapter for aiosqlite wants one."""

    def __init__(self, path: str) -> None:
        self._connection = self._conn = sqlite3.connect(path, timeout=0, check_same_thread=False)
        self._tx = AtOnce()

    def cursor(self) -> Cursor:
        return Cursor(self._conn)

    @property
    def isolation_level(self) -> str | None:
        return self._conn.isolation_level

    def bear_damaged_text(self, *, bear: bool) -> None:
        """Read text that is no UTF-8 as well, with its odd bytes as they are; or no longer."""
        self._conn.text_factory = (lambda raw: raw.decode(errors="surrogateescape")) if bear else str

    async def commit(self) -> None:
        self._conn.commit()

    async def rollback(self) -> None:
        self._conn.rollback()

    async def close(self) -> None:
        self._conn.close()

    def stop(self) -> None:
        self._conn.close()

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        self._conn.create_function(*arguments, **options)
