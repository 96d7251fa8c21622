"""The parts of a workbook (ECMA-376), as text, and the archive that they are packed into as they come."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from math import isfinite

from shared.sheets.excel_days import count_of
from shared.sheets.row import Value
from shared.sheets.values import STARTS_A_FORMULA

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
LONGEST_CELL = 32_767
CUT = "…"
EXACT = 10**15
"""Excel keeps fifteen digits of a number; a longer one is kept as text."""
TITLED, TEXT, QUOTED, DAY, INSTANT = 1, 2, 3, 4, 5
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
NOT_IN_A_TITLE = str.maketrans("", "", "[]:*?/\\'")

STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" \
formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FF1F7A4F"/><bgColor indexed="64"/></patternFill></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


def frame(*, title: str) -> Mapping[str, str]:
    """Every part but the sheet itself."""
    name = escape(_in_xml(title.translate(NOT_IN_A_TITLE).strip()[:31] or "1"))
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{SHEET_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><bookViews><workbookView/></bookViews>'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            {"rId1": ("worksheet", "worksheets/sheet1.xml"), "rId2": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": STYLES,
    }


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    said = "".join(
        f'<Relationship Id="{id_}" Type="{LINKS}/{kind}" Target="{target}"/>' for id_, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{said}</Relationships>'


def sheet_begin(widths: Sequence[int], *, right_to_left: bool) -> str:
    """The sheet up to its rows: the first of them stays in sight."""
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, start=1)
    )
    way = ' rightToLeft="1"' if right_to_left else ""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"{way}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/>{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'
    )


def sheet_end(*, columns: int, rows: int) -> str:
    """The sheet after its rows: each column can be filtered."""
    filtered = f'<autoFilter ref="A1:{letters(columns - 1)}{rows}"/>' if columns else ""
    return f"</sheetData>{filtered}</worksheet>"


def cells_of(row: Sequence[Value], *, number: int, is_head: bool) -> str:
    """One row."""
    cells = "".join(
        _cell(value, place=f"{letters(n)}{number}", is_head=is_head)
        for n, value in enumerate(row)
        if value is not None and value != ""
    )
    return f'<row r="{number}">{cells}</row>'


def letters(column: int) -> str:
    """The name of a column, from 0: `A`, `Z`, `AA`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(value: Value, *, place: str, is_head: bool) -> str:
    match value:
        case bool():
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        case int() if abs(value) < EXACT:
            return f'<c r="{place}"><v>{value}</v></c>'
        case float() if isfinite(value):
            return f'<c r="{place}"><v>{value!r}</v></c>'
        case datetime() if (days := count_of(value.replace(tzinfo=None))) is not None:
            return f'<c r="{place}" s="{INSTANT}"><v>{days!r}</v></c>'
        case date() if not isinstance(value, datetime) and (days := count_of(value)) is not None:
            return f'<c r="{place}" s="{DAY}"><v>{days}</v></c>'
        case _:
            return _text(str(value), place=place, is_head=is_head)


def _text(text: str, *, place: str, is_head: bool) -> str:
    """As text, whatever it looks like: a cell of this type is no formula, and opened and left it becomes none."""
    style = TITLED if is_head else QUOTED if STARTS_A_FORMULA.match(text) else TEXT
    kept = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + CUT
    said = escape(_in_xml(kept), quote=False)
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _in_xml(text: str) -> str:
    """Letters that XML cannot hold, as `_x0007_` (ECMA-376 part 1, 22.9.2.19)."""
    return NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


class _Line:
    """Takes what is packed until it is sent; it cannot be sought in, so nothing of it has to be kept."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""


class Pack:
    """The archive on its way out."""

    def __init__(self) -> None:
        self._line = _Line()
        self._archive = zipfile.ZipFile(self._line, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]

    def write_parts(self, parts: Mapping[str, str]) -> None:
        for name, said in parts.items():
            self._archive.writestr(_part(name), said)

    def open_sheet(self, said: str) -> None:
        self._sheet = self._archive.open(_part(SHEET), "w")
        self.add(said)

    def add(self, said: str) -> None:
        self._sheet.write(said.encode())

    def close_sheet(self, said: str) -> None:
        self.add(said)
        self._sheet.close()
        self._archive.close()

    def taken(self) -> bytes:
        """What was packed since it was asked last."""
        taken, self._line.pieces = b"".join(self._line.pieces), []
        return taken


def _part(name: str) -> zipfile.ZipInfo:
    """Without a time of its own: the same list is the same bytes."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part
