"""What the tests of who may see and do what stand on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.feedback.main import FEEDBACK
from services.intake.main import INTAKE
from services.notifications.main import NOTIFICATIONS
from services.research.main import RESEARCH
from tests.harness.containers import postgres_server
from tests.harness.desk import Desk, open_desk
from tests.intake.office import Office
from tests.research.body import KHARJ, Body

__all__ = ["postgres_server"]


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield Office(desk)


@pytest.fixture
async def research(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(RESEARCH, tmp_path, monkeypatch) as desk:
        yield desk


@pytest.fixture
def committee(research: Desk) -> Body:
    return Body(research)


@pytest.fixture
def department(research: Desk) -> Body:
    return Body(research, association=KHARJ)


@pytest.fixture
async def notifications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(NOTIFICATIONS, tmp_path, monkeypatch) as desk:
        yield desk


@pytest.fixture
async def feedback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(FEEDBACK, tmp_path, monkeypatch) as desk:
        yield desk
