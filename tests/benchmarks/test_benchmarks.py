"""Every part of the benchmarks works in its smallest size; what it measures here is nobody's business."""

from typing import Any

import pytest

from benchmarks.__main__ import PARTS, measure
from benchmarks.bench import TINY, Bench
from benchmarks.parts.cases import ATHAR, FLOOR
from benchmarks.report import Line, lines_of, markdown

# Some twenty processes start: on a busy machine that alone takes a minute.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    bench = Bench(tmp_path_factory.mktemp("bench"), TINY, servers=None, say=lambda _: None)
    with bench.one_of_each():
        return measure(bench, list(PARTS)) | {"load_average_after": (0.0, 0.0, 0.0)}


def test_every_part_has_its_lines_in_the_table(told: dict[str, Any]) -> None:
    words = " ".join(line.what for line in lines_of(told))

    for word in (
        "complete cases",
        "commit to effect",
        "relay alone",
        "outage",
        "serving",
        "the story of a case",
        "look kept",
        "taken in",
    ):
        assert word in words


def test_the_floor_writes_the_rows_that_athar_writes(told: dict[str, Any]) -> None:
    written = told["cases"]["embedded"]["written_a_case"]

    assert written[FLOOR]["by_table"] == written[ATHAR]["by_table"]


def test_the_page_says_what_missed_its_bar(told: dict[str, Any]) -> None:
    missed = Line("a thing", "2", "1", "200%", "≤ 1", passed=False)

    assert missed.cells[-1] == "MISSED"
    assert "| what | Athar |" in markdown(told)
