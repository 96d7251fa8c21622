"""The one page of a case: every part of it plugs in (`parts`)."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.pages.desk.acts import told_by
from services.intake.pages.desk.on_desk import desk_page, lay_out, router
from services.intake.pages.desk.parts import parts_of
from services.intake.seats import READERS
from shared.language import errors
from shared.plumbing.doors import Session, allow, refuses
from shared.plumbing.identity import Principal

pages = router()


@pages.get("/desk/cases/{case_id}", response_class=HTMLResponse, summary="A case, with all that lies in its file")
@refuses(errors.CaseNotFound)
async def show_case_page(
    case_id: str,
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
    done: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    desk = await lay_out(request, session, case_id)
    facts: dict[str, Any] = {"case": desk.case, "here": desk.at(), "told": told_by(done), "parts": await parts_of(desk)}
    return await desk_page(request, session, who, "case.html", **facts)
