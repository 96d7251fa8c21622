"""The first sheet of an Excel workbook (ECMA-376), a row at a time. No formula is carried out, no entity read.

No library that reads workbooks keeps to bounds that the file does not choose itself; this is the little that is needed.
"""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from shared.sheets.row import Bounds, Problem, Row, SheetRefused
from shared.sheets.workbook.book import Formats, Workbook
from shared.sheets.workbook.elements import Reader, parse
from shared.sheets.workbook.rows import SharedTexts, SheetRows

MOST_PARTS = 2_000
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def read_xlsx(file: IO[bytes], *, bounds: Bounds) -> Iterator[Row]:
    """The rows. Raises `SheetRefused`."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # The list of what is in it stands at its end.
        raise SheetRefused(Problem.CUT_SHORT) from None
    with archive:
        yield from _Book(archive, bounds).rows()


class _Book:
    def __init__(self, archive: zipfile.ZipFile, bounds: Bounds) -> None:
        self._archive = archive
        self._bounds = bounds
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > bounds.unpacked:
            raise SheetRefused(Problem.TOO_LARGE)
        self._names = {part.filename for part in parts}

    def rows(self) -> Iterator[Row]:
        book = Workbook()
        if "xl/workbook.xml" not in self._names:
            raise SheetRefused(Problem.NOT_A_TABLE)
        for name, into in (("xl/workbook.xml", book.sheets), ("xl/_rels/workbook.xml.rels", book.relations)):
            for _ in self._parse(name, into, limit=self._bounds.frame):
                pass
        formats, texts = Formats(), SharedTexts(self._bounds)
        for name, frame, limit in (
            (book.part("styles"), formats, self._bounds.frame),
            (book.part("sharedStrings"), texts, self._bounds.shared_texts),
        ):
            if name in self._names:
                for _ in self._parse(name, frame, limit=limit):
                    pass
        sheet = SheetRows(texts=texts.texts, formats=formats, epoch_1904=book.epoch_1904, bounds=self._bounds)
        for _ in self._parse(book.first_sheet(), sheet, limit=self._bounds.unpacked):
            yield from sheet.take()
        yield from sheet.take()

    def _parse(self, name: str, into: Reader, *, limit: int) -> Iterator[None]:
        """Feed a part to `into`, and return to the caller after each piece."""
        try:
            part = self._archive.getinfo(name)
        except KeyError:
            raise SheetRefused(Problem.DAMAGED) from None
        if part.flag_bits & 1:
            raise SheetRefused(Problem.OLD_OR_LOCKED)
        if part.compress_type not in PACKED:
            raise SheetRefused(Problem.NOT_A_TABLE)
        if part.file_size > limit:
            raise SheetRefused(Problem.TOO_LARGE)
        try:
            # It unpacks no more than the size that was held against the bounds above.
            with self._archive.open(part) as opened:
                yield from parse(opened, into)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise SheetRefused(Problem.DAMAGED, row=into.next_row) from None
