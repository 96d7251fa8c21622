"""CSV from the offices: in two encodings, with three delimiters, whole or not."""

import codecs
from io import BytesIO

import pytest

from shared.sheets import Problem, SheetRefused, read_rows
from tests.sheets.tables import HEAD, cells_of, refused, rows_of

NOURA = ("نورة الحربي", "1000000008")


def csv_text(delimiter: str = ",", *rows: tuple[str, ...]) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in (HEAD, *(rows or (NOURA,))))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256"])
def test_a_table_is_read_whatever_its_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    assert cells_of(csv_text(delimiter).encode(encoding)) == [HEAD, NOURA]


def test_a_delimiter_within_quotes_does_not_count() -> None:
    assert cells_of('"أ;ب;ج","د"\n1,2\n'.encode()) == [("أ;ب;ج", "د"), ("1", "2")]


@pytest.mark.parametrize("said", ["sep=;\r\n", "SEP=;\r\n", "\ufeffsep=;\r\n"])
def test_excels_word_on_the_delimiter_is_taken_and_is_no_row(said: str) -> None:
    assert [(row.number, row.cells) for row in rows_of(f"{said}أ,ب;ج\r\n".encode())] == [(2, ("أ,ب", "ج"))]


def test_empty_rows_are_left_out_and_the_others_keep_their_numbers() -> None:
    read = rows_of("أ,ب\n\n,\n1,2\n".encode())
    assert [(row.number, row.cells) for row in read] == [(1, ("أ", "ب")), (4, ("1", "2"))]


def test_a_row_of_several_lines_has_the_number_of_its_first() -> None:
    read = rows_of('أ,ب\n"س\nس\nس",2\n3,4\n'.encode())
    assert [row.number for row in read] == [1, 2, 5]
    assert read[1].cells == ("س\nس\nس", "2")


def test_an_empty_file_has_no_rows() -> None:
    assert rows_of(b"") == rows_of(codecs.BOM_UTF8) == rows_of(b"\r\n\r\n") == []


def test_an_id_keeps_its_zeros() -> None:
    assert cells_of(b"id\n0012\n")[1] == ("0012",)


@pytest.mark.parametrize("cut", [1, 2, 3, 8])
def test_a_file_cut_in_the_middle_is_named_with_its_row(cut: int) -> None:
    whole = csv_text(",", NOURA, ("سالم", "2000000006")).encode().rstrip(b"\r\n")
    until = whole.rindex(b",") + 1 - cut
    assert refused(whole[:until]) == (Problem.CUT_SHORT, 3)


def test_a_quote_that_never_ends_is_named_with_the_row_where_it_began() -> None:
    assert refused('أ,ب\n1,2\n3,"ج\n4,5\n'.encode()) == (Problem.CUT_SHORT, 3)
    assert refused('أ,ب\n1,2\n3,"ج\n'.encode() + b"4,5\n" * 50_000) == (Problem.TOO_LARGE, 3)


def test_a_damaged_letter_is_named_with_its_row_and_is_not_read_in_another_encoding() -> None:
    damaged = csv_text(",", NOURA).encode() + b"\xff\xfe,2\r\n"
    assert refused(damaged) == (Problem.DAMAGED, 3)


def test_rows_before_the_damage_come() -> None:
    rows = read_rows(BytesIO('أ,ب\n1,2\n3,"ج'.encode()))
    assert next(rows).number == 1
    assert next(rows).cells == ("1", "2")
    with pytest.raises(SheetRefused):
        next(rows)


def test_what_is_no_table_is_refused() -> None:
    assert refused(b"\x00\x01\x02\x03" * 100)[0] is Problem.NOT_A_TABLE
    assert refused("أ,ب\n".encode("utf-16"))[0] in {Problem.NOT_A_TABLE, Problem.DAMAGED}
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")[0] is Problem.OLD_OR_LOCKED


def test_a_table_has_bounds() -> None:
    assert refused(b"," * 999 + b"\n") == (Problem.TOO_WIDE, 1)
    assert refused(b"a,b\n" + b"," * 2_000_000) == (Problem.TOO_LARGE, 2)
    assert refused(b"a\n" * 11, rows=10) == (Problem.TOO_LONG, 11)
    assert refused(b"a,b\n" + b'"x\n",' * 300_000) == (Problem.TOO_LARGE, 2)


def test_what_a_guarded_export_holds_comes_back_without_the_guard() -> None:
    assert cells_of("أ\n'=1+1\n'+966555000111\n'صالح\n".encode()) == [("أ",), ("=1+1",), ("+966555000111",), ("'صالح",)]
