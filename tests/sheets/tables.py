"""Tables to read, made by hand or by another program's library, and what comes of them."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

from shared.sheets import Bounds, Column, Problem, Row, Sheet, SheetRefused, read_rows

HEAD = ("الاسم", "رقم الهوية")


def rows_of(data: bytes, **bounds: int) -> list[Row]:
    return list(read_rows(io.BytesIO(data), bounds=Bounds(**bounds)))


def cells_of(data: bytes, **bounds: int) -> list[tuple[Any, ...]]:
    return [row.cells for row in rows_of(data, **bounds)]


def refused(data: bytes, **bounds: int) -> tuple[Problem, int | None]:
    """Why the table is refused, and at which row."""
    try:
        rows_of(data, **bounds)
    except SheetRefused as refusal:
        return refusal.problem, refusal.row
    raise AssertionError("the table was taken")


def written(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> bytes:
    return sheet.begin() + sheet.rows(rows) + sheet.end()


def columns(count: int) -> list[Column]:
    return [Column(f"c{n}") for n in range(count)]


def excel(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook as another library makes it, with shared texts."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(data: bytes, parts: Mapping[str, bytes], *, without: str = "") -> bytes:
    """A workbook with some of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [name for name in old.namelist() if name != without]:
            new.writestr(name, parts.get(name, old.read(name)))
    return file.getvalue()


LINKS = "xl/_rels/workbook.xml.rels"
SHARED = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def with_sheet(rows: str) -> bytes:
    """A workbook whose sheet holds these elements."""
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    return changed(excel([["x"]]), {SHEET: sheet.encode()})


def with_shared(texts: str, rows: str = "") -> bytes:
    """A workbook as Excel saves it, with these texts kept once for all its cells."""
    whole = with_sheet(rows)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        links = archive.read(LINKS).decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    data = changed(whole, {LINKS: links.replace("</Relationships>", link).encode()}, without=SHARED)
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHARED, texts)
    return file.getvalue()
