"""The house under test, on SQLite, and on PostgreSQL where people try at the same time."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from services.intake.main import INTAKE
from tests.accounts.house import House, open_house
from tests.contracts.migrated import make_migrated
from tests.harness.containers import PostgresServer, postgres_server

__all__ = ["postgres_server"]

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.containers)


@pytest.fixture(scope="session")
def migrated_intake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty intake database."""
    return make_migrated(INTAKE, tmp_path_factory.mktemp("accounts"))


@pytest.fixture
def sqlite_url(migrated_intake: Path, tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{copy(migrated_intake, tmp_path)}"


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(sqlite_url, tmp_path) as house:
        yield house


@pytest.fixture(params=["sqlite", POSTGRESQL])
async def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated SQLite file, and then an empty PostgreSQL database."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return await server.new_database()


@pytest.fixture
async def either_house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as house:
        yield house
