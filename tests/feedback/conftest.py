"""Feedback under test."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.feedback.main import FEEDBACK
from tests.harness.desk import Desk, open_desk


@pytest.fixture
async def feedback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(FEEDBACK, tmp_path, monkeypatch) as desk:
        yield desk


@pytest.fixture(autouse=True)
def every_refusal_is_documented(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The kernel logs a refusal that a route did not name; here that fails the test."""
    with caplog.at_level(logging.ERROR, logger="athar.problems"):
        yield
    assert "undocumented refusal" not in caplog.text
