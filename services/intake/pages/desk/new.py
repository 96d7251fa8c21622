"""A new request, step by step: who asks and for what, then the form of the service. The person was looked for before.

Nothing is written before the last step. Until then what was typed travels in the forms, and never in an address.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.contacts import ContactWords
from services.intake.domain.register.search_proof import prove_search
from services.intake.pages.desk.again import FieldsWrong, shown_again
from services.intake.pages.desk.arriving import details_in, drawn, is_told
from services.intake.pages.desk.contacts.begun import contact_for, with_contact
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.new_typed import (
    DESPITE,
    OF_APPLICANT,
    SEARCH,
    applicant_in,
    known,
    request_in,
)
from services.intake.pages.desk.on_desk import desk_page, name_of_service, router, who_of, words_of
from services.intake.pages.desk.questions import filled_in, of_applicant, of_form
from services.intake.pages.desk.words import CHANNELS, LANGUAGES
from services.intake.pages.paths import address, anew, go
from services.intake.seats import FRONT
from services.intake.use_cases.draft_case import DraftCase, draft_case
from services.intake.use_cases.find_people import find_people
from services.intake.use_cases.register.take_stated import Said
from services.intake.use_cases.take_contact import ConvertContact, RecordArrival, convert_contact, record_arrival
from shared.language import errors
from shared.language.clauses import Channel
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.plumbing.masks import masked
from shared.policy.adopted import pack_of
from shared.ui import Form, language_of
from shared.ui.signed_in import name_of_branch

pages = router()

OF_FORM = ("form.", "arrival.", DESPITE)
"""What the second of the two steps asks."""


@pages.get("/desk/new/applicant", response_class=HTMLResponse, summary="A new request: who asks, and for what")
@refuses(errors.AssociationUnknown, errors.ContactNotFound, errors.ContactIsRequest)
async def show_new_applicant(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
    person: Annotated[str, Query(max_length=50)] = "",
    contact: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    return await _who_page(request, session, Form({"person": person, "contact": contact}), 200)


async def _who_page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    """The page of who asks. Whoever has a file is not typed again, and shown masked."""
    who, language = who_of(request), language_of(request)
    pack = pack_of(who.association_id)
    person = await known(form.value("person"), who=who, session=session)
    contact = await contact_for(form, scope=who.scope, session=session)
    form = with_contact(form, contact, has_file=person is not None)
    # A contact's request is its branch's, and came by its channel.
    head_office = who.scope.branch_id is None and contact is None
    channels = pack.channels if contact is None else (contact.channel,)
    chosen = dict(form.values)
    chosen.setdefault("branch_id", pack.head_office.id)
    chosen.setdefault(of_applicant("language"), "ar")
    return await desk_page(
        request,
        session,
        who,
        "new_applicant.html",
        status=status,
        form=Form(chosen, form.errors),
        person=person,
        masked={"national_id": masked(person.national_id), "mobile": masked(person.mobile or "")} if person else {},
        contact=contact.id if contact else None,
        # What was written at the step after this one waits for him there.
        carried=[(name, value) for name, value in form.values.items() if name.startswith(OF_FORM) and value],
        channels=[(channel.value, CHANNELS[channel]) for channel in channels],
        services=[(service.id, words_of(service.name, language)) for service in pack.services],
        branches=[(one.id, name_of_branch(pack, one.id, language=language)) for one in pack.branches]
        if head_office
        else [],
        languages=LANGUAGES,
    )


async def _form_page(
    request: Request, session: AsyncSession, form: Form, status: int, *, elsewhere: tuple[str, ...] = ()
) -> HTMLResponse:
    """The page of the service's form; what was said before goes along in hidden fields."""
    who, language = who_of(request), language_of(request)
    pack = pack_of(who.association_id)
    service = pack.service(form.value("service_id"))
    person = await known(form.value("person"), who=who, session=session)
    channel = next((one for one in pack.channels if one == form.value("channel")), None)
    # How a contact came was written down when it was taken.
    tells = channel is not None and not form.value("contact")
    carried = ("person", "contact", "search", "channel", "service_id", "branch_id", *map(of_applicant, OF_APPLICANT))
    return await desk_page(
        request,
        session,
        who,
        "new_form.html",
        status=status,
        form=form,
        carried=[(name, form.value(name)) for name in carried if form.value(name)],
        service=name_of_service(pack, form.value("service_id"), language=language),
        name_of_applicant=person.name if person else form.value(of_applicant("name")),
        questions=[
            (of_form(field.id), words_of(field.name, language), field.kind, field.required)
            for field in (service.form if service else ())
        ],
        channel_words=CHANNELS[channel] if channel else "",
        asked_fields=drawn(request, channel, must=False) if channel and tells else [],
        tells_arrival=is_told(form),
        elsewhere=[name_of_branch(pack, branch, language=language) for branch in elsewhere],
        asks_why=DESPITE in form.errors or bool(form.value(DESPITE)),
    )


async def _again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    """The step that the problem is about."""
    about_form = form.errors and all(name.startswith(OF_FORM) for name in form.errors)
    if about_form:
        return await _form_page(request, session, form, status)
    return await _who_page(request, session, form, status)


@pages.post("/desk/new/applicant", response_class=HTMLResponse, summary="A new request: on to the form of the service")
@shown_again(_who_page)
@refuses(errors.AssociationUnknown, errors.NationalIdWrong, errors.ContactNotFound)
async def post_new_applicant(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    applicant = await applicant_in(fields, who=who, session=session)
    request_in(fields, pack_of(who.association_id), who=who)
    fields.check()
    # Looked for by his number once more, whatever was looked for before: nobody gets a second file unseen.
    elsewhere: tuple[str, ...] = ()
    if applicant is not None:
        found = await find_people(applicant.national_id, scope=who.scope, limit=1, session=session)
        elsewhere = tuple(found.elsewhere) or tuple(branch for hit in found.people for branch in hit.branches)
        fields.values["search"] = prove_search(applicant.national_id, scope=who.scope, now=now) or ""
    return anew(await _form_page(request, session, Form(fields.values), 200, elsewhere=elsewhere))


def _said(fields: Fields) -> Said:
    """Whoever has the file on the page before him may write another mobile: that is his act."""
    if not fields.optional("person"):
        return Said.AT_DESK
    return Said.CHOSEN if fields.optional(of_applicant("mobile")) else Said.KEPT


@pages.post("/desk/new", response_class=HTMLResponse, summary="Begin a request from its pages")
@shown_again(_again)
@refuses(
    errors.ChannelNotAdopted,
    errors.ServiceUnknown,
    errors.BranchUnknown,
    errors.BranchIsClosed,
    errors.NationalIdWrong,
    errors.NameUnwritable,
    errors.NameTooLong,
    errors.SearchFirst,
    errors.SameRequestOpen,
    errors.ContactNotFound,
    errors.ContactIsRequest,
)
async def post_new(request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]) -> Response:
    fields = Fields(request, await request.body())
    if fields.chosen("step") == {"back"}:
        return anew(await _who_page(request, session, Form(fields.values), 200))
    pack = pack_of(who.association_id)
    applicant = await applicant_in(fields, who=who, session=session)
    channel, service_id, branch_id = request_in(fields, pack, who=who)
    fields.check()
    service = pack.service(service_id)
    if applicant is None or service is None:
        raise FieldsWrong({})
    filled = filled_in(fields, service)
    # A page asks both, whatever the doors for programs are told to.
    asks = {"search_first": True, "one_open_request": True}
    proof = {"search": fields.optional("search", longest=SEARCH), "despite": fields.optional(DESPITE, longest=TEXT)}
    begun: dict[str, Any] = {"service_id": service_id, "applicant": applicant, "form": filled, "said": _said(fields)}
    begun |= asks | proof
    if contact_id := fields.optional("contact", longest=50):
        fields.check()
        case = await convert_contact(ConvertContact(contact_id=contact_id, by=who, **begun), session=session, now=now)
    else:
        case = await _draft(fields, Channel(channel), branch_id, begun, who=who, session=session, now=now)
    return go(address(request, f"/desk/cases/{case.id}/documents?done=new"))


async def _draft(
    fields: Fields,
    channel: Channel,
    branch_id: str | None,
    begun: dict[str, Any],
    *,
    who: Principal,
    session: AsyncSession,
    now: datetime,
) -> Case:
    """Begun at the desk itself; how he came is kept with it where anything of it was typed."""
    came = details_in(fields, channel, now=now) if is_told(Form(fields.values)) else None
    fields.check()
    command = DraftCase(channel=channel, branch_id=branch_id, scope=who.scope, by=who.person_id, **begun)
    case = await draft_case(command, session=session, now=now)
    if came is not None:
        await session.flush()
        arrival = RecordArrival(case_id=case.id, said=ContactWords(arrival=came), by=who)
        await record_arrival(arrival, session=session, now=now)
    return case
