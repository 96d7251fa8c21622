"""A nursery for all fault tests, and a runner on each kind of ground."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.faults.ground import SqliteGround, SqliteTemplates
from tests.faults.processes import Nursery, open_nursery
from tests.faults.run import Outcome, run

Runner = Callable[..., Coroutine[Any, Any, Outcome]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as nursery:
        yield nursery


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplates:
    templates = SqliteTemplates(tmp_path_factory.mktemp("templates"))
    await templates.make()
    return templates


@pytest.fixture
def run_on(nursery: Nursery, sqlite_templates: SqliteTemplates, tmp_path: Path) -> Runner:
    """Make a run on a fresh stack."""

    async def run_there(folder: Path = tmp_path, **how: Any) -> Outcome:
        ground = SqliteGround(folder / "data", sqlite_templates)
        return await run(folder, ground=ground, secrets=sqlite_templates.secrets, nursery=nursery, **{"seed": 1, **how})

    return run_there
