"""Bringing a service's database to the release at hand, under a lock, whoever starts first."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from shared.plumbing import tables
from shared.plumbing.database import Database

ENVIRONMENT = Path(__file__).parent / "alembic"


async def migrate(database: Database, *, versions: Path, metadata: MetaData, revision: str = "head") -> None:
    """Run the numbered migrations in `versions` up to `revision`, in one transaction."""
    async with database.engine.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(727265)"))
        await connection.run_sync(_upgrade, versions, metadata, revision)


def config_of(versions: Path, metadata: MetaData) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["target_metadata"] = [tables.metadata, metadata]
    return config


def _upgrade(connection: Connection, versions: Path, metadata: MetaData, revision: str) -> None:
    config = config_of(versions, metadata)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
