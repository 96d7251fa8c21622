"""Each clause about channels, tools and the way of a case is shown by a test that names it."""

import ast
from pathlib import Path

import pytest

from shared.language.clauses import Clause

TESTS = Path(__file__).parents[1]
NAMED_AS_A_RULE = ("channel.", "tool.", "step.")
CLAUSES = [clause for clause in Clause if clause.startswith(NAMED_AS_A_RULE)]


@pytest.fixture(scope="module")
def tests() -> list[str]:
    """The source of every test there is, but of these."""
    return [
        ast.get_source_segment(source, node) or ""
        for path in TESTS.rglob("test_*.py")
        if path != Path(__file__)
        for source in [path.read_text(encoding="utf-8")]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_is_named_by_a_test(clause: Clause, tests: list[str]) -> None:
    assert any(f"`{clause}`" in source or f"Clause.{clause.name}" in source for source in tests)
