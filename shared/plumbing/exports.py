"""A list sent as a table: page by page, each in a transaction of its own, noted in the trail before it leaves."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.audit.entry import Kind
from shared.plumbing.browser import token_of
from shared.plumbing.files.names import disposition
from shared.plumbing.identity import Principal
from shared.plumbing.sessions import refuse_ended
from shared.sheets import Sheet, Value

PAGE = 200
"""As many rows as a page of a list may have."""


class Listed(Protocol):
    """What a list shows: each thing by its id, in whose order the list goes on."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Listed)


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list as it is shown page by page: how the page after an id is loaded, and how a thing becomes a row."""

    load: Callable[[AsyncSession, str, int], Awaitable[Sequence[T]]]
    """From a session of the person's own scope, `after` an id, so many."""
    row: Callable[[T], Sequence[Value]]
    case: Callable[[T], str | None] = lambda _: None
    """Of which case a thing is that is none itself."""
    place: Callable[[T], str] = lambda thing: thing.id
    """What the page after a thing begins from, where that is not its id."""


def export(
    request: Request, listing: Listing[T], *, sheet: Sheet, who: Principal, name: str, fallback: str
) -> StreamingResponse:
    """The whole list, for as long as its reader takes it. A session or a token that ends meanwhile ends the export."""
    headers = {"Content-Disposition": disposition(kind="attachment", name=name, fallback=fallback)}
    return StreamingResponse(
        _pieces(request, listing, sheet=sheet, who=who), headers=headers, media_type=sheet.media_type
    )


async def _pieces(request: Request, listing: Listing[T], *, sheet: Sheet, who: Principal) -> AsyncIterator[bytes]:
    runtime = request.app.state.runtime
    database = runtime.database
    after, is_last = "", False
    yield sheet.begin()
    while not is_last:
        # Once the token is over, nothing here would know whether its session is.
        runtime.verifier.principal(token_of(request), now=runtime.clock.now())
        # No transaction stays open while a slow line takes the page before.
        async with database.read(scope=who.scope) as session:
            await refuse_ended(session, who)
            things = await listing.load(session, after, PAGE)
            places = [listing.place(thing) for thing in things]
            rows = [listing.row(thing) for thing in things]
            shown = [_named(thing.id, listing.case(thing)) for thing in things]
        if places:
            await _note(request, shown)
            yield sheet.rows(rows)
            after = places[-1]
        is_last = len(places) < PAGE
    yield sheet.end()


def _named(thing: str, case: str | None) -> dict[str, str]:
    return {"id": thing} if case is None else {"id": thing, "case_id": case}


async def _note(request: Request, shown: Sequence[dict[str, str]]) -> None:
    """Which things this page shows, as a page of the list would have been noted."""
    page = Response(json.dumps(shown, separators=(",", ":")))
    await request.app.state.runtime.looks.keep(request.state.visit.entries(Kind.LOOKED, response=page))
