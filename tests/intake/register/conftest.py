"""The desk that asks to be searched first, and that wants a reason for a second open request."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from services.intake.main import INTAKE
from tests.harness.containers import postgres_server
from tests.harness.desk import open_desk
from tests.intake.office import Office

__all__ = ["postgres_server"]


@pytest.fixture
async def strict(migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    copy(migrated_intake, tmp_path)
    monkeypatch.setenv("ATHAR_INTAKE_SEARCH_FIRST", "true")
    monkeypatch.setenv("ATHAR_INTAKE_ONE_OPEN_REQUEST", "true")
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield Office(desk)
