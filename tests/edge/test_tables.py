"""A table on its way in is read apart in a process without a key, and only its rows go on."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from shared.language.errors import TableUnreadable
from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.files.check import Inspectors, Taken
from shared.plumbing.files.inspection.tables import FIRST_LINE, MEDIA_TYPE, write_lines
from shared.plumbing.files.lines import lines_from
from shared.plumbing.files.sealing import PIECE
from tests.harness.desk import NOON
from tests.intake.imports.lists import as_csv, as_xlsx, people


def lines_of(table: bytes) -> list[bytes]:
    out = io.BytesIO()
    write_lines(io.BytesIO(table), out)
    return out.getvalue().splitlines()


async def inspected(table: bytes, folder: Path) -> bytes:
    raw, clean = folder / "raw", folder / "clean"
    raw.write_bytes(table)
    with raw.open("rb") as file, clean.open("w+b") as out:
        assert await Inspectors().clean(file, out, taken=Taken.TABLE) == MEDIA_TYPE
    return clean.read_bytes()


@pytest.mark.parametrize("table", [as_csv(people(3)), as_xlsx(people(3))], ids=["csv", "xlsx"])
async def test_its_rows_are_plain_lines_whatever_program_wrote_it(table: bytes, tmp_path: Path) -> None:
    first, head, *rows = (await inspected(table, tmp_path)).splitlines()
    assert len(first) == FIRST_LINE - 1
    assert json.loads(first) == {"rows": 3}
    assert json.loads(head)[0] == 1
    assert [json.loads(row) for row in rows] == [[number + 1, cells] for number, cells in enumerate(people(3), 1)]


@pytest.mark.parametrize("table", [b"\x00" * 10, b"\x89PNG\r\n\x1a\n\x00", as_xlsx(people(2))[:-300], as_csv([])])
async def test_what_is_none_is_refused_in_both_languages(table: bytes, tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable) as refused:
        await inspected(table, tmp_path)
    assert refused.value.sentence("ar") != refused.value.sentence("en")
    assert "{" not in refused.value.sentence("ar")


def test_what_a_workbook_holds_besides_is_left_behind() -> None:
    file = io.BytesIO(as_xlsx(people(1)))
    with zipfile.ZipFile(file, "a") as book:
        book.writestr("xl/vbaProject.bin", b"MACRO")
    assert not any(b"MACRO" in line for line in lines_of(file.getvalue()))


def test_a_cell_is_no_longer_than_a_form_takes_and_no_letter_ends_a_line() -> None:
    (_, _, row) = lines_of(as_csv([["1", "ن" * 9_000, "a\nb\u2028c"]]))
    assert [len(cell) for cell in json.loads(row)[1]] == [1, 4_001, 5]


async def test_lines_are_read_from_any_place_of_the_sealed_file(tmp_path: Path) -> None:
    from base64 import b64encode

    cabinet = Cabinet(tmp_path / "files")
    plain = b"".join(b"%d %s\n" % (number, b"x" * (number % 700)) for number in range(1_000))
    assert len(plain) > 4 * PIECE
    with cabinet.spool() as spool:
        spool.write(plain)
        kept = cabinet.keep(spool, now=NOON)
    key, at = b64encode(kept.key).decode(), 0
    for line in plain.splitlines(keepends=True):
        assert next(lines_from(cabinet, kept.place, key=key, at=at)) == line
        at += len(line)
    assert b"".join(lines_from(cabinet, kept.place, key=key, at=0)) == plain
