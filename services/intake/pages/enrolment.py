"""The second factor on the way in: a code by SMS, and setting up what one's seat asks for."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError

from services.intake.domain.accounts.sessions import Stage
from services.intake.domain.people import Mobile
from services.intake.pages.paths import address, next_of
from services.intake.pages.sign_in import pace_step, second_factor_page
from services.intake.pages.step import LOOK, comes_from_our_page, needed, refused, stale, step_page
from services.intake.pages.steps import carry, done, secret_of, stand, step_of
from services.intake.texts import refuse_texts, texts_codes
from services.intake.use_cases.accounts.enrol import begin_enrolment, confirm_enrolment, text_to_enrol
from services.intake.use_cases.accounts.text_code import ask_code
from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses, shown_anew
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.edge.rates import sign_in_door
from shared.ui import Form
from shared.ui.language import mark

pages = APIRouter(route_class=EarlyRoute, tags=["pages"])

SETUP = step_of(Stage.SET_UP_FACTOR)
OF_A_STEP = (errors.SessionEnded, errors.SignInStepMissing, errors.CodesNotTexted)
MOBILE_WRONG = mark("A Saudi mobile number, such as 0555000111.")
_mobile = TypeAdapter(Mobile)


def _waiting(response: HTMLResponse, refusal: errors.TooManyRequests) -> HTMLResponse:
    response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


@pages.post("/sign-in/second-factor/text", response_class=HTMLResponse, summary="Have a code sent to your mobile")
@refuses(*OF_A_STEP, errors.SecondFactorNotBegun)
@sign_in_door
@before(pace_step)
async def post_text(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    then = browser.local(browser.form_fields(body).get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return second_factor_page(request, then=then, form=stale(request), status=403)
    refuse_texts(request)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    try:
        await ask_code(secret_of(request), lifetimes=lifetimes, session=session, now=now)
    except errors.TooManyRequests as refusal:
        again = refused(request, refusal, beside="code")
        answer = second_factor_page(request, then=then, texts=True, form=again, status=refusal.status)
        return _waiting(answer, refusal)
    return second_factor_page(request, then=then, texts=True, sent=True)


def _choice(request: Request, *, then: str, form: Form | None = None, status: int = 200) -> HTMLResponse:
    text = address(request, f"{SETUP}/text") if texts_codes(request) else None
    return step_page(request, "enrol.html", path=SETUP, then=then, form=form, status=status, text=text)


def _confirmation(
    request: Request, *, then: str, form: Form | None = None, status: int = 200, **shown: Any
) -> HTMLResponse:
    facts: dict[str, Any] = {"key": None, "picture": None, "sent": False} | shown
    path = f"{SETUP}/confirmation"
    return step_page(request, "enrol_code.html", path=path, then=then, form=form, status=status, **facts)


@pages.get(SETUP, response_class=HTMLResponse, summary="The step of setting up a second factor")
@refuses(errors.SessionEnded)
async def show_setup(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    seen = await stand(request, session, now, at=Stage.SET_UP_FACTOR)
    return seen if isinstance(seen, Response) else _choice(request, then=next_of(request))


@pages.post(SETUP, response_class=HTMLResponse, summary="Begin to set up an authenticator")
@shown_anew
@refuses(*OF_A_STEP)
@sign_in_door
@before(pace_step)
async def post_setup(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    import segno  # it takes a moment to load, and nothing else needs it

    body = await request.body()
    then = browser.local(browser.form_fields(body).get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return _choice(request, then=then, form=stale(request), status=403)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    staff, link = await begin_enrolment(secret_of(request), lifetimes=lifetimes, session=session, now=now)
    picture = segno.make(link, error="m").png_data_uri(scale=5)
    return _confirmation(request, then=then, picture=picture, key=staff.totp_secret)


@pages.post(f"{SETUP}/text", response_class=HTMLResponse, summary="Or have a code sent to a mobile")
@refuses(*OF_A_STEP)
@sign_in_door
@before(pace_step)
async def post_setup_text(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then = browser.local(given.get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return _choice(request, then=then, form=stale(request), status=403)
    refuse_texts(request)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    try:
        mobile = _mobile.validate_python(given.get("mobile", "")[:20])
        await text_to_enrol(secret_of(request), mobile, lifetimes=lifetimes, session=session, now=now)
    except ValidationError:
        wrong = Form({"mobile": given.get("mobile", "")[:20]}, {"mobile": LOOK.say(request, MOBILE_WRONG)})
        return _choice(request, then=then, form=wrong, status=422)
    except errors.TooManyRequests as refusal:
        again = refused(request, refusal, beside="mobile", values=given)
        return _waiting(_choice(request, then=then, form=again, status=refusal.status), refusal)
    return _confirmation(request, then=then, sent=True)


@pages.post(f"{SETUP}/confirmation", response_class=HTMLResponse, summary="Put the second factor in force, and go on")
@shown_anew
@refuses(*OF_A_STEP, errors.SecondFactorNotBegun, errors.SeatLapsed)
@sign_in_door
@before(pace_step)
async def post_setup_confirmation(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then, code = browser.local(given.get("next"), otherwise=""), given.get("code", "")[:40]
    if not comes_from_our_page(request, body=body):
        return _confirmation(request, then=then, form=stale(request), status=403)
    if not code.strip():
        return _confirmation(request, then=then, form=needed(request, "code"), status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await confirm_enrolment(secret_of(request), code, lifetimes=lifetimes, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        again = refused(request, outcome, beside="code")
        return _confirmation(request, then=then, form=again, status=outcome.status)
    onwards = done(request, outcome.signed_in, then=then, now=now).headers["location"]
    response = LOOK.page(request, "accounts/recovery_codes.html", codes=outcome.codes, onwards=onwards)
    carry(request, response, outcome.signed_in, now=now)
    return response
