"""A database that was migrated once, to be copied for each test: migrating is the slowest part of setting a desk up."""

import asyncio
from pathlib import Path

from shared.plumbing.database import Database
from shared.plumbing.migrations import migrate
from shared.plumbing.service import Service
from tests.harness.unsynced import wait_for_no_disk


def make_migrated(service: Service, folder: Path) -> Path:
    """The file of an empty database of `service`, under the name that a desk gives it."""
    file = folder / f"{service.source}.db"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}")
        wait_for_no_disk(database)
        await migrate(database, versions=service.migrations, metadata=service.tables)
        await database.close()

    asyncio.run(make())
    return file
