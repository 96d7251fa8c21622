"""Excel workbooks: days are days, formulas are what they came to, and a bomb is no table."""

import io
import zipfile
from datetime import date, datetime

import pytest

from shared.sheets import Problem
from tests.sheets.tables import HEAD, MAIN, SHEET, cells_of, changed, excel, refused, rows_of, with_shared, with_sheet


def test_a_workbook_is_read_as_it_shows() -> None:
    rows = [
        HEAD,
        ("نورة 😀 <&>", 1000000008),
        (date(1990, 3, 1), datetime(2026, 11, 21, 12, 30)),  # noqa: DTZ001 - a cell has no zone
        (True, 1.5),
        ("  فراغ  ", "0012"),
    ]
    assert cells_of(excel(rows)) == rows


def test_empty_cells_and_rows_keep_the_others_in_their_places() -> None:
    read = rows_of(excel([["a", None, "c"], [None], [None, "x"]]))
    assert [(row.number, row.cells) for row in read] == [(1, ("a", None, "c")), (3, (None, "x"))]


def test_a_formula_is_what_it_came_to_and_is_never_carried_out() -> None:
    rows = """<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>CONCAT("a","b")</f><v>ab</v></c>
    <c r="C1"><f>CMD("calc")</f></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>"""
    assert cells_of(with_sheet(rows)) == [(2, "ab")]


def test_texts_of_several_formats_are_one_text_without_how_it_is_pronounced() -> None:
    rows = """<row><c t="inlineStr"><is><r><t>نو</t></r><r><t>رة</t></r><rPh><t>nura</t></rPh></is></c>
    <c><v>7</v></c></row>
    <row><c t="inlineStr"><is><t>a_x000D__x005F_x0041_</t></is></c></row>"""
    assert cells_of(with_sheet(rows)) == [("نورة", 7), ("a\r_x0041_",)]


def test_the_first_sheet_that_is_not_hidden_is_read() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden.append(["مخفي"])
    book.create_sheet("ظاهر").append(["ظاهر"])
    file = io.BytesIO()
    book.save(file)
    assert cells_of(file.getvalue()) == [("ظاهر",)]


def test_days_of_the_other_epoch_are_right() -> None:
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append([date(2026, 11, 21)])
    file = io.BytesIO()
    book.save(file)
    assert cells_of(file.getvalue()) == [(date(2026, 11, 21),)]


@pytest.mark.parametrize("end", [0.2, 0.6, 0.99])
def test_a_workbook_cut_in_the_middle_is_refused(end: float) -> None:
    whole = excel([HEAD] * 100)
    assert refused(whole[: int(len(whole) * end)])[0] is Problem.CUT_SHORT


def test_a_sheet_cut_in_the_middle_is_named_with_its_row() -> None:
    whole = excel([[f"الاسم {n}", n] for n in range(100)])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        sheet = archive.read(SHEET)
    cut = changed(whole, {SHEET: sheet[: sheet.index(b'<c r="B40"')]})
    assert refused(cut) == (Problem.CUT_SHORT, 40)


def test_a_damaged_sheet_is_named_with_its_row() -> None:
    assert refused(with_sheet('<row r="1"><c><v>1</v></c></row><row r="2"><c><v>x1</v></c></row>')) == (
        Problem.DAMAGED,
        2,
    )
    assert refused(with_sheet('<row r="3"><c t="s"><v>99</v></c></row>')) == (Problem.DAMAGED, 3)
    assert refused(with_sheet('<row r="3"/><row r="2"/>')) == (Problem.DAMAGED, 4)
    assert refused(with_sheet("<row r='1'><c><v>1</v></row>"))[0] is Problem.DAMAGED


def test_a_sheet_with_wrong_bytes_is_refused() -> None:
    whole = bytearray(excel([[f"الاسم {n}", n] for n in range(2000)]))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        part = archive.getinfo(SHEET)
    middle = part.header_offset + part.compress_size // 2
    whole[middle : middle + 40] = b"\xff" * 40
    problem, row = refused(bytes(whole))
    assert problem is Problem.DAMAGED
    assert row is not None


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    """Ten megabytes of a kind that fit in ten kilobytes."""
    zeros = b"<!-- " + b"0" * 10_000_000 + b" -->"
    sheet = f"<worksheet {MAIN}><sheetData>".encode() + zeros
    bomb = changed(excel([["x"]]), {SHEET: sheet})
    assert len(bomb) < 30_000
    assert refused(bomb, unpacked=5_000_000)[0] is Problem.TOO_LARGE
    assert refused(bomb)[0] is Problem.TOO_LARGE
    for part in ("xl/styles.xml", "xl/workbook.xml"):
        assert refused(changed(excel([["x"]]), {part: zeros}))[0] is Problem.TOO_LARGE
    assert refused(with_shared(f"<sst>{zeros.decode()}</sst>"))[0] is Problem.TOO_LARGE
    assert (
        refused(with_shared("<sst>" + "<si><t>x</t></si>" * 100 + "</sst>"), shared_texts=1_000)[0] is Problem.TOO_LARGE
    )


def test_texts_that_are_kept_once_for_all_cells_are_read() -> None:
    texts = '<sst><si><t>نورة</t></si><si><r><t>حقيبة </t></r><r><t xml:space="preserve">مدرسية</t></r></si></sst>'
    rows = '<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>'
    assert cells_of(with_shared(texts, rows)) == [("حقيبة مدرسية", "نورة")]


def test_a_file_that_says_it_is_smaller_than_it_is_is_refused() -> None:
    whole = bytearray(excel([["x" * 100] * 100] * 20))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    at = whole.rindex(size)
    whole[at : at + 4] = (200).to_bytes(4, "little")
    assert refused(bytes(whole))[0] is Problem.DAMAGED


@pytest.mark.parametrize(
    "entity",
    ['<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', '<!DOCTYPE w SYSTEM "file:///etc/passwd">'],
)
def test_entities_are_never_read(entity: str) -> None:
    bad = f"{entity}<w/>"
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        assert refused(changed(excel([["x"]]), {part: bad.encode()}))[0] is Problem.NOT_A_TABLE
    assert refused(with_shared(bad))[0] is Problem.NOT_A_TABLE


def test_a_cell_far_out_takes_no_memory() -> None:
    assert refused(with_sheet('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>')) == (Problem.TOO_WIDE, 1)
    assert refused(with_sheet(f'<row r="1">{"<c><v>1</v></c>" * 501}</row>')) == (Problem.TOO_WIDE, 1)
    assert refused(with_sheet('<row r="1048577"><c><v>1</v></c></row>')) == (Problem.TOO_LONG, 1)


def test_a_table_has_bounds() -> None:
    assert refused(excel([["x"]] * 11), rows=10) == (Problem.TOO_LONG, 11)
    assert refused(with_sheet(f'<row r="1"><c t="str"><v>{"x" * 5000}</v></c></row>'), row_letters=1000) == (
        Problem.TOO_LARGE,
        1,
    )


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hello.txt", "x")
    assert refused(file.getvalue())[0] is Problem.NOT_A_TABLE


def test_a_locked_part_is_refused() -> None:
    whole = bytearray(excel([["x"]]))
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := whole.find(mark, at + 1)) >= 0:
            whole[at + flags] |= 1
    assert refused(bytes(whole))[0] is Problem.OLD_OR_LOCKED


def test_a_packing_that_takes_memory_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert refused(file.getvalue())[0] is Problem.NOT_A_TABLE


def test_a_format_that_shows_a_day_makes_a_day() -> None:
    from shared.sheets.excel_days import shows_a_day

    for code in ("yyyy\\-mm\\-dd", "d/m/yyyy;@", "[$-1170000]B2dd/mm/yyyy", "h:mm AM/PM", '"في" dd mmm'):
        assert shows_a_day(code), code
    for code in ("General", "0.00", "#,##0", '0 "days"', "@", '"ymd"', "0.00E+00", "[Red]0"):
        assert not shows_a_day(code), code
