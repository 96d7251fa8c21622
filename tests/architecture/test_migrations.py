"""The numbered migrations make exactly the tables that the models say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from athar.catalogue import SERVICES
from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.migrations import migrate
from tests.harness.containers import PostgresServer


async def difference(name: str, url: str) -> list[object]:
    service, database = SERVICES[name], Database(url)

    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = []
        existing = set()
        for metadata in (tables.metadata, service.tables):
            existing |= set(metadata.tables)
            context.opts["include_name"] = lambda name, kind, _: kind != "table" or name in metadata.tables  # noqa: B023
            found += compare_metadata(context, metadata)
        return found

    try:
        await migrate(database, versions=service.migrations, metadata=service.tables)
        await migrate(database, versions=service.migrations, metadata=service.tables)
        async with database.engine.connect() as connection:
            return await connection.run_sync(compare)
    finally:
        await database.close()


@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_models_equal_migrations_on_sqlite(name: str, tmp_path: Path) -> None:
    assert await difference(name, f"sqlite+aiosqlite:///{tmp_path}/{name}.db") == []


@pytest.mark.containers
@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_models_equal_migrations_on_postgresql(name: str, postgres_server: PostgresServer) -> None:
    assert await difference(name, await postgres_server.new_database()) == []
