"""Cells as people type them, and what a spreadsheet might make of them."""

import re
from datetime import date, datetime

from shared.sheets.row import Value

WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.", "٬\u061c\u200e\u200f\u202a\u202b\u202c\ufeff")
"""Arabic-Indic and Persian digits as those that are stored, and without the marks that come along when one copies."""

STARTS_A_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")
"""What a spreadsheet may carry out when it opens a CSV file (OWASP, «CSV injection»), in full width too."""
GUARDED = re.compile(r"'[\s']*[=+\-@＝＋－＠]|'+[\t\r\n]")


def western(text: str) -> str:
    """Digits as they are stored, whatever keyboard typed them."""
    return text.translate(WESTERN).strip()


def as_text(value: Value) -> str:
    """A cell as the text that a form would have taken: an id that Excel took for a number is an id again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return western(str(value))


def guarded(text: str) -> str:
    """The text so that no spreadsheet carries it out: an apostrophe stands before it."""
    return f"'{text}" if STARTS_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if GUARDED.match(text) else text
