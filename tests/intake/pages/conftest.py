"""The desk's pages under test: behind the real sign-in with the one origin, or one service alone with a token."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from shared.language.roles import Role
from tests.accounts.house import House, open_house
from tests.harness.desk import Desk
from tests.intake.pages.clerk import Clerk, Pages


@pytest.fixture
async def house(migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(tmp_path / "files"))
    async with open_house(f"sqlite+aiosqlite:///{copy(migrated_intake, tmp_path)}", tmp_path) as house:
        yield house


@pytest.fixture
async def clerk(house: House) -> Clerk:
    """A delegate of the head office's branch, signed in."""
    clerk = Clerk(house)
    await clerk.come_in(await house.member("huda", Role.DELEGATE))
    return clerk


@pytest.fixture
def pages(intake: Desk) -> Pages:
    """The pages of intake, asked as whoever a test names."""
    return Pages(intake)
