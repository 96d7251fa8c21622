"""People first: who asks is looked for before a file is opened (`step.reception`)."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake import store
from services.intake.domain.search import Sought, what_is_sought
from services.intake.pages.desk.on_desk import desk_page, router
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT, SEEKERS
from services.intake.use_cases.find_people import Hits, find_people
from shared.plumbing.doors import Session, allow
from shared.plumbing.identity import Principal
from shared.plumbing.masks import masked
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.signed_in import name_of_branch

pages = router()

MOST = 20
SHORTEST = 2
Typed = Annotated[str, Query(max_length=200)]


@pages.get("/desk/people", response_class=HTMLResponse, summary="Look for a person")
async def show_people(
    request: Request, session: Session, who: Annotated[Principal, allow(*SEEKERS)], q: Typed = ""
) -> Response:
    return await _found(request, session, who, q, new=False)


@pages.get("/desk/new", response_class=HTMLResponse, summary="A new request: look for the person first")
async def show_new(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    q: Typed = "",
    contact: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    return await _found(request, session, who, q, new=True, contact=contact)


async def _found(
    request: Request, session: Session, who: Principal, q: str, *, new: bool, contact: str = ""
) -> Response:
    q = q.strip()
    found = await find_people(q, scope=who.scope, limit=MOST, session=session) if len(q) >= SHORTEST else None
    if found is not None and found.sought is Sought.REFERENCE and not new and found.people:
        case_id = await store.case_named(session, what_is_sought(q)[1])
        if case_id is not None:
            return go(address(request, f"/desk/cases/{case_id}"))
    facts: dict[str, Any] = {"asked": Form({"q": q}), "new": new, "found": found, "rows": rows_of(request, who, found)}
    facts["elsewhere"] = branches_named(request, who, found.elsewhere) if found else []
    facts["register"] = address(request, f"/desk/register?{urlencode({'q': q})}")
    return await desk_page(request, session, who, "people.html", contact=contact, **facts)


def branches_named(request: Request, who: Principal, ids: list[str]) -> list[str]:
    """The branches by name, in the language of who asks."""
    pack = packs().get(who.association_id)
    return [name_of_branch(pack, id_, language=language_of(request)) for id_ in ids]


def rows_of(request: Request, who: Principal, found: Hits | None) -> list[dict[str, object]]:
    """Those found, as a list shows them: their numbers masked."""
    return [
        {
            "id": hit.person.id,
            "name": hit.person.name,
            "national_id": masked(hit.person.national_id),
            "mobile": masked(hit.person.mobile) if hit.person.mobile else "",
            "branches": branches_named(request, who, hit.branches),
            "merged": hit.person.merged_into is not None,
        }
        for hit in (found.people if found else ())
    ]
