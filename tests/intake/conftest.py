"""The branch's desk under test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.intake.main import INTAKE
from tests.harness.desk import Desk, open_desk


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield desk
