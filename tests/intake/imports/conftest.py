"""Intake with a folder for files, and the administrator before its door."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from services.intake.main import INTAKE
from tests.harness.desk import Desk, open_desk
from tests.intake.imports.lists import Administrator


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files" / "intake"


@pytest.fixture
async def intake(
    migrated_intake: Path, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    copy(migrated_intake, tmp_path)
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(files.parent))
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield desk


@pytest.fixture
def administrator(intake: Desk) -> Administrator:
    return Administrator(intake)
