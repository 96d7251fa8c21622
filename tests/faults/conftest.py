"""A nursery for all fault tests, and a place for runs of each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.ground import SqliteTemplates
from tests.faults.places import SqlitePlace
from tests.faults.postgres import PostgresPlace, Servers, open_postgres_place
from tests.faults.processes import Nursery, open_nursery
from tests.harness.containers import server_of

Place = SqlitePlace | PostgresPlace


@pytest.fixture(scope="session")
def faults_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as nursery:
        yield nursery


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_place(nursery: Nursery, faults_folder: Path) -> SqlitePlace:
    templates = SqliteTemplates(faults_folder)
    await templates.make()
    return SqlitePlace(faults_folder, nursery, templates)


@pytest.fixture(scope="session")
def servers_to_break(request: pytest.FixtureRequest, faults_folder: Path) -> Servers:
    """Servers that no other test uses."""
    servers: Servers = server_of(request.config, "PostgreSQL and Redis to break", lambda: Servers(faults_folder))
    return servers


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_place(
    servers_to_break: Servers, nursery: Nursery, sqlite_place: SqlitePlace, faults_folder: Path
) -> AsyncIterator[PostgresPlace]:
    async with open_postgres_place(faults_folder, nursery, sqlite_place.secrets, servers_to_break) as place:
        yield place


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.containers)])
def place(request: pytest.FixtureRequest) -> Place:
    """SQLite and the embedded stream, and then PostgreSQL and Redis."""
    there: Place = request.getfixturevalue("sqlite_place" if request.param == "sqlite" else "postgres_place")
    return there
