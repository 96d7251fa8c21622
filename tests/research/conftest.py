"""The reviewing body under test."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from services.research.main import RESEARCH
from tests.contracts.migrated import make_migrated
from tests.harness.desk import Desk, open_desk
from tests.research.body import KHARJ, Body


@pytest.fixture(scope="session")
def migrated_research(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty research database."""
    return make_migrated(RESEARCH, tmp_path_factory.mktemp("research"))


@pytest.fixture
async def research(
    migrated_research: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Desk]:
    copy(migrated_research, tmp_path)
    async with open_desk(RESEARCH, tmp_path, monkeypatch) as desk:
        yield desk
    # Every refusal that a test met stands in the API's document of its door.
    assert [record.getMessage() for record in caplog.get_records("call") if "undocumented" in record.getMessage()] == []


@pytest.fixture
def committee(research: Desk) -> Body:
    """The orphans' association: a committee with a quorum of three, a floor of fourteen days."""
    return Body(research)


@pytest.fixture
def department(research: Desk) -> Body:
    """The association of Kharj: the department that owns the service decides, without a floor."""
    return Body(research, association=KHARJ)
