"""A part of a workbook as its elements come: no document type, no entity, and nothing that never ends."""

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from shared.sheets.row import Problem, SheetRefused

PIECE = 1 << 16
MOST_PIECES = 32
"""Of one row, or one shared text: two million bytes of it only take memory and time."""
UNFINISHED = {
    expat.errors.codes[said]
    for said in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}


class Reader:
    """What hears of elements, by their names without a prefix."""

    @property
    def next_row(self) -> int | None:
        """The row that it reads, where it reads rows."""
        return None

    @property
    def progress(self) -> int | None:
        """Counts what became whole; `None` for a part that is small."""
        return None

    def begin(self, name: str, said: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


def parse(file: IO[bytes], into: Reader) -> Iterator[None]:
    """Feed `file` to a reader, piece by piece. Raises `SheetRefused`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def begin(name: str, said: dict[str, str]) -> None:
        into.begin(name[name.find(":") + 1 :], said)

    def end(name: str) -> None:
        into.end(name[name.find(":") + 1 :])

    def refuse(*_: object) -> None:
        raise SheetRefused(Problem.NOT_A_TABLE)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, into.text
    # No workbook has a document type; what brings one brings entities that unfold.
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    pieces, done = 0, into.progress
    try:
        while piece := file.read(PIECE):
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes no keywords
            pieces, done = (pieces + 1, done) if done == into.progress else (0, into.progress)
            if done is not None and pieces > MOST_PIECES:
                raise SheetRefused(Problem.TOO_LARGE, row=into.next_row)
            yield
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        cut = error.code in UNFINISHED
        raise SheetRefused(Problem.CUT_SHORT if cut else Problem.DAMAGED, row=into.next_row) from None


def number_of(said: str | None, *, otherwise: int = 0) -> int:
    return int(said) if said is not None and said.isascii() and said.isdigit() and len(said) <= 9 else otherwise
