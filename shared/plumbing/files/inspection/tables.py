"""Tables: read once, and written anew as plain lines. What was a workbook, with all that one may hold, is left behind.

The first line says how many rows there are, in as many letters whatever it says; each further one is a row: its number
in the file, and its cells as the text that a form would have taken. The first row is the head.
"""

import json
from typing import IO

from shared.plumbing.files.inspection.verdict import Refused
from shared.sheets import Bounds, Problem, Row, SheetRefused, as_text, read_rows

MEDIA_TYPE = "application/x-ndjson"
FIRST_LINE = 32
"""Letters of the first line, its end among them."""
CELL_LETTERS = 4_001
"""One more than a form takes: what is longer is refused for its length, and need not be carried."""
BOUNDS = Bounds(columns=200)
MOST_BYTES = 64_000_000
"""Of the plain lines: a hundred thousand rows come to a third of it."""

WORDS = {
    Problem.NOT_A_TABLE: ("it is neither CSV nor an Excel workbook", "ليس ملف CSV ولا مصنف Excel"),
    Problem.OLD_OR_LOCKED: (
        "it is of an Excel before 2007, or has a password; save it as .xlsx without one",
        "من إصدار Excel أقدم من 2007 أو عليه كلمة مرور؛ احفظه بصيغة ‎.xlsx دونها",
    ),
    Problem.CUT_SHORT: ("it was cut short; fetch it again", "الملف مبتور؛ أعد جلبه كاملًا"),
    Problem.DAMAGED: ("it is damaged; save it again", "الملف تالف؛ أعد حفظه"),
    Problem.TOO_WIDE: ("it has too many columns", "أعمدته أكثر من الحد"),
    Problem.TOO_LONG: ("it has too many rows; divide it", "صفوفه أكثر من الحد؛ قسّمه"),
    Problem.TOO_LARGE: ("it is too large; divide it", "حجمه أكبر من الحد؛ قسّمه"),
}
EMPTY = ("it has no row below its head", "لا صف فيه تحت العناوين")


def write_lines(file: IO[bytes], out: IO[bytes]) -> None:
    """Write the table in `file` to `out`, which can be sought in. Raises `Refused`."""
    written, rows = out.write(_first(0)), -1
    try:
        for row in read_rows(file, bounds=BOUNDS):
            written += out.write(_line(row))
            if written > MOST_BYTES:
                break
            rows += 1
    except SheetRefused as refused:
        raise _refused(*WORDS[refused.problem], row=refused.row) from None
    if written > MOST_BYTES:
        raise _refused(*WORDS[Problem.TOO_LARGE], row=None)
    if rows < 1:
        raise _refused(*EMPTY, row=None)
    out.seek(0)
    out.write(_first(rows))
    out.flush()


def _line(row: Row) -> bytes:
    cells = [as_text(cell).replace("\x00", "")[:CELL_LETTERS] for cell in row.cells]
    return json.dumps([row.number, cells], ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"


def _first(rows: int) -> bytes:
    return json.dumps({"rows": rows}).ljust(FIRST_LINE - 1).encode() + b"\n"


def _refused(en: str, ar: str, *, row: int | None) -> Refused:
    if row is None:
        return Refused("table_unreadable", en, ar)
    return Refused("table_unreadable", f"row {row}: {en}", f"الصف {row}: {ar}")
