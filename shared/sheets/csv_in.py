"""CSV as Excel and its neighbours write it in Arabic offices: UTF-8 or windows-1256, with comma, semicolon or tab."""

import codecs
import csv
from collections.abc import Iterator
from typing import IO

from shared.sheets.row import Bounds, Problem, Row, SheetRefused
from shared.sheets.values import unguarded

PIECE = 1 << 16
DELIMITERS = ",;\t"
SURELY_UTF8 = 4
"""So many letters beyond ASCII that are right in UTF-8: words in windows-1256 go wrong at the second."""


def read_csv(file: IO[bytes], *, bounds: Bounds) -> Iterator[Row]:
    """The rows; an empty cell is `None`. Raises `SheetRefused`."""
    yield from _rows(_Lines(file, encoding=_encoding(file), bounds=bounds), bounds=bounds)


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 unless its bytes cannot be. A UTF-8 file with a damaged byte stays one: its row is named later."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    beyond_ascii = 0
    try:
        while piece := file.read(PIECE):
            beyond_ascii += sum(letter > "\x7f" for letter in decoder.decode(piece))
    except UnicodeDecodeError as error:
        right = error.object[: error.start].decode("utf-8", errors="ignore")
        beyond_ascii += sum(letter > "\x7f" for letter in right)
        if beyond_ascii < SURELY_UTF8:
            return "cp1256"
    finally:
        file.seek(0)
    return "utf-8"


class _Lines:
    """The lines of a file for one reader, no more of them for a record than the bounds allow."""

    def __init__(self, file: IO[bytes], *, encoding: str, bounds: Bounds) -> None:
        self._file, self._encoding, self._bounds = file, encoding, bounds
        self._bytes = 0
        self._waiting: list[str] = []
        self.count = 0
        self.begins = 1
        """The line on which the record at hand begins."""
        self.ended_whole = True

    def __iter__(self) -> Iterator[str]:
        while line := self._waiting.pop() if self._waiting else self.read():
            self.count += 1
            yield line

    def next_record(self) -> None:
        """A record is whole: the next one may be as long."""
        self._bytes, self.begins = 0, self.count + 1

    def put_back(self, line: str) -> None:
        self._waiting.append(line)

    def read(self) -> str:
        """A line with its end; empty where the file ends. Both encodings have lines' ends in one byte."""
        line = self._file.readline(self._bounds.row_letters + 1)
        self._bytes += len(line)
        if self._bytes > self._bounds.row_letters:
            raise SheetRefused(Problem.TOO_LARGE, row=self.begins)
        if b"\x00" in line:
            raise SheetRefused(Problem.NOT_A_TABLE, row=self.begins)
        if not line:
            return ""
        self.ended_whole = line.endswith(b"\n")
        try:
            # The mark of UTF-8 stands before the first line only.
            return line.decode(self._encoding).removeprefix("\ufeff" if self.count == 0 else "")
        except UnicodeDecodeError as error:
            # A letter that ends with the file was cut; anything else is damage.
            cut = error.end == len(line) and not self.ended_whole
            raise SheetRefused(Problem.CUT_SHORT if cut else Problem.DAMAGED, row=self.begins) from None


def _rows(lines: _Lines, *, bounds: Bounds) -> Iterator[Row]:
    delimiter = _delimiter(lines)
    lines.next_record()
    width, rows = 0, 0
    for record in _records(csv.reader(lines, delimiter=delimiter, strict=True), lines):
        number = lines.begins
        lines.next_record()
        if len(record) > bounds.columns:
            raise SheetRefused(Problem.TOO_WIDE, row=number)
        cells = tuple(unguarded(cell) if cell else None for cell in record)
        if not any(cells):
            continue
        width = width or len(cells)
        if len(cells) < width and not lines.ended_whole:
            # Spreadsheets end every row: one that is too short and never ends was cut.
            raise SheetRefused(Problem.CUT_SHORT, row=number)
        rows += 1
        if rows > bounds.rows:
            raise SheetRefused(Problem.TOO_LONG, row=number)
        yield Row(number, cells)


def _records(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[str]]:
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetRefused(_problem(str(error)), row=lines.begins) from None
        yield record


def _problem(said: str) -> Problem:
    if "unexpected end" in said:
        return Problem.CUT_SHORT
    return Problem.TOO_LARGE if "larger" in said else Problem.DAMAGED


def _delimiter(lines: _Lines) -> str:
    """What stands most often between the cells of the first line; `sep=;` says it itself."""
    line = lines.read()
    said = line.strip().lower()
    if said.startswith("sep=") and len(said) == 5:
        # Such a line is Excel's, and no row.
        lines.count += 1
        return said[4] if said[4] in DELIMITERS else ","
    if line.strip() == "sep=":
        lines.count += 1
        return "\t"
    lines.put_back(line)
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)
