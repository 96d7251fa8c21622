# ruff: noqa: DTZ001 - a cell has no zone
"""Lists written as tables: right to left, ids as they are, and nothing in them is carried out."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.sheets import Column, Csv, Kind, Xlsx, as_text, sheet_of, western
from tests.sheets.tables import HEAD, cells_of, columns, written

DANGEROUS = (
    '=HYPERLINK("http://x","y")',
    "=1+1",
    "+966555000111",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    " =1+1",
    "'=1",
    "'",
)
LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_a_workbook_opens_from_right_to_left_with_its_head_in_sight() -> None:
    sheet = opened(written(Xlsx([Column("الاسم", 30), Column("الرقم", 12)], title="الطلبات"), [["نورة", "001"]]))
    assert sheet.title == "الطلبات"
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert [sheet.column_dimensions[name].width for name in "AB"] == [30, 12]
    assert sheet["A1"].font.b


def test_an_english_workbook_opens_from_left_to_right() -> None:
    assert not opened(written(Xlsx(columns(1), title="x", right_to_left=False), [])).sheet_view.rightToLeft


def test_days_are_days_and_ids_are_text() -> None:
    row = [date(2026, 11, 21), datetime(2026, 11, 21, 12, 30), "0012", 8400, 1.5, True, None]
    sheet = opened(written(Xlsx(columns(7), title="x"), [row]))
    assert [cell.data_type for cell in sheet[2]] == ["d", "d", "s", "n", "n", "b", "n"]
    assert [cell.value for cell in sheet[2]] == [datetime(2026, 11, 21), *row[1:]]
    assert sheet["C2"].number_format == "@"


def test_a_number_that_excel_would_round_and_a_day_it_would_move_are_text() -> None:
    rows = [[1234567890123456789, float("nan"), date(1900, 1, 1)]]
    assert cells_of(written(Xlsx(columns(3), title="x"), rows))[1] == ("1234567890123456789", "nan", "1900-01-01")


@pytest.mark.parametrize("typed", DANGEROUS)
def test_no_cell_is_carried_out_by_a_spreadsheet(typed: str) -> None:
    cell = opened(written(Xlsx(columns(1), title="x"), [[typed]]))["A2"]
    assert cell.data_type == "s"
    said = written(Csv([Column("أ")]), [[typed]]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert said.lstrip('"').startswith("'")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("typed", DANGEROUS)
def test_a_guarded_cell_comes_back_as_it_was(typed: str, kind: Kind) -> None:
    assert cells_of(written(sheet_of(kind, [Column("أ")], title="x"), [[typed]]))[1] == (typed,)


def test_a_head_is_guarded_too() -> None:
    assert written(Csv([Column("=1")]), []).decode("utf-8-sig") == "'=1\r\n"


def test_letters_that_xml_cannot_hold_and_texts_that_excel_cannot_do_not_spoil_a_workbook() -> None:
    rows = cells_of(
        written(Xlsx(columns(3), title="[x]:*?/\\'" * 9), [["a\x07\x00\ud800\ufffeb", "x" * 40_000, "_x0041_"]])
    )
    assert rows[1][0] == "a\x07\x00\ud800\ufffeb"
    assert rows[1][1] == "x" * 32_766 + "…"
    assert rows[1][2] == "_x0041_"


def test_csv_opens_in_excel_as_arabic() -> None:
    said = written(Csv([Column(title) for title in HEAD]), [["نورة", "1"]])
    assert said.startswith(b"\xef\xbb\xbf")
    assert said.endswith("نورة,1\r\n".encode())


def test_the_same_list_is_the_same_bytes() -> None:
    assert written(Xlsx(columns(1), title="x"), [["a"]]) == written(Xlsx(columns(1), title="x"), [["a"]])


def test_nothing_in_a_workbook_is_left_open() -> None:
    with zipfile.ZipFile(io.BytesIO(written(Xlsx(columns(2), title="x"), [["a", "b"]] * 3))) as archive:
        assert archive.testzip() is None


@settings(deadline=None)
@given(st.lists(st.lists(LETTERS, min_size=3, max_size=3), max_size=8))
def test_what_is_written_as_csv_is_read_again(rows: list[list[str]]) -> None:
    expected = [tuple(cell or None for cell in row) for row in rows if any(row)]
    assert cells_of(written(Csv(columns(3)), rows))[1:] == expected


CELLS = st.one_of(
    LETTERS,
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.booleans(),
    st.dates(date(1900, 3, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(hour=12, microsecond=0)),
    st.none(),
)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=8))
def test_what_is_written_as_a_workbook_is_read_again(rows: list[list[Any]]) -> None:
    trimmed = [tuple(None if cell == "" and isinstance(cell, str) else cell for cell in row) for row in rows]
    while_read = []
    for row in trimmed:
        filled = [n for n, cell in enumerate(row) if cell is not None]
        if filled:
            while_read.append(row[: filled[-1] + 1])
    assert cells_of(written(Xlsx(columns(4), title="x"), rows))[1:] == while_read


PLAIN = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="_"), max_size=40
)


@settings(deadline=None)
@given(st.lists(st.lists(st.one_of(PLAIN, st.integers(-(10**9), 10**9)), min_size=2, max_size=2), max_size=5))
def test_another_library_reads_what_was_written(rows: list[list[Any]]) -> None:
    sheet = opened(written(Xlsx(columns(2), title="x"), rows))
    read = [[cell.value for cell in sheet[n]] for n in range(2, len(rows) + 2)]
    assert read == [[None if cell == "" else cell for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("٠٥٥٥٠٠٠١١١", "0555000111"), ("۱۲۳", "123"), ("٣٫٥", "3.5"), ("٨٬٤٠٠", "8400"), (" \u200f123\u200e ", "123")],
)
def test_digits_are_the_same_whatever_keyboard_typed_them(typed: str, kept: str) -> None:
    assert western(typed) == kept


def test_a_cell_is_the_text_that_a_form_would_take() -> None:
    assert [as_text(cell) for cell in (1000000008, 1000000008.0, 1.5, " ١٢ ", None, True, date(2026, 11, 21))] == [
        "1000000008",
        "1000000008",
        "1.5",
        "12",
        "",
        "true",
        "2026-11-21",
    ]
