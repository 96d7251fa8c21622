"""One place for all stories of a run."""

from collections.abc import Iterator

import pytest

from tests.model.place import Place


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    made = Place()
    yield made
    made.close()
