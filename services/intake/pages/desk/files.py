"""The picture or PDF of a paper: sent by a form of its own, one at a time."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.pages.desk.acts import told_by
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.on_desk import desk_page, lay_out, router
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.store.desk import newest_files
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN
from services.intake.use_cases.keep_file import KeepFile, check_document_is_there, keep_file
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.files.arrival import File, takes_file
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()


async def _page(request: Request, session: AsyncSession, form: Form, status: int, *, told: str = "") -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    document = await store.get_document(
        session, case_id=desk.case.id, document_id=str(request.path_params["document_id"])
    )
    return await desk_page(
        request,
        session,
        desk.who,
        "file.html",
        status=status,
        case=desk.case,
        paper=desk.paper(document.kind),
        here=desk.at(),
        action=desk.at(f"/documents/{document.id}/file"),
        form=form,
        told=told,
        open=desk.case.status in PAPERS_ARE_TAKEN_IN,
        there=document.id in await newest_files(session, [document.id]),
    )


@pages.get(
    "/desk/cases/{case_id}/documents/{document_id}/file",
    response_class=HTMLResponse,
    summary="The page to send the image or PDF of a paper",
)
@refuses(errors.CaseNotFound, errors.DocumentNotFound)
async def show_file_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    document_id: str,  # noqa: ARG001
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200, told=told_by(request.query_params.get("done", "")))


@pages.post(
    "/desk/cases/{case_id}/documents/{document_id}/file",
    response_class=HTMLResponse,
    summary="Send the image or PDF of a paper from its page",
)
@takes_file(check_document_is_there)
@shown_again(_page, beside="file")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.DocumentNotFound, errors.StepOutOfOrder, errors.TooManyFiles)
async def post_file_page(
    case_id: str,
    document_id: str,
    file: File,
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
) -> Response:
    command = KeepFile(case_id=case_id, document_id=document_id, by=who)
    await keep_file(command, file, session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}/documents?done=file"))
