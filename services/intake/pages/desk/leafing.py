"""A page of a list by keyset: what of the rows is shown, and where newer and older ones are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

Row = TypeVar("Row")
A_PAGE = 25


@dataclass(frozen=True)
class Leaf(Generic[Row]):
    """What stands on the page, and the pages beside it."""

    rows: list[Row]
    newer: str | None
    older: str | None


def leaf(
    found: Sequence[Row],
    *,
    key: Callable[[Row], str | int],
    before: str | int | None,
    after: str | int | None,
    asked: Mapping[str, str] | None = None,
) -> Leaf[Row]:
    """Of `A_PAGE + 1` rows that were read, the newest first: the one more says whether there is a page beyond."""
    more = len(found) > A_PAGE
    rows = list(found[1:] if more and after else found[:A_PAGE])

    def page(**beside: str | int) -> str:
        return "?" + urlencode({**(asked or {}), **beside})

    older = page(before=key(rows[-1])) if rows and (more or after) else None
    newer = page(after=key(rows[0])) if rows and (before or (after and more)) else None
    return Leaf(rows, newer, older)
