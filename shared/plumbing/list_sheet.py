"""A list as a table in either language: its columns said once, each with both heads and what stands under them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.calendar import RIYADH
from shared.plumbing.exports import Listed, Listing, export
from shared.plumbing.identity import Principal
from shared.sheets import Column, Kind, Value, sheet_of
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE

Language = Literal["ar", "en"]
TABLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The table",
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in (XLSX_TYPE, CSV_TYPE)},
    }
}
T = TypeVar("T", bound=Listed)


@dataclass(frozen=True)
class ListColumn(Generic[T]):
    """A column: its heads, its width in letters, and a thing's cell in the language that was asked for."""

    ar: str
    en: str
    width: int
    cell: Callable[[T, Language], Value]


@dataclass(frozen=True)
class ListSheet(Generic[T]):
    """What a list is called in both languages and as a file, and its columns."""

    ar: str
    en: str
    file: str
    columns: Sequence[ListColumn[T]]

    def export(
        self,
        request: Request,
        load: Callable[[AsyncSession, str, int], Awaitable[Sequence[T]]],
        *,
        kind: Kind,
        language: Language,
        who: Principal,
        case: Callable[[T], str | None] = lambda _: None,
        place: Callable[[T], str] = lambda thing: thing.id,
    ) -> StreamingResponse:
        """The whole list; `case` says of which case a thing is, for the trail, `place` where the next page begins."""
        in_arabic = language == "ar"
        columns = [Column(one.ar if in_arabic else one.en, one.width) for one in self.columns]
        title = self.ar if in_arabic else self.en
        sheet = sheet_of(kind, columns, title=title, right_to_left=in_arabic)

        def row(thing: T) -> Sequence[Value]:
            return [one.cell(thing, language) for one in self.columns]

        listing = Listing(load, row, case, place)
        return export(request, listing, sheet=sheet, who=who, name=f"{title}.{kind}", fallback=f"{self.file}.{kind}")


def in_words(code: Any, arabic: Mapping[Any, str], language: Language) -> str | None:
    """A code as the table says it: its Arabic word, or in English its own words."""
    if code is None:
        return None
    return arabic[code] if language == "ar" else str(code.value).replace("_", " ")


def yes_or_no(answer: object, language: Language) -> str | None:
    if answer is None:
        return None
    return ("نعم" if answer else "لا") if language == "ar" else ("yes" if answer else "no")


def in_riyadh(at: datetime | None) -> datetime | None:
    """An instant as a cell has it: Riyadh's time, without a zone."""
    return None if at is None else at.astimezone(RIYADH).replace(tzinfo=None, microsecond=0)
