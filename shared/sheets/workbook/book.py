"""Which part of a workbook holds what, and which of its formats show a day."""

import posixpath

from shared.sheets.excel_days import shows_a_day
from shared.sheets.row import Problem, SheetRefused
from shared.sheets.workbook.elements import Reader, number_of

BUILT_IN_DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The numbers of formats that show a day or a time (ECMA-376 part 1, 18.8.30)."""


class Workbook:
    """Which part holds what."""

    def __init__(self) -> None:
        self._first: str | None = None
        self._parts: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self.epoch_1904 = False
        self.sheets, self.relations = _Sheets(self), _Relations(self)

    def note_sheet(self, said: dict[str, str]) -> None:
        if self._first is None and said.get("state", "visible") == "visible":
            self._first = next((value for name, value in said.items() if name.endswith(":id")), None)

    def note_relation(self, said: dict[str, str]) -> None:
        target = said.get("Target", "")
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        self._parts[said.get("Id", "")] = place
        self._kinds.setdefault(said.get("Type", "").rpartition("/")[2], place)

    def first_sheet(self) -> str:
        """The part of the first sheet that is not hidden. Raises `SheetRefused`."""
        if self._first is None or self._first not in self._parts:
            raise SheetRefused(Problem.DAMAGED)
        return self._parts[self._first]

    def part(self, kind: str) -> str:
        return self._kinds.get(kind, "")


class _Sheets(Reader):
    def __init__(self, book: Workbook) -> None:
        self._book = book

    def begin(self, name: str, said: dict[str, str]) -> None:
        if name == "sheet":
            self._book.note_sheet(said)
        elif name == "workbookPr":
            self._book.epoch_1904 = said.get("date1904", "0") in {"1", "true"}


class _Relations(Reader):
    def __init__(self, book: Workbook) -> None:
        self._book = book

    def begin(self, name: str, said: dict[str, str]) -> None:
        if name == "Relationship":
            self._book.note_relation(said)


class Formats(Reader):
    """Which of a workbook's formats show a day."""

    def __init__(self) -> None:
        self._own: dict[int, bool] = {}
        self._formats: list[bool] = []
        self._of_cells = False

    def begin(self, name: str, said: dict[str, str]) -> None:
        if name == "numFmt":
            self._own[number_of(said.get("numFmtId"))] = shows_a_day(said.get("formatCode", ""))
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            number = number_of(said.get("numFmtId"))
            self._formats.append(self._own.get(number, number in BUILT_IN_DAYS))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False

    def show_a_day(self, style: str | None) -> bool:
        place = number_of(style)
        return place < len(self._formats) and self._formats[place]
