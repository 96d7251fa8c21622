"""What a table is made of, how much of it is taken, and why one is refused."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Value = str | int | float | bool | date | datetime | None


class Problem(StrEnum):
    """Why a table can be read no further."""

    NOT_A_TABLE = "not_a_table"
    OLD_OR_LOCKED = "old_or_locked"
    """Excel before 2007, or a workbook with a password."""
    CUT_SHORT = "cut_short"
    DAMAGED = "damaged"
    TOO_WIDE = "too_wide"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"


class SheetRefused(Exception):
    """A table can be read no further. `row` is the number of the row in the file, where it has come to one."""

    def __init__(self, problem: Problem, *, row: int | None = None) -> None:
        super().__init__(problem.value if row is None else f"{problem.value} at row {row}")
        self.problem = problem
        self.row = row


@dataclass(frozen=True)
class Bounds:
    """How much of a table is taken. What lies beyond is refused before it is held."""

    rows: int = 200_000
    columns: int = 500
    row_letters: int = 1_000_000
    """In one row of CSV (there in bytes), or one cell of Excel."""
    unpacked: int = 400_000_000
    """Bytes of a whole workbook. They are read in pieces; only its shared texts are held."""
    shared_texts: int = 60_000_000
    """Bytes of the texts that an Excel file keeps once for all its cells."""
    frame: int = 5_000_000
    """Bytes of each of a workbook's other parts: its list of sheets, its formats."""


@dataclass(frozen=True)
class Row:
    """A row that holds something; `number` as the person sees it in the file, from 1."""

    number: int
    cells: tuple[Value, ...]
