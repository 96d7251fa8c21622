"""What a person was given by all branches: of another branch's, what, when and where, and nothing else."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.pages.desk.on_desk import desk_page, name_of_service, router
from services.intake.seats import READERS, SEEKERS
from services.intake.store.deliveries import check_known_here, given_to
from shared.language import errors
from shared.plumbing.doors import Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.ui import language_of
from shared.ui.signed_in import name_of_branch

pages = router()

A_PAGE = 50


@pages.get(
    "/desk/people/{subject_id}/given",
    response_class=HTMLResponse,
    summary="The page of what a person was given by all branches",
)
@refuses(errors.PersonNotFound)
async def show_given_page(
    subject_id: str,
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
    after: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    await check_known_here(session, subject_id, scope=who.scope)
    found = await given_to(session, subject_id, scope=who.scope, after=after, limit=A_PAGE)
    pack, language = pack_of(who.association_id), language_of(request)
    rows = [
        {
            "service": name_of_service(pack, row.service_id, language=language),
            "on": row.given_on,
            "whole": row.whole,
            "branch": name_of_branch(pack, row.branch, language=language),
            "case_id": row.case_id if who.scope.branch_id in {None, row.branch} else None,
        }
        for row in found
    ]
    more = f"?after={found[-1].id}" if len(found) == A_PAGE else None
    facts: dict[str, Any] = {"rows": rows, "more": more, "subject_id": subject_id, "has_file": who.role in SEEKERS}
    return await desk_page(request, session, who, "people/given.html", **facts)
