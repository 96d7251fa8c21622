"""How a request came, written down beside it: what its channel needs (`channel.*`)."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.contacts import ContactWords
from services.intake.pages.desk.again import FieldsWrong, shown_again
from services.intake.pages.desk.arriving import details_in, drawn
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, lay_out, router
from services.intake.pages.desk.words import CHANNELS
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.store import see_case
from services.intake.store.contacts import find_arrival
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN
from services.intake.use_cases.take_contact import RecordArrival, record_arrival
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    there = await find_arrival(session, desk.case.id) is not None
    return await desk_page(
        request,
        session,
        desk.who,
        "arrival.html",
        status=status,
        case=desk.case,
        here=desk.at(),
        action=desk.at("/arrival"),
        form=form,
        there=there,
        open=desk.case.status in PAPERS_ARE_TAKEN_IN and not there,
        channel_words=CHANNELS[desk.case.channel],
        asked_fields=drawn(request, desk.case.channel),
    )


@pages.get(
    "/desk/cases/{case_id}/arrival",
    response_class=HTMLResponse,
    summary="The page to write down how a request came",
)
@refuses(errors.CaseNotFound)
async def show_arrival_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/cases/{case_id}/arrival",
    response_class=HTMLResponse,
    summary="Write down how a request came, as its channel needs",
)
@shown_again(_page)
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.ArrivalRecorded,
    errors.ArrivalOfAnotherChannel,
)
async def post_arrival_page(
    case_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    case = await see_case(session, case_id, scope=who.scope)
    fields = Fields(request, await request.body())
    details = details_in(fields, case.channel, now=now)
    need = fields.optional("need", longest=TEXT) or ""
    fields.check()
    if details is None:
        raise FieldsWrong({})
    command = RecordArrival(case_id=case_id, said=ContactWords(need=need, arrival=details), by=who)
    await record_arrival(command, session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}?done=arrival"))
