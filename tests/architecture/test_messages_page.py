"""The page of promises names lines and tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/messages.md").read_text()


@pytest.mark.parametrize(("file", "name"), sorted(set(re.findall(r"`(\w+\.py)` `(\w+)`", PAGE))))
def test_a_line_that_the_page_names_is_there(file: str, name: str) -> None:
    code = (ROOT / "shared/plumbing" / file).read_text()
    assert re.search(rf"^\s*(async def|def|class) {name}\b|^{name} =", code, re.MULTILINE)


@pytest.mark.parametrize("file", sorted(set(re.findall(r"`((?:plumbing|faults|model)/test_\w+\.py)", PAGE))))
def test_a_test_that_the_page_names_is_there(file: str) -> None:
    assert (ROOT / "tests" / file).is_file()
