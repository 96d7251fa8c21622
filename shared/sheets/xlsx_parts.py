"""The parts of a workbook, each read by its own small reader of elements as they come."""

import posixpath
import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from shared.sheets.excel_days import day_of, shows_a_day
from shared.sheets.row import Bounds, Problem, Row, SheetRefused, Value

PIECE = 1 << 16
MOST_PIECES = 32
"""Of one row, or one shared text: two million bytes of it only take memory and time."""
MOST_NUMBER = 1_048_576
"""Excel has no more rows, with or without something in them."""
BUILT_IN_DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The numbers of formats that show a day or a time (ECMA-376 part 1, 18.8.30)."""
PLACE = re.compile(r"([A-Z]{1,7})([0-9]{1,9})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
UNFINISHED = {
    expat.errors.codes[said]
    for said in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}
WHOLE = re.compile(r"-?[0-9]{1,15}")


class Reader:
    """What hears of elements, by their names without a prefix."""

    @property
    def next_row(self) -> int | None:
        """The row that it reads, where it reads rows."""
        return None

    @property
    def progress(self) -> int | None:
        """Counts what became whole; `None` for a part that is small."""
        return None

    def begin(self, name: str, said: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


def parse(file: IO[bytes], into: Reader) -> Iterator[None]:
    """Feed `file` to a reader, piece by piece. Raises `SheetRefused`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def begin(name: str, said: dict[str, str]) -> None:
        into.begin(name[name.find(":") + 1 :], said)

    def end(name: str) -> None:
        into.end(name[name.find(":") + 1 :])

    def refuse(*_: object) -> None:
        raise SheetRefused(Problem.NOT_A_TABLE)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, into.text
    # No workbook has a document type; what brings one brings entities that unfold.
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    pieces, done = 0, into.progress
    try:
        while piece := file.read(PIECE):
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes no keywords
            pieces, done = (pieces + 1, done) if done == into.progress else (0, into.progress)
            if done is not None and pieces > MOST_PIECES:
                raise SheetRefused(Problem.TOO_LARGE, row=into.next_row)
            yield
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        cut = error.code in UNFINISHED
        raise SheetRefused(Problem.CUT_SHORT if cut else Problem.DAMAGED, row=into.next_row) from None


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
            self._own[_number(said.get("numFmtId"))] = shows_a_day(said.get("formatCode", ""))
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            number = _number(said.get("numFmtId"))
            self._formats.append(self._own.get(number, number in BUILT_IN_DAYS))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False

    def show_a_day(self, style: str | None) -> bool:
        place = _number(style)
        return place < len(self._formats) and self._formats[place]


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
            number = _number(said.get("r"), otherwise=self._last + 1)
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
                place = _number(said, otherwise=-1)
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


def _number(said: str | None, *, otherwise: int = 0) -> int:
    return int(said) if said is not None and said.isascii() and said.isdigit() and len(said) <= 9 else otherwise
