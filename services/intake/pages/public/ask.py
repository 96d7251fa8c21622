"""The public's form of a service: what was typed stays whatever is wrong, and no third party looks on."""

from typing import Annotated

from cryptography.fernet import InvalidToken
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from services.intake.domain.case import FormValue
from services.intake.domain.people import Applicant, western
from services.intake.domain.website import Unfit, new_page_token, read_page_token
from services.intake.pages.paths import base_of, go
from services.intake.pages.public.form import in_language, public_page_of, wrong
from services.intake.pages.step import LOOK, REQUIRED, comes_from_our_page, stale
from services.intake.use_cases.ask_from_website import AskFromWebsite, ask_from_website, check_asked
from shared.language import errors
from shared.language.clauses import Channel
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.early import EarlyRoute
from shared.plumbing.edge.rates import public_page, sign_in_door
from shared.plumbing.seal import RING
from shared.policy.adopted import pack_of, packs, service_of
from shared.policy.pack import Pack
from shared.policy.parts import FormField, Service
from shared.ui import Form, language_of
from shared.ui.language import mark

SAID_BESIDE = (errors.NationalIdWrong, errors.FormIncomplete, errors.NameUnwritable, errors.NameTooLong)
pages = APIRouter(route_class=EarlyRoute, tags=["pages"])

SENT, SENT_SECONDS = "athar-sent", 900
TRAP = "homepage"
"""A field that no person sees: what fills it in fills in everything."""
LONGEST = 4000
PERSON = ("name", "national_id", "mobile", "email")
UNFIT = {
    Unfit.TOO_QUICK: mark("That was very quick. Look at the form once more, and send it again."),
    Unfit.TOO_OLD: mark("The page was open for more than a day. Look at the form once more, and send it again."),
    Unfit.NOT_OURS: mark("The page was not sent as we gave it out. Look at the form once more, and send it again."),
}
TRAPPED = mark("Something filled in a field that is to stay empty. Look at the form once more, and send it again.")
WRONG = {
    "name": mark("Write the whole name, of 2 to 200 letters."),
    "national_id": mark("The national id or iqama has ten digits and begins with 1 or 2. Look at it once more."),
    "mobile": mark("A Saudi mobile number, such as 0555000111."),
    "email": mark("An e-mail address, such as name@example.org, or nothing."),
}
NUMBER = mark("A whole number.")
TOO_LONG = mark("At most 4000 letters.")


def _open(association_id: str, service_id: str) -> tuple[Pack, Service]:
    """The form that is on offer. Raises `AssociationUnknown`, `ServiceUnknown` or `ChannelNotAdopted`."""
    pack = pack_of(association_id)
    _check_website(pack)
    return pack, service_of(pack, service_id)


def _check_website(pack: Pack) -> None:
    clause = Channel.WEBSITE.clause
    if not pack.adopts(clause):
        raise errors.ChannelNotAdopted(
            field="channel",
            clause=clause,
            channel=Channel.WEBSITE,
            clause_id=clause.value,
            adopted=pack.channels,
        )


def _form_page(
    request: Request,
    pack: Pack,
    service: Service,
    now: Now,
    *,
    page: str = "",
    form: Form | None = None,
    status: int = 200,
) -> HTMLResponse:
    about = f"{pack.id}/{service.id}"
    return public_page_of(
        request,
        "ask.html",
        pack=pack,
        form=form,
        status=status,
        action=f"{base_of(request)}/ask/{about}",
        page=page or new_page_token(about, at=now),
        trap=TRAP,
        service=in_language(request, service.name),
        fields=[(field.id, in_language(request, field.name), field.kind, field.required) for field in service.form],
        papers=[in_language(request, paper.name) for paper in service.documents if paper.required],
        longest=LONGEST,
    )


@pages.get("/ask", response_class=HTMLResponse, summary="Which association do you ask?")
@public_page
async def show_ask(request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
    asked = [pack for pack in packs().values() if pack.adopts(Channel.WEBSITE.clause)]
    links = [(in_language(request, pack.association.name), f"{base_of(request)}/ask/{pack.id}") for pack in asked]
    return public_page_of(request, "choose.html", links=links, what="association")


@pages.get("/ask/sent", response_class=HTMLResponse, summary="Your request came in")
@public_page
async def show_sent(request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
    """Its number, shown to the browser that sent it, for a quarter of an hour."""
    try:
        kind, association_id, reference = RING.open(browser.cookie_of(request, SENT)).split("/")
        pack = pack_of(association_id) if kind == SENT else None
    except (InvalidToken, ValueError, errors.AssociationUnknown):
        pack, reference = None, ""
    return public_page_of(request, "sent.html", pack=pack, reference=reference if pack else "")


@pages.get("/ask/{association_id}", response_class=HTMLResponse, summary="Which service do you ask for?")
@refuses(errors.AssociationUnknown, errors.ChannelNotAdopted)
@public_page
async def show_services(association_id: str, request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
    pack = pack_of(association_id)
    _check_website(pack)
    links = [
        (in_language(request, service.name), f"{base_of(request)}/ask/{pack.id}/{service.id}")
        for service in pack.services
    ]
    return public_page_of(request, "choose.html", pack=pack, links=links, what="service")


@pages.get("/ask/{association_id}/{service_id}", response_class=HTMLResponse, summary="The form of a service")
@refuses(errors.AssociationUnknown, errors.ChannelNotAdopted, errors.ServiceUnknown)
@public_page
async def show_form(
    association_id: str, service_id: str, request: Request, now: Now, _: Annotated[None, ANYONE]
) -> HTMLResponse:
    pack, service = _open(association_id, service_id)
    return _form_page(request, pack, service, now)


@pages.post("/ask/{association_id}/{service_id}", response_class=HTMLResponse, summary="Send the form of a service")
@refuses(
    errors.AssociationUnknown,
    errors.ChannelNotAdopted,
    errors.ServiceUnknown,
    *SAID_BESIDE,
    errors.BranchUnknown,
    errors.CaseNotFound,
    errors.StepOutOfOrder,
)
@sign_in_door
async def post_form(
    association_id: str, service_id: str, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> Response:
    pack, service = _open(association_id, service_id)
    body = await request.body()
    given = browser.form_fields(body)
    token, about = given.get("page", "")[:200], f"{pack.id}/{service.id}"
    if not comes_from_our_page(request, body=body):
        return _form_page(request, pack, service, now, form=stale(request, values=given), status=403)
    trapped = given.pop(TRAP, "")
    nonce = read_page_token(token, about, now=now)
    refused = UNFIT[nonce] if isinstance(nonce, Unfit) else TRAPPED if trapped else None
    if isinstance(nonce, Unfit) or refused is not None:
        # Who was too quick keeps his page: its time goes on.
        kept = "" if nonce in {Unfit.TOO_OLD, Unfit.NOT_OURS} else token
        again = Form(given, {"": LOOK.say(request, refused or TRAPPED)})
        return _form_page(request, pack, service, now, page=kept, form=again, status=422)
    command = _command(request, given, pack, service, nonce=nonce)
    if isinstance(command, Form):
        return _form_page(request, pack, service, now, page=token, form=command, status=422)
    try:
        check_asked(command)
    except SAID_BESIDE as refusal:
        beside = (refusal.field or "").replace("applicant.", "").replace("form.", "form_")
        again = Form(given, {beside: refusal.sentence(language_of(request).value)})
        return _form_page(request, pack, service, now, page=token, form=again, status=422)
    reference = await ask_from_website(command, session=session, now=now)
    response = go(base_of(request) + "/ask/sent")
    browser.set_cookie(request, response, SENT, RING.seal(f"{SENT}/{pack.id}/{reference}"), seconds=SENT_SECONDS)
    return response


def _command(
    request: Request, given: dict[str, str], pack: Pack, service: Service, *, nonce: str
) -> AskFromWebsite | Form:
    """What was typed as a request, or the form with what is wrong with it."""
    unfit = {name: REQUIRED for name in PERSON[:3] if not given.get(name, "").strip()}
    person = {name: given[name].strip() for name in PERSON if given.get(name, "").strip()}
    applicant = None
    try:
        applicant = Applicant(**person, language=language_of(request).value)
    except ValidationError as error:
        found = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        unfit |= {name: WRONG[name] for name in found if name in WRONG and name not in unfit}
    answers: dict[str, FormValue] = {}
    for field in service.form:
        value = _answer(field, given.get(f"form_{field.id}", "").strip())
        if isinstance(value, _Wrong):
            unfit[f"form_{field.id}"] = value.words
        elif value is not None:
            answers[field.id] = value
    if unfit or applicant is None:
        return wrong(request, given, **unfit)
    return AskFromWebsite(nonce=nonce, association_id=pack.id, service_id=service.id, applicant=applicant, form=answers)


class _Wrong:
    def __init__(self, words: str) -> None:
        self.words = words


def _answer(field: FormField, typed: str) -> FormValue | _Wrong | None:
    """The answer to one question; nothing where none is given and none is needed."""
    if not typed:
        return _Wrong(REQUIRED) if field.required else None
    if field.kind == "boolean":
        return typed == "yes"
    if field.kind == "integer":
        digits = str(western(typed))
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else _Wrong(NUMBER)
    return typed if len(typed) <= LONGEST else _Wrong(TOO_LONG)
