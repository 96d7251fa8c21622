"""The rows of a sheet as they become whole, and the texts that they share."""

import re

from shared.sheets.excel_days import day_of
from shared.sheets.row import Bounds, Problem, Row, SheetRefused, Value
from shared.sheets.workbook.book import Formats
from shared.sheets.workbook.elements import Reader, number_of

MOST_NUMBER = 1_048_576
"""Excel has no more rows, with or without something in them."""
PLACE = re.compile(r"([A-Z]{1,7})([0-9]{1,9})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
WHOLE = re.compile(r"-?[0-9]{1,15}")


class _Texts(Reader):
    """The text within an element; how it is to be pronounced (`rPh`) is left out."""

    def __init__(self, bounds: Bounds) -> None:
        self._most = bounds.row_letters
        self._pieces: list[str] = []
        self._letters = 0
        self._hears = False
        self._aside = 0

    def begin(self, name: str, said: dict[str, str]) -> None:  # noqa: ARG002
        if name == "rPh":
            self._aside += 1
        self._hears = name in {"t", "v"} and not self._aside

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aside -= 1
        self._hears = False

    def text(self, data: str) -> None:
        if self._hears:
            self._letters += len(data)
            if self._letters > self._most:
                raise SheetRefused(Problem.TOO_LARGE, row=self.next_row)
            self._pieces.append(data)

    def said(self) -> str:
        """What was heard since it was asked last."""
        said = "".join(self._pieces)
        self._pieces, self._letters = [], 0
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), said) if "_x" in said else said


class SharedTexts(_Texts):
    """The texts that cells name by number."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(bounds)
        self.texts: list[str] = []

    @property
    def progress(self) -> int:
        return len(self.texts)

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.texts.append(self.said())


class SheetRows(_Texts):
    """The rows of a sheet, as they become whole."""

    def __init__(self, *, texts: list[str], formats: Formats, epoch_1904: bool, bounds: Bounds) -> None:
        super().__init__(bounds)
        self._last, self._next = 0, 1
        self._texts, self._formats, self._epoch_1904, self._bounds = texts, formats, epoch_1904, bounds
        self._cells: dict[int, Value] = {}
        self._column = -1
        self._kind = "n"
        self._style: str | None = None
        self._done: list[Row] = []
        self._rows = 0

    @property
    def next_row(self) -> int:
        return max(self._next, self._last + 1)

    @property
    def progress(self) -> int:
        return self._last

    def take(self) -> list[Row]:
        """The rows that have become whole."""
        done, self._done = self._done, []
        return done

    def begin(self, name: str, said: dict[str, str]) -> None:
        super().begin(name, said)
        if name == "row":
            number = number_of(said.get("r"), otherwise=self._last + 1)
            if number <= self._last:
                raise SheetRefused(Problem.DAMAGED, row=self._last + 1)
            if number > MOST_NUMBER:
                raise SheetRefused(Problem.TOO_LONG, row=self._last + 1)
            self._next, self._column = number, -1
        elif name == "c":
            self._column = self._place(said.get("r"))
            if self._column >= self._bounds.columns:
                raise SheetRefused(Problem.TOO_WIDE, row=self._next)
            self._kind, self._style = said.get("t", "n"), said.get("s")

    def end(self, name: str) -> None:
        super().end(name)
        if name == "c":
            if (value := self._value(self.said())) is not None:
                self._cells[self._column] = value
        elif name == "row":
            self._last = self._next
            if self._cells:
                self._rows += 1
                if self._rows > self._bounds.rows:
                    raise SheetRefused(Problem.TOO_LONG, row=self._last)
                cells = tuple(self._cells.get(place) for place in range(max(self._cells) + 1))
                self._done.append(Row(self._last, cells))
                self._cells = {}

    def _place(self, said: str | None) -> int:
        if said is None:
            return self._column + 1
        if (found := PLACE.fullmatch(said)) is None:
            raise SheetRefused(Problem.DAMAGED, row=self._next)
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return column - 1

    def _value(self, said: str) -> Value:
        if said == "" or self._kind == "e":
            return None
        match self._kind:
            case "s":
                place = number_of(said, otherwise=-1)
                if not 0 <= place < len(self._texts):
                    raise SheetRefused(Problem.DAMAGED, row=self._next)
                return self._texts[place] or None
            case "inlineStr" | "str" | "d":
                return said
            case "b":
                return said == "1"
            case _:
                return self._figure(said)

    def _figure(self, said: str) -> Value:
        try:
            figure = int(said) if WHOLE.fullmatch(said) else float(said)
        except ValueError:
            raise SheetRefused(Problem.DAMAGED, row=self._next) from None
        if self._formats.show_a_day(self._style):
            return day_of(figure, epoch_1904=self._epoch_1904)
        return figure
