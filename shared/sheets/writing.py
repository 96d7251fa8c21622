"""A list written as a table, a page at a time: what is held is the page, never the list."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.sheets.row import Value
from shared.sheets.values import guarded
from shared.sheets.workbook.writing import Pack, cells_of, frame, sheet_begin, sheet_end

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"


class Kind(StrEnum):
    """The programs that read it."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Column:
    """A column's head, and how wide it is shown, in letters."""

    title: str
    width: int = 18


class Sheet(Protocol):
    """A table that is being written: `begin`, then `rows` as often as there are pages, then `end`."""

    media_type: str

    def begin(self) -> bytes: ...

    def rows(self, rows: Iterable[Sequence[Value]]) -> bytes: ...

    def end(self) -> bytes: ...


def sheet_of(kind: Kind, columns: Sequence[Column], *, title: str, right_to_left: bool = True) -> Sheet:
    """An empty table of the kind that was asked for."""
    return Csv(columns) if kind is Kind.CSV else Xlsx(columns, title=title, right_to_left=right_to_left)


class Csv:
    """CSV with the mark by which Excel knows UTF-8; nothing in it is carried out."""

    media_type = CSV_TYPE

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns

    def begin(self) -> bytes:
        return b"\xef\xbb\xbf" + self.rows([[column.title for column in self._columns]])

    def rows(self, rows: Iterable[Sequence[Value]]) -> bytes:
        said = io.StringIO(newline="")
        writer = csv.writer(said, lineterminator="\r\n")
        writer.writerows([_csv_cell(value) for value in row] for row in rows)
        return said.getvalue().encode("utf-8", errors="replace")

    def end(self) -> bytes:
        return b""


def _csv_cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value.replace("\x00", ""))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value if isinstance(value, (int, float)) else value.isoformat()


class Xlsx:
    """A workbook of one sheet, packed as it is written: nothing of it lies on the disk in between."""

    media_type = XLSX_TYPE

    def __init__(self, columns: Sequence[Column], *, title: str, right_to_left: bool = True) -> None:
        self._columns, self._title, self._right_to_left = columns, title, right_to_left
        self._pack = Pack()
        self._row = 0

    def begin(self) -> bytes:
        self._pack.write_parts(frame(title=self._title))
        widths = [column.width for column in self._columns]
        self._pack.open_sheet(sheet_begin(widths, right_to_left=self._right_to_left))
        self._write([[column.title for column in self._columns]], is_head=True)
        return self._pack.taken()

    def rows(self, rows: Iterable[Sequence[Value]]) -> bytes:
        self._write(rows, is_head=False)
        return self._pack.taken()

    def end(self) -> bytes:
        self._pack.close_sheet(sheet_end(columns=len(self._columns), rows=self._row))
        return self._pack.taken()

    def _write(self, rows: Iterable[Sequence[Value]], *, is_head: bool) -> None:
        for row in rows:
            self._row += 1
            self._pack.add(cells_of(row, number=self._row, is_head=is_head))
