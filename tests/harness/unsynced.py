"""SQLite that does not wait for the disk: for tests of what a service does, none of which pulls a machine's plug.

Killing a process loses nothing by it. What we promise about the disk is tried where a disk is (`tests/model/disk.py`).
"""

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from shared.plumbing.database import Database
from shared.plumbing.vault import VAULT


def wait_for_no_disk(database: Database) -> None:
    """Neither here nor in the vault: a third of a test was waiting. To be called before the first connection."""
    for engine in (database.engine.sync_engine, VAULT._engine):
        if isinstance(engine, Engine) and engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _wait_for_nothing)


def _wait_for_nothing(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
