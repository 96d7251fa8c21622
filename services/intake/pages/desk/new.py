"""A new request, step by step: who asks and for what, then the form of the service. The person was looked for before.

Nothing is written before the last step. Until then what was typed travels in the forms, and never in an address.
"""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Applicant, Beneficiary, check_national_id
from services.intake.domain.register.search_proof import prove_search
from services.intake.pages.desk.again import FieldsWrong, shown_again
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, name_of_service, router, who_of, words_of
from services.intake.pages.desk.questions import filled_in, of_applicant, of_form
from services.intake.pages.desk.words import CHANNELS, LANGUAGES
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.use_cases.draft_case import DraftCase, draft_case
from services.intake.use_cases.find_people import find_people, known_to
from services.intake.use_cases.register.take_stated import Said
from shared.language import errors
from shared.language.clauses import Channel
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.plumbing.masks import masked
from shared.plumbing.seal import readable
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.ui import Form, language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

pages = router()

DESPITE = "despite"
"""Why a second request is begun while one like it is open."""
SEARCH = 4000
GONE = mark("The file of this person is not at your desk any more. Look for the person again.")
WRONG = {
    "name": mark("Write the name, with two letters at least."),
    "mobile": mark("Write a Saudi mobile number, for example 05XXXXXXXX."),
    "email": mark("Write an e-mail address, for example name@example.org."),
    "language": mark("Choose one of these."),
    "national_id": mark("Write the ten digits of the identity card or residence permit."),
}
OF_APPLICANT = ("national_id", "name", "mobile", "email", "language")


@pages.get("/desk/new/applicant", response_class=HTMLResponse, summary="A new request: who asks, and for what")
@refuses(errors.AssociationUnknown)
async def show_new_applicant(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
    person: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    return await _who_page(request, session, Form({"person": person}), 200)


async def _who_page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    """The page of who asks. Whoever has a file is not typed again, and shown masked."""
    who, language = who_of(request), language_of(request)
    pack = pack_of(who.association_id)
    person = await _known(form.value("person"), who=who, session=session)
    head_office = who.scope.branch_id is None
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
        channels=[(channel.value, CHANNELS[channel]) for channel in pack.channels],
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
    person = await _known(form.value("person"), who=who, session=session)
    carried = ("person", "search", "channel", "service_id", "branch_id", *map(of_applicant, OF_APPLICANT))
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
        elsewhere=[name_of_branch(pack, branch, language=language) for branch in elsewhere],
        asks_why=DESPITE in form.errors or bool(form.value(DESPITE)),
    )


async def _again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    """The step that the problem is about."""
    about_form = form.errors and all(name.startswith("form.") or name == DESPITE for name in form.errors)
    if about_form:
        return await _form_page(request, session, form, status)
    return await _who_page(request, session, form, status)


async def _known(person_id: str, *, who: Principal, session: AsyncSession) -> Beneficiary | None:
    return await known_to(person_id, scope=who.scope, session=session) if person_id else None


async def _applicant(fields: Fields, *, who: Principal, session: AsyncSession) -> Applicant | None:
    """Who asks: of the file that was found, or as it was typed. `None` where something of it is wrong."""
    if person_id := fields.optional("person", longest=50):
        person = await _known(person_id, who=who, session=session)
        if person is None:
            fields.say("", GONE)
            return None
        typed = {
            "national_id": readable(person.national_id),
            "name": person.name,
            "mobile": fields.optional(of_applicant("mobile")) or person.mobile,
            "email": person.email,
            "language": person.language,
        }
    else:
        fields.text(of_applicant("national_id"), longest=20)
        fields.text(of_applicant("name"))
        typed = {name: fields.optional(of_applicant(name), longest=254) for name in OF_APPLICANT}
        typed["language"] = typed["language"] or "ar"
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
        fields.errors.setdefault(of_applicant("national_id"), refusal.sentence(language_of(fields.request).value))
    return applicant


def _request(fields: Fields, pack: Pack, *, who: Principal) -> tuple[str, str, str | None]:
    """By which channel, for which service, at which branch."""
    channel = fields.choice("channel", [one.value for one in pack.channels])
    service_id = fields.choice("service_id", [one.id for one in pack.services])
    branch_id = None
    if who.scope.branch_id is None and fields.optional("branch_id"):
        branch_id = fields.choice("branch_id", [one.id for one in pack.branches])
    return channel, service_id, branch_id


@pages.post("/desk/new/applicant", response_class=HTMLResponse, summary="A new request: on to the form of the service")
@shown_again(_who_page)
@refuses(errors.AssociationUnknown, errors.NationalIdWrong)
async def post_new_applicant(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    applicant = await _applicant(fields, who=who, session=session)
    _request(fields, pack_of(who.association_id), who=who)
    fields.check()
    # Looked for by his number once more, whatever was looked for before: nobody gets a second file unseen.
    elsewhere: tuple[str, ...] = ()
    if applicant is not None:
        found = await find_people(applicant.national_id, scope=who.scope, limit=1, session=session)
        elsewhere = tuple(found.elsewhere) or tuple(branch for hit in found.people for branch in hit.branches)
        fields.values["search"] = prove_search(applicant.national_id, scope=who.scope, now=now) or ""
    return await _form_page(request, session, Form(fields.values), 200, elsewhere=elsewhere)


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
)
async def post_new(request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]) -> Response:
    fields = Fields(request, await request.body())
    if fields.chosen("step") == {"back"}:
        return await _who_page(request, session, Form(fields.values), 200)
    pack = pack_of(who.association_id)
    applicant = await _applicant(fields, who=who, session=session)
    channel, service_id, branch_id = _request(fields, pack, who=who)
    fields.check()
    service = pack.service(service_id)
    if applicant is None or service is None:
        raise FieldsWrong({})
    filled = filled_in(fields, service)
    fields.check()
    command = DraftCase(
        channel=Channel(channel),
        service_id=service_id,
        branch_id=branch_id,
        applicant=applicant,
        said=_said(fields),
        form=filled,
        # A page asks both, whatever the doors for programs are told to.
        search=fields.optional("search", longest=SEARCH),
        search_first=True,
        despite=fields.optional(DESPITE, longest=TEXT),
        one_open_request=True,
        scope=who.scope,
        by=who.person_id,
    )
    case = await draft_case(command, session=session, now=now)
    return go(address(request, f"/desk/cases/{case.id}/documents?done=new"))
