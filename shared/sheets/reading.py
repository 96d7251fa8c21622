"""A table read a row at a time, whatever program wrote it."""

from collections.abc import Iterator
from typing import IO

from shared.sheets.csv_in import read_csv
from shared.sheets.row import Bounds, Problem, Row, SheetRefused
from shared.sheets.workbook.reading import read_xlsx

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_rows(file: IO[bytes], *, bounds: Bounds | None = None) -> Iterator[Row]:
    """The rows of a CSV or Excel file that can be sought in, its first sheet, as they come.

    Raises `SheetRefused` where it can be read no further; the rows before it have come. It works as it is asked: an
    event loop asks it in a thread.
    """
    bounds = bounds or Bounds()
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start.startswith(OLD_EXCEL):
        raise SheetRefused(Problem.OLD_OR_LOCKED)
    yield from (read_xlsx if start.startswith(ZIP) else read_csv)(file, bounds=bounds)
