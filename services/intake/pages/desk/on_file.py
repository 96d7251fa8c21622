"""Papers on file: those of the same person's other requests that are valid today serve again (`step.completeness`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.checklist import Agreement
from services.intake.domain.documents import Document
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import NOT_OFFERED, Fields
from services.intake.pages.desk.on_desk import OnDesk, desk_page, lay_out, router
from services.intake.pages.desk.words import AGREEMENTS
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.store import documents_of
from services.intake.store.papers import sources_of
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN
from services.intake.use_cases.complete_case import PaperOnFile, ReusePaper, reuse_paper
from services.intake.use_cases.see_checklist import see_papers_on_file
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()

AT_ONCE = 50
"""As many as the API takes in one go."""


@dataclass(frozen=True)
class OnFile:
    """A paper that may serve again, without its number."""

    id: str
    words: str
    issued_on: date
    expires_on: date | None


async def on_file_of(desk: OnDesk) -> list[OnFile]:
    """What this request may use and does not use yet, the newest of each first."""
    found = await see_papers_on_file(desk.case.id, scope=desk.who.scope, session=desk.session, now=desk.now)
    used = await _used(desk, found)
    return [OnFile(one.id, desk.paper(one.kind), one.issued_on, one.expires_on) for one in found if one.id not in used]


async def _used(desk: OnDesk, found: Sequence[Document]) -> set[str]:
    """Those whose first paper serves here already, be it under another number."""
    own = await documents_of(desk.session, desk.case.id)
    first = await sources_of(desk.session, [*(one.id for one in own), *(one.id for one in found)])
    here = {first[one.id] for one in own if one.id in first}
    return {one.id for one in found if first.get(one.id, one.id) in here}


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    open_ = desk.case.status in PAPERS_ARE_TAKEN_IN and desk.service is not None
    return await desk_page(
        request,
        session,
        desk.who,
        "on_file.html",
        status=status,
        case=desk.case,
        person=desk.person,
        here=desk.at(),
        back=desk.at("/documents"),
        action=desk.at("/papers-on-file"),
        form=form,
        open=open_,
        papers=await on_file_of(desk) if open_ else [],
        agreements=[(one.value, desk.say(words)) for one, words in AGREEMENTS.items()],
    )


@pages.get(
    "/desk/cases/{case_id}/papers-on-file",
    response_class=HTMLResponse,
    summary="The page to use papers that are on file",
)
@refuses(errors.CaseNotFound)
async def show_on_file_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/cases/{case_id}/papers-on-file",
    response_class=HTMLResponse,
    summary="Use papers on file, as their owner agreed, from their page",
)
@shown_again(_page)
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.ServiceUnknown, errors.PaperNotReusable)
async def post_on_file_page(
    case_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    """All of those that were chosen, or none."""
    fields = Fields(request, await request.body())
    chosen = sorted(fields.chosen("document_id"))
    if not chosen:
        fields.needed("document_id")
    elif len(chosen) > AT_ONCE:
        fields.say("document_id", NOT_OFFERED)
    agreed, agreed_name = fields.choice("agreed", [one.value for one in Agreement]), fields.text("agreed_name")
    fields.check()
    for document_id in chosen:
        paper = PaperOnFile(document_id=document_id, agreed=Agreement(agreed), agreed_name=agreed_name)
        await reuse_paper(ReusePaper(case_id=case_id, paper=paper, by=who), session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}/documents?done=on-file"))
