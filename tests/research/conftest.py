"""The reviewing body under test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.research.main import RESEARCH
from tests.harness.desk import Desk, open_desk


@pytest.fixture
async def research(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(RESEARCH, tmp_path, monkeypatch) as desk:
        yield desk
