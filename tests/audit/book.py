"""The trail as it lies in the database, and an intruder who writes into it behind the service's back."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import select

from shared.plumbing.audit.checking import broken_links
from shared.plumbing.audit.tables import entries
from shared.plumbing.database import Database


async def kept(database: Database, *where: Any) -> list[Any]:
    """The entries of people, in the order of their making."""
    async with database.read() as session:
        query = select(entries).where(entries.c.kind != "began", *where).order_by(entries.c.id)
        return list((await (await session.connection()).execute(query)).all())


async def broken(database: Database) -> list[str]:
    """What `athar audit verify` would say."""
    return [str(one) async for one in broken_links(database)]


def file_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


class Intruder:
    """Somebody with the file of the database in his hands, and without the key. The triggers do not stop him."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.text_factory = bytes
        for (name,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self._connection.execute(f"DROP TRIGGER {name.decode()}")

    def do(self, sql: str, *values: Any) -> int:
        """How many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def ask(self, sql: str, *values: Any) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        self._connection.close()
