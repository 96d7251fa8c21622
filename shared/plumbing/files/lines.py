"""The lines of a sealed file from any place on, without what stands before it: a piece is opened by its number."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing

from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.files.sealing import PIECE


def lines_from(cabinet: Cabinet, place: str, *, key: str, at: int) -> Iterator[bytes]:
    """The whole lines from byte `at` of the plain file, each with its end. Raises as `Cabinet.open`."""
    first, skip = divmod(at, PIECE)
    pieces = cabinet.open(place, key=b64decode(key), first=first)
    with closing(pieces):  # type: ignore[type-var]
        rest = b""
        for piece in pieces:
            whole = rest + piece
            if skip:
                whole, skip = whole[skip:], 0
            *lines, rest = whole.splitlines(keepends=True) or [b""]
            if rest.endswith(b"\n"):
                lines.append(rest)
                rest = b""
            yield from lines
        if rest:
            yield rest
