"""The form of a request that is taken on the road: everything on one page, which a device keeps empty.

A device sends it when there is a network again, with one key until it is answered: it gets the names under which the
pictures follow. A browser without scripts sends it as any form, and goes on to the papers' page.
"""

from collections.abc import Sequence
from dataclasses import replace
from secrets import token_urlsafe
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.differences import Difference
from services.intake.domain.people import Applicant, check_national_id
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import LINE, TEXT, Fields
from services.intake.pages.desk.new_typed import WRONG
from services.intake.pages.desk.on_desk import router, who_of, words_of
from services.intake.pages.desk.on_visit import PICTURES, details, of_paper, papers, reception, settled
from services.intake.pages.desk.questions import filled_in, of_applicant, of_form
from services.intake.pages.paths import address, go
from services.intake.pages.step import LOOK
from services.intake.seats import FRONT
from services.intake.use_cases.take_visit import TakeVisit, open_differences, take_visit
from shared.language import errors
from shared.language.clauses import Clause
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of, service_of
from shared.ui import Form, frame_of, language_of
from shared.ui.language import mark

pages = router()

TYPED = ("national_id", "name", "mobile", "email")
NAMES = {"name": mark("Full name"), "mobile": mark("Mobile"), "email": mark("E-mail")}
"""Of the fields that a file may say otherwise."""


def device_page(request: Request, who: Principal, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page that a device may keep: it shows nobody's data, and not who is signed in but his seat."""
    frame = replace(frame_of(request, who, here="day"), keeps=status == 200)
    desk, api = address(request, "/desk"), address(request, "/api/v1")
    return LOOK.page(request, f"desk/{template}", frame=frame, status_code=status, desk=desk, api=api, **facts)


def services_of(request: Request, who: Principal) -> Sequence[tuple[str, str]]:
    """The services that a request may be taken for on the road; none where the policy sends no delegate."""
    pack, language = pack_of(who.association_id), language_of(request)
    if not pack.adopts(Clause.CHANNEL_DELEGATE):
        return ()
    return [(service.id, words_of(service.name, language)) for service in pack.services]


@pages.get("/desk/day/{service_id}", response_class=HTMLResponse, summary="The form of a request taken on the road")
@refuses(errors.AssociationUnknown, errors.ServiceUnknown)
async def show_visit_form(
    service_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return _page(request, Form(), 200)


def _page(request: Request, form: Form, status: int, *, differ: Sequence[Difference] = ()) -> HTMLResponse:
    who, language = who_of(request), language_of(request)
    service = service_of(pack_of(who.association_id), str(request.path_params["service_id"]))
    return device_page(
        request,
        who,
        "visit.html",
        status=status,
        form=form,
        once=token_urlsafe(9),
        service=words_of(service.name, language),
        action=address(request, f"/desk/day/{service.id}"),
        questions=[
            (of_form(field.id), words_of(field.name, language), field.kind, field.required) for field in service.form
        ],
        papers=[
            (demand.kind, words_of(demand.name, language), demand.required, of_paper(demand.kind, ""))
            for demand in service.documents
        ],
        pictures=PICTURES,
        differ=[(one.field, NAMES[one.field], one.on_file_shown, one.typed, one.seen) for one in differ],
    )


async def _again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    """The form again; where his file says otherwise, with both values beside each other."""
    differ: Sequence[Difference] = ()
    if any(name.startswith("settle.") for name in form.errors):
        fields = Fields(request, getattr(request, "_body", b""))
        applicant = _applicant(fields)
        if applicant is not None:
            differ = await open_differences(applicant, scope=who_of(request).scope, session=session)
    return _page(request, form, status, differ=differ)


@pages.post("/desk/day/{service_id}", response_class=HTMLResponse, summary="Hand in a request taken on the road")
@shown_again(_again)
@refuses(
    errors.AssociationUnknown,
    errors.ServiceUnknown,
    errors.ChannelNotAdopted,
    errors.BranchIsClosed,
    errors.NationalIdWrong,
    errors.NameUnwritable,
    errors.NameTooLong,
    errors.ValuesDiffer,
    errors.SameRequestOpen,
    errors.FormIncomplete,
    errors.DocumentExpired,
    errors.DocumentNotOnChecklist,
)
async def post_visit(
    service_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    service = service_of(pack_of(who.association_id), service_id)
    applicant = _applicant(fields)
    answers, given = filled_in(fields, service), papers(fields, service, now=now)
    told, received = details(fields, now=now), reception(fields, now=now)
    despite = fields.optional("despite", longest=TEXT)
    fields.check()
    if applicant is None or told is None:
        raise errors.Malformed(field="device_time", name="device_time", why="it says no zone")
    command = TakeVisit(
        service_id=service.id,
        applicant=applicant,
        form=answers,
        papers=given,
        details=told,
        reception=received,
        settled=settled(fields),
        despite=despite,
        one_open_request=request.app.state.runtime.own_settings.one_open_request,
        by=who,
    )
    case, documents = await take_visit(command, session=session, now=now)
    here = address(request, f"/desk/cases/{case.id}")
    if "text/html" in request.headers.get("accept", ""):
        return go(f"{here}/documents?done=visit")
    # For the device: where each picture goes to. The same again for the same key, should this answer be lost.
    pictures = {
        of_paper(one.kind, "picture"): {
            "to": address(request, f"/api/v1/cases/{case.id}/documents/{one.id}/file"),
            "page": f"{here}/documents/{one.id}/file",
        }
        for one in documents
    }
    return JSONResponse({"here": here, "pictures": pictures}, status_code=201)


def _applicant(fields: Fields) -> Applicant | None:
    """Who asks, as it was typed. `None` where something of it is wrong."""
    fields.text(of_applicant("national_id"), longest=20)
    fields.text(of_applicant("name"), longest=LINE)
    typed = {name: fields.optional(of_applicant(name), longest=254) for name in TYPED}
    try:
        applicant = Applicant.model_validate(typed)
    except ValidationError as wrong:
        for problem in wrong.errors():
            name = str(problem["loc"][0])
            fields.say(of_applicant(name), WRONG[name])
        return None
    try:
        check_national_id(applicant.national_id)
    except errors.NationalIdWrong as refusal:
        said = refusal.sentence(language_of(fields.request).value)
        fields.errors.setdefault(of_applicant("national_id"), said)
        return None
    return applicant
