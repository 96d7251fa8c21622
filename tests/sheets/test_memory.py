"""A hundred thousand rows in and out: what is held is a page of them."""

import io
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from shared.sheets import Kind, Problem, SheetRefused, read_rows
from tests.sheets.growth import ROWS
from tests.sheets.tables import MAIN, SHEET, excel

MOST = 12_000_000
"""Bytes; held as values, the rows would take more than thirty million."""


@pytest.mark.parametrize("kind", Kind)
def test_a_hundred_thousand_rows_are_written_and_read_a_page_at_a_time(kind: Kind, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sheets.growth", kind.value, str(tmp_path / "rows")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    rows, grown = map(int, said.stdout.split())
    assert rows == ROWS + 1
    assert grown < MOST


def test_a_bomb_takes_no_memory() -> None:
    """Twenty-five million bytes of one row, packed into some ten thousand."""
    whole, bomb = excel([["x"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != SHEET:
                new.writestr(name, old.read(name))
        with new.open(SHEET, "w") as part:
            part.write(f'<worksheet {MAIN}><sheetData><row><c t="str"><v>'.encode())
            for _ in range(5):
                part.write(b"<b/>" * 1_250_000)
    tracemalloc.start()
    try:
        with pytest.raises(SheetRefused) as refused:
            list(read_rows(bomb))
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
    assert refused.value.problem is Problem.TOO_LARGE
