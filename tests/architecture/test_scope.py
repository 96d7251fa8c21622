"""Row scope stands in one place, and nobody asks past it."""

import ast
import re
from pathlib import Path

import pytest

from athar.catalogue import SERVICES
from shared.plumbing.scope import SCOPE, Own

ROOT = Path(__file__).parents[2]
ASKS = {"exec", "execute", "scalar", "scalars", "connection", "get", "stream", "refresh"}


OF_NO_BRANCH = {"seats": "whoever sits there may sit in another branch as well; none but the administrator reads them"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_table_of_a_service_says_whose_rows_it_holds(name: str) -> None:
    unsaid = [table.name for table in SERVICES[name].tables.tables.values() if SCOPE not in table.info]
    assert unsaid == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_table_that_names_an_association_a_branch_or_a_case_is_told_apart_by_it(name: str) -> None:
    for table in SERVICES[name].tables.tables.values():
        rows = table.info[SCOPE]
        if isinstance(rows, Own):
            assert "association_id" in table.columns, table.name
            of_branch = "branch_id" in table.columns and table.name not in OF_NO_BRANCH
            assert (rows.branch is not None) is of_branch, table.name
            assert (rows.case is not None) is ("case_id" in table.columns or table.name == "cases"), table.name


def asks_of_a_session(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ASKS
        and isinstance(node.value, ast.Name)
        and re.search("session|connection", node.value.id)
    ]


def test_no_room_but_the_store_asks_the_database() -> None:
    rooms = [
        path for path in (ROOT / "services").rglob("*.py") if path.name != "store.py" and "store" not in path.parts
    ]
    assert [ask for path in rooms for ask in asks_of_a_session(path)] == []


def test_the_check_sees_a_store_ask() -> None:
    assert asks_of_a_session(ROOT / "services/intake/store/__init__.py") != []
