"""The picture of a signature, or a photo, that shows a delivery: sent by a form of its own."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.acts.handing import HANDED_OVER
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.on_desk import desk_page, lay_out, router
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.use_cases.plan_delivery import OfCase, check_proof_is_awaited, keep_proof
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.files.arrival import File, takes_file
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    return await desk_page(
        request,
        session,
        desk.who,
        "proof.html",
        status=status,
        case=desk.case,
        here=desk.at(),
        action=desk.at("/proof"),
        form=form,
        open=desk.case.status in HANDED_OVER,
    )


@pages.get(
    "/desk/cases/{case_id}/proof",
    response_class=HTMLResponse,
    summary="The page to send the image of a signature or a photo",
)
@refuses(errors.CaseNotFound)
async def show_proof_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/cases/{case_id}/proof",
    response_class=HTMLResponse,
    summary="Send the image of a signature or a photo from its page",
)
@takes_file(check_proof_is_awaited)
@shown_again(_page, beside="file")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.TooManyFiles)
async def post_proof_page(
    case_id: str, file: File, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    await keep_proof(OfCase(case_id=case_id, by=who), file, session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}/parts?done=proof"))
