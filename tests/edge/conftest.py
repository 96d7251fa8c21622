"""The branch's desk with a folder for files, and the street before its door."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import copy

import pytest

from athar.stack.valkey import EmbeddedValkey
from services.intake.main import INTAKE
from tests.contracts.conftest import app
from tests.contracts.migrated import make_migrated
from tests.edge.file_desk import FileDesk
from tests.harness.containers import postgres_server, redis_server
from tests.harness.desk import Desk, open_desk
from tests.intake.office import Office

__all__ = ["app", "postgres_server", "redis_server"]


@pytest.fixture(scope="session")
def migrated_intake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_migrated(INTAKE, tmp_path_factory.mktemp("intake"))


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path_factory.mktemp("stream"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def intake(migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    copy(migrated_intake, tmp_path)
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(tmp_path / "files"))
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield desk


@pytest.fixture
async def papers_desk(intake: Desk, tmp_path: Path) -> FileDesk:
    """A case with a document that waits for its file."""
    office = Office(intake)
    case = await office.begin()
    document = await office.step(case, "documents", office.paper(office.service.documents[0].kind))
    return FileDesk(office, case, document["id"], tmp_path / "files" / "intake")
