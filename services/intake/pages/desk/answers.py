"""The researcher's answer to a question of the thread (`step.clarification`)."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, lay_out, router
from services.intake.pages.desk.threads import channels_of, through_in
from services.intake.pages.paths import address, go
from services.intake.store.desk import clarification_of
from services.intake.use_cases.clarify_case import AnswerClarification, answer_clarification
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    asked = await clarification_of(
        session, case_id=desk.case.id, clarification_id=str(request.path_params["clarification_id"])
    )
    if asked is None:
        raise errors.ClarificationNotFound
    return await desk_page(
        request,
        session,
        desk.who,
        "answer.html",
        status=status,
        case=desk.case,
        asked=asked,
        here=desk.at(),
        action=desk.at(f"/clarifications/{asked.id}/answer"),
        form=form,
        channels=channels_of(desk),
    )


@pages.get(
    "/desk/cases/{case_id}/clarifications/{clarification_id}/answer",
    response_class=HTMLResponse,
    summary="The page to explain the rules to the applicant",
)
@refuses(errors.CaseNotFound, errors.ClarificationNotFound)
async def show_answer_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    clarification_id: str,  # noqa: ARG001
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(Role.SOCIAL_RESEARCHER)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/cases/{case_id}/clarifications/{clarification_id}/answer",
    response_class=HTMLResponse,
    summary="Explain the rules to the applicant",
)
@shown_again(_page, beside="answer")
@refuses(
    errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.ClarificationNotFound, errors.AlreadyAnswered
)
async def post_answer_page(
    case_id: str,
    clarification_id: str,
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.SOCIAL_RESEARCHER)],
) -> Response:
    fields = Fields(request, await request.body())
    answer = fields.text("answer", longest=TEXT)
    through = through_in(fields)
    fields.check()
    command = AnswerClarification(
        case_id=case_id,
        clarification_id=clarification_id,
        answer=answer,
        through=through,
        misconception_corrected="yes" in fields.chosen("misconception_corrected"),
        by=who,
    )
    await answer_clarification(command, session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}?done=answer"))
