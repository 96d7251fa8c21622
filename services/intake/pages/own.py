"""The page of one's own session: who one is, out again, another seat, a second factor; and its renewal."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.pages import words
from services.intake.pages.html import address, base_of, form, go, page, say, text_field, words_of
from services.intake.pages.route import ArrivalRoute, PageRoute
from services.intake.pages.steps import carry, secret_of
from services.intake.use_cases.accounts.end_sessions import end_everywhere, end_session
from services.intake.use_cases.accounts.issue_access import secret_key
from services.intake.use_cases.accounts.renew_session import renew_session
from services.intake.use_cases.accounts.set_up_second_factor import begin_second_factor, confirm_second_factor
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.parts import Words

pages = APIRouter(route_class=PageRoute, tags=["pages"])
arrivals = APIRouter(route_class=ArrivalRoute, tags=["pages"])

Anyone = Annotated[Principal, allow(*Role)]


def _own_form(request: Request, who: Principal, path: str, submit: Words, fields: str = "") -> str:
    return form(request, path=path, fields=fields, submit=submit, bound_to=who.session_id or "")


@pages.get("/session", response_class=HTMLResponse, summary="Who you are, and the way out")
async def show_session(request: Request, who: Anyone) -> Response:
    seat = say(request, words.role_words(who.role)) + (f" · {escape(who.branch_id)}" if who.branch_id else "")
    body = (
        f"<p>{seat}</p>"
        f'<p><a href="{escape(address(request, "/sign-in/seat"))}">{say(request, words.OTHER_SEAT)}</a></p>'
        + _own_form(request, who, "/session/second-factor", words.SET_UP_FACTOR)
        + _own_form(request, who, "/session/end", words.SIGN_OUT)
        + _own_form(request, who, "/session/end-everywhere", words.SIGN_OUT_EVERYWHERE)
    )
    return page(request, title=words.SIGNED_IN, body=body)


@pages.post("/session/end", response_class=HTMLResponse, summary="Sign out at this device")
async def post_end(request: Request, session: Session, now: Now, who: Anyone) -> Response:
    await end_session(who.session_id or "", because="signed out", session=session, now=now)
    return _out(request)


@pages.post("/session/end-everywhere", response_class=HTMLResponse, summary="Sign out at every device")
async def post_end_everywhere(request: Request, session: Session, now: Now, who: Anyone) -> Response:
    await end_everywhere(who.person_id, because="signed out everywhere", session=session, now=now)
    return _out(request)


def _out(request: Request) -> Response:
    response = go(address(request, "/sign-in"))
    browser.drop_cookies(request, response)
    return response


@pages.post("/session/second-factor", response_class=HTMLResponse, summary="Begin to set up a second factor")
@refuses(errors.SecondFactorThere, errors.StaffNotFound)
async def post_second_factor(request: Request, session: Session, who: Anyone) -> Response:
    import segno  # it takes a moment to load, and nothing else needs it

    staff, link = await begin_second_factor(who, session=session)
    picture = segno.make(link, error="m").png_data_uri(scale=5)
    key = escape(staff.totp_secret or "")
    body = (
        f'<p>{say(request, words.SCAN)}</p><p><img src="{picture}" alt=""></p>'
        f'<p>{say(request, words.KEY)}: <bdi dir="ltr">{key}</bdi></p>' + _confirmation(request, who)
    )
    return page(request, title=words.SET_UP_FACTOR, body=body)


def _confirmation(request: Request, who: Principal, error: Words | None = None) -> str:
    field = text_field(request, "code", words.CODE, autocomplete="one-time-code", error=error, more='maxlength="40"')
    return _own_form(request, who, "/session/second-factor/confirmation", words.GO_ON, field)


@pages.post("/session/second-factor/confirmation", response_class=HTMLResponse, summary="Put it in force")
@refuses(errors.SecondFactorThere, errors.SecondFactorNotBegun, errors.StaffNotFound)
async def post_confirmation(request: Request, session: Session, now: Now, who: Anyone) -> Response:
    code = browser.form_fields(await request.body()).get("code", "")[:40]
    outcome = await confirm_second_factor(code, by=who, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        body = _confirmation(request, who, words_of(outcome))
        return page(request, title=words.SET_UP_FACTOR, body=body, status=outcome.status)
    codes = "".join(f"<li>{code}</li>" for code in outcome)
    back = f'<p><a href="{escape(base_of(request) + "/session")}">{say(request, words.GO_ON)}</a></p>'
    body = f'<p>{say(request, words.RECOVERY)}</p><ul class="codes">{codes}</ul>{back}'
    return page(request, title=words.SECOND_FACTOR, body=body)


@arrivals.get("/session/renewal", response_class=HTMLResponse, summary="Another token, then back to where one was")
@refuses(errors.SessionEnded, errors.SeatLapsed, errors.SignInStepMissing)
async def show_renewal(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    return await _renew(request, session, now)


@pages.post("/session/renewal", response_class=HTMLResponse, summary="The same for a form, which is sent again")
@refuses(errors.SessionEnded, errors.SeatLapsed, errors.SignInStepMissing)
async def post_renewal(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    return await _renew(request, session, now)


async def _renew(request: Request, session: Session, now: Now) -> Response:
    settings = request.app.state.runtime.own_settings
    then = browser.local(request.query_params.get("next"), otherwise=base_of(request) + "/session")
    try:
        key = secret_key(settings, now=now)
        outcome = await renew_session(
            secret_of(request), key=key, lifetimes=settings.lifetimes, session=session, now=now
        )
    except (errors.SessionEnded, errors.SignInStepMissing):
        outcome = errors.SessionEnded()
    if isinstance(outcome, errors.Refusal):
        response = go(address(request, "/sign-in", then=then))
        browser.drop_cookies(request, response)
        return response
    # 307: what a form sent goes on with it to where it was meant for.
    response = go(then, status=307)
    carry(request, response, outcome, now=now)
    return response


pages.routes.extend(arrivals.routes)
