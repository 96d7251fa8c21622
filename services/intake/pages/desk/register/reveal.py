"""A file's numbers in clear: an act of its own, with a reason that stands in the trail."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.register.particulars import MaritalStatus
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import NOT_OFFERED, Fields
from services.intake.pages.desk.on_desk import router
from services.intake.pages.desk.register.on_file import OnFile, file_page, open_file
from services.intake.pages.desk.register.words import CLEAR, MARITAL
from services.intake.seats import FRONT
from services.intake.use_cases.register.show_person import Clear, RevealPerson, reveal_person
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses, shown_anew
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()


async def _page(
    request: Request, session: AsyncSession, form: Form, status: int, *, values: dict[Clear, str | None] | None = None
) -> HTMLResponse:
    file = await open_file(request, session)
    chosen = form.chosen("fields") or {request.query_params.get("field", "")}
    return await file_page(
        file,
        "reveal.html",
        status=status,
        action=file.at("/reveal"),
        form=Form(dict(form.values) | {"fields": sorted(chosen)}, form.errors),
        options=file.said(CLEAR),
        rows=[(file.say(CLEAR[field]), _said(field, value, file)) for field, value in (values or {}).items()],
    )


def _said(field: Clear, value: str | None, file: OnFile) -> str | None:
    if field is Clear.MARITAL_STATUS and value in set(MaritalStatus):
        return file.say(MARITAL[MaritalStatus(value)])
    return value


@pages.get(
    "/desk/people/{subject_id}/reveal",
    response_class=HTMLResponse,
    summary="The page to see a file's numbers in clear",
)
@refuses(errors.PersonNotFound)
async def show_reveal_page(
    subject_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/people/{subject_id}/reveal",
    response_class=HTMLResponse,
    summary="See a file's numbers in clear on a page, with a reason that is kept",
)
@shown_anew
@shown_again(_page)
@refuses(errors.PersonNotFound)
async def post_reveal_page(
    subject_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    reason, chosen = fields.reason(), fields.chosen("fields")
    if not chosen:
        fields.needed("fields")
    elif not chosen <= set(Clear):
        fields.say("fields", NOT_OFFERED)
    fields.check()
    wanted = tuple(field for field in Clear if field in chosen)
    command = RevealPerson(person_id=subject_id, fields=wanted, reason=reason, by=who)
    values = await reveal_person(command, session=session, now=now)
    # Shown in the answer to the form and at no address: nobody comes back to it.
    return await _page(request, session, Form(), 200, values=values)
