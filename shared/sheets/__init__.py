"""Tables in and out: CSV and Excel read a row at a time within bounds, and written a page at a time."""

from shared.sheets.reading import read_rows
from shared.sheets.row import Bounds, Problem, Row, SheetRefused, Value
from shared.sheets.values import as_text, western
from shared.sheets.writing import Column, Csv, Kind, Sheet, Xlsx, sheet_of

__all__ = [
    "Bounds",
    "Column",
    "Csv",
    "Kind",
    "Problem",
    "Row",
    "Sheet",
    "SheetRefused",
    "Value",
    "Xlsx",
    "as_text",
    "read_rows",
    "sheet_of",
    "western",
]
