"""SQLite that does not wait for the disk: for tests of what a service does, none of which pulls a machine's plug.

Killing a process loses nothing by it. What we promise about the disk is tried where a disk is (`tests/model/disk.py`).
"""

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from shared.plumbing.database import Database


def wait_for_no_disk(database: Database) -> None:
    """A third of a test of many small writes was waiting. To be called before the first connection."""
    if database.is_sqlite:
        event.listen(database.engine.sync_engine, "connect", _wait_for_nothing)


def _wait_for_nothing(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
