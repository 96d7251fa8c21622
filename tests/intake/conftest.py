"""The branch's desk under test."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from services.intake.main import INTAKE
from tests.contracts.migrated import make_migrated
from tests.harness.desk import Desk, open_desk
from tests.intake.office import KHARJ, Office


@pytest.fixture(scope="session")
def migrated_intake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty intake database."""
    return make_migrated(INTAKE, tmp_path_factory.mktemp("intake"))


@pytest.fixture
async def intake(
    migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Desk]:
    copy(migrated_intake, tmp_path)
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield desk
    # Every refusal that a test met stands in the API's document of its door.
    assert [record.getMessage() for record in caplog.get_records("call") if "undocumented" in record.getMessage()] == []


@pytest.fixture
def office(intake: Desk) -> Office:
    """The orphans' association: attestation, committee, a floor of fourteen days."""
    return Office(intake)


@pytest.fixture
def kharj(intake: Desk) -> Office:
    """The association with neither attestation nor committee: the shorter way."""
    return Office(intake, association=KHARJ)
