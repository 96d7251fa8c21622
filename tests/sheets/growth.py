"""In a process of its own: a hundred thousand rows out and in, and by how much that made the process grow."""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from shared.sheets import Kind, Sheet, read_rows, sheet_of
from tests.sheets.tables import columns

ROWS, PAGE = 100_000, 200


def page(first: int) -> list[list[str | int]]:
    return [[f"نورة بنت سالم الحربي {n}", f"{1000000000 + n}", n, "حقيبة مدرسية"] for n in range(first, first + PAGE)]


def pieces(sheet: Sheet) -> Iterator[bytes]:
    yield sheet.begin()
    for first in range(0, ROWS, PAGE):
        yield sheet.rows(page(first))
    yield sheet.end()


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(kind: Kind, path: Path) -> None:
    before = peak()
    with path.open("wb") as file:
        for piece in pieces(sheet_of(kind, columns(4), title="x")):
            file.write(piece)
    with path.open("rb") as file:
        rows = sum(1 for _ in read_rows(file))
    sys.stdout.write(f"{rows} {peak() - before}")


if __name__ == "__main__":
    main(Kind(sys.argv[1]), Path(sys.argv[2]))
