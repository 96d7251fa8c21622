"""Bringing a service's database to the release at hand, under a lock, whoever starts first."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, inspect, text

from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.scope import EVERYTHING, SCOPE

if TYPE_CHECKING:
    from alembic.config import Config

ENVIRONMENT = Path(__file__).parent / "alembic"


def revisions(versions: Path) -> list[str]:
    """The numbers of a service's migrations, the newest last."""
    return sorted(path.name[:4] for path in versions.glob("[0-9]*.py"))


async def migrate(database: Database, *, versions: Path, metadata: MetaData, revision: str = "head") -> None:
    """Run the numbered migrations in `versions` up to `revision`, in one transaction."""
    if revision == "head" and await _revision_of(database) == revisions(versions)[-1]:
        # As at nearly every start: Alembic, which takes a moment to load, stays where it is.
        return
    async with database.engine.begin() as connection:
        # A migration moves the rows of all.
        await connection.execution_options(**{SCOPE: EVERYTHING})
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(727265)"))
        await connection.run_sync(_upgrade, versions, metadata, revision)


async def _revision_of(database: Database) -> str | None:
    """Where the database stands; `None` where it was never migrated."""
    async with database.engine.connect() as connection:
        if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
            return None
        at: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        return at


def config_of(versions: Path, metadata: MetaData) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["target_metadata"] = [tables.metadata, metadata]
    return config


def _upgrade(connection: Connection, versions: Path, metadata: MetaData, revision: str) -> None:
    from alembic import command

    config = config_of(versions, metadata)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
