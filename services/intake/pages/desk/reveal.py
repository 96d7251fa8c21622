"""An applicant's numbers in clear: an act of its own, with a reason that stands in the case's file."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import NOT_OFFERED, Fields
from services.intake.pages.desk.on_desk import desk_page, lay_out, router
from services.intake.pages.desk.words import PARTICULARS
from services.intake.seats import FRONT
from services.intake.use_cases.show_applicant import Particular, RevealApplicant, reveal_applicant
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses, shown_anew
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()


async def _page(
    request: Request,
    session: AsyncSession,
    form: Form,
    status: int,
    *,
    values: dict[Particular, str | None] | None = None,
) -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    chosen = form.chosen("fields") or {request.query_params.get("field", "")}
    rows = [(desk.say(PARTICULARS[field]), value) for field, value in (values or {}).items()]
    return await desk_page(
        request,
        session,
        desk.who,
        "applicant.html",
        status=status,
        case=desk.case,
        person=desk.person,
        here=desk.at(),
        action=desk.at("/applicant"),
        form=Form(dict(form.values) | {"fields": sorted(chosen)}, form.errors),
        options=[(field.value, desk.say(words)) for field, words in PARTICULARS.items()],
        rows=rows,
    )


@pages.get(
    "/desk/cases/{case_id}/applicant",
    response_class=HTMLResponse,
    summary="The page to see an applicant's numbers in clear",
)
@refuses(errors.CaseNotFound)
async def show_applicant_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/cases/{case_id}/applicant",
    response_class=HTMLResponse,
    summary="See an applicant's numbers in clear on a page, with a reason that is kept",
)
@shown_anew
@shown_again(_page)
@refuses(errors.CaseNotFound, errors.NotHandedIn)
async def post_applicant_page(
    case_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    reason, chosen = fields.reason(), fields.chosen("fields")
    if not chosen:
        fields.needed("fields")
    elif not chosen <= set(Particular):
        fields.say("fields", NOT_OFFERED)
    fields.check()
    wanted = tuple(field for field in Particular if field in chosen)
    command = RevealApplicant(case_id=case_id, fields=wanted, reason=reason, by=who)
    values = await reveal_applicant(command, session=session, now=now)
    # Shown in the answer to the form and at no address: nobody comes back to it.
    return await _page(request, session, Form(), 200, values=values)
