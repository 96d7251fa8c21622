"""The second factor on the way in: a code by SMS, and setting up what one's seat asks for."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError

from services.intake.domain.accounts.sessions import Stage
from services.intake.domain.people import Mobile
from services.intake.pages import words
from services.intake.pages.html import comes_from_our_page, form, next_of, nonce_of, page, say, text_field, words_of
from services.intake.pages.route import PageRoute, with_wait
from services.intake.pages.sign_in import pace_step, second_factor_page
from services.intake.pages.steps import carry, done, secret_of, stand, step_of
from services.intake.texts import refuse_texts, texts_codes
from services.intake.use_cases.accounts.enrol import begin_enrolment, confirm_enrolment, text_to_enrol
from services.intake.use_cases.accounts.text_code import ask_code
from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.early import before
from shared.plumbing.edge.rates import sign_in_door
from shared.policy.parts import Words

pages = APIRouter(route_class=PageRoute, tags=["pages"])

SETUP = step_of(Stage.SET_UP_FACTOR)
OF_A_STEP = (errors.SessionEnded, errors.SignInStepMissing, errors.CodesNotTexted)
_mobile = TypeAdapter(Mobile)


@pages.post("/sign-in/second-factor/text", response_class=HTMLResponse, summary="Have a code sent to your mobile")
@refuses(*OF_A_STEP, errors.SecondFactorNotBegun)
@sign_in_door
@before(pace_step)
async def post_text(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    then = browser.local(browser.form_fields(body).get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return second_factor_page(request, then=then, texts=True, error=words.STALE, status=403)
    refuse_texts(request)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    try:
        await ask_code(secret_of(request), lifetimes=lifetimes, session=session, now=now)
    except errors.TooManyRequests as refusal:
        again = second_factor_page(request, then=then, texts=True, error=words_of(refusal), status=refusal.status)
        return with_wait(again, refusal)
    return second_factor_page(request, then=then, texts=True, note=words.TEXTED)


def _choice(request: Request, *, then: str, error: Words | None = None, status: int = 200) -> HTMLResponse:
    nonce = nonce_of(request)
    body = f"<p>{say(request, words.SET_UP_WHY)}</p>" + form(
        request, path=SETUP, fields="", submit=words.SET_UP_FACTOR, bound_to=nonce, then=then
    )
    if texts_codes(request):
        field = text_field(
            request,
            "mobile",
            words.MOBILE,
            kind="tel",
            autocomplete="tel",
            error=error,
            more='inputmode="tel" maxlength="20"',
        )
        body += form(request, path=f"{SETUP}/text", fields=field, submit=words.TEXT_ME, bound_to=nonce, then=then)
    alert = say(request, error) if error and not texts_codes(request) else ""
    return page(request, title=words.SET_UP_FACTOR, body=body, alert=alert, status=status, nonce=nonce)


def _confirmation(
    request: Request, *, then: str, shown: str = "", error: Words | None = None, status: int = 200
) -> HTMLResponse:
    nonce = nonce_of(request)
    field = text_field(request, "code", words.CODE, autocomplete="one-time-code", error=error, more='maxlength="40"')
    path = f"{SETUP}/confirmation"
    body = shown + form(request, path=path, fields=field, submit=words.GO_ON, bound_to=nonce, then=then)
    return page(request, title=words.SET_UP_FACTOR, body=body, status=status, nonce=nonce)


@pages.get(SETUP, response_class=HTMLResponse, summary="The step of setting up a second factor")
@refuses(errors.SessionEnded)
async def show_setup(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    seen = await stand(request, session, now, at=Stage.SET_UP_FACTOR)
    return seen if isinstance(seen, Response) else _choice(request, then=next_of(request))


@pages.post(SETUP, response_class=HTMLResponse, summary="Begin to set up an authenticator")
@refuses(*OF_A_STEP)
@sign_in_door
@before(pace_step)
async def post_setup(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    import segno  # it takes a moment to load, and nothing else needs it

    body = await request.body()
    then = browser.local(browser.form_fields(body).get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return _choice(request, then=then, error=words.STALE, status=403)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    staff, link = await begin_enrolment(secret_of(request), lifetimes=lifetimes, session=session, now=now)
    picture = segno.make(link, error="m").png_data_uri(scale=5)
    shown = (
        f'<p>{say(request, words.SCAN)}</p><p><img src="{picture}" alt=""></p>'
        f'<p>{say(request, words.KEY)}: <bdi dir="ltr">{escape(staff.totp_secret or "")}</bdi></p>'
    )
    return _confirmation(request, then=then, shown=shown)


@pages.post(f"{SETUP}/text", response_class=HTMLResponse, summary="Or have a code sent to a mobile")
@refuses(*OF_A_STEP)
@sign_in_door
@before(pace_step)
async def post_setup_text(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then = browser.local(given.get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return _choice(request, then=then, error=words.STALE, status=403)
    refuse_texts(request)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    try:
        mobile = _mobile.validate_python(given.get("mobile", "")[:20])
        await text_to_enrol(secret_of(request), mobile, lifetimes=lifetimes, session=session, now=now)
    except ValidationError:
        return _choice(request, then=then, error=words.MOBILE_WRONG, status=422)
    except errors.TooManyRequests as refusal:
        return with_wait(_choice(request, then=then, error=words_of(refusal), status=refusal.status), refusal)
    return _confirmation(request, then=then, shown=f"<p>{say(request, words.TEXTED)}</p>")


@pages.post(f"{SETUP}/confirmation", response_class=HTMLResponse, summary="Put the second factor in force, and go on")
@refuses(*OF_A_STEP, errors.SecondFactorNotBegun, errors.SeatLapsed)
@sign_in_door
@before(pace_step)
async def post_setup_confirmation(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then, code = browser.local(given.get("next"), otherwise=""), given.get("code", "")[:40]
    if not comes_from_our_page(request, body=body):
        return _confirmation(request, then=then, error=words.STALE, status=403)
    if not code.strip():
        return _confirmation(request, then=then, error=words.REQUIRED, status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await confirm_enrolment(secret_of(request), code, lifetimes=lifetimes, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        return _confirmation(request, then=then, error=words_of(outcome), status=outcome.status)
    onwards = done(request, outcome.signed_in, then=then, now=now).headers["location"]
    codes = "".join(f"<li>{code}</li>" for code in outcome.codes)
    shown = f'<p>{say(request, words.RECOVERY)}</p><ul class="codes">{codes}</ul>'
    shown += f'<p><a href="{escape(onwards)}">{say(request, words.GO_ON)}</a></p>'
    response = page(request, title=words.SECOND_FACTOR, body=shown)
    carry(request, response, outcome.signed_in, now=now)
    return response
