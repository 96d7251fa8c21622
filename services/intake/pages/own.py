"""The page of one's own session: who one is, out again, another seat, a second factor; and its renewal."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.pages.paths import address, base_of, go
from services.intake.pages.route import ArrivalRoute
from services.intake.pages.step import LOOK, refused
from services.intake.pages.steps import carry, secret_of
from services.intake.store.accounts import find_staff
from services.intake.store.rows import keep_to_own
from services.intake.use_cases.accounts.end_sessions import end_everywhere, end_session
from services.intake.use_cases.accounts.issue_access import secret_key
from services.intake.use_cases.accounts.renew_session import renew_session
from services.intake.use_cases.accounts.set_up_second_factor import begin_second_factor, confirm_second_factor
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, allow, refuses, shown_anew
from shared.plumbing.early import EarlyRoute
from shared.plumbing.identity import Principal
from shared.ui import Form, frame_of

pages = APIRouter(route_class=EarlyRoute, tags=["pages"])
arrivals = APIRouter(route_class=ArrivalRoute, tags=["pages"])

Anyone = Annotated[Principal, allow(*Role)]


async def _page(
    request: Request, session: Session, who: Principal, template: str, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    await keep_to_own(session, who)
    staff = await find_staff(session, who.person_id)
    frame = frame_of(request, who, here="session", name=staff.name if staff else "")
    return LOOK.page(request, f"accounts/{template}", frame=frame, status_code=status, base=base_of(request), **facts)


@pages.get("/session", response_class=HTMLResponse, summary="Who you are, and the way out")
async def show_session(request: Request, session: Session, who: Anyone) -> Response:
    return await _page(request, session, who, "session.html")


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
@shown_anew
@refuses(errors.SecondFactorThere, errors.StaffNotFound)
async def post_second_factor(request: Request, session: Session, who: Anyone) -> Response:
    import segno  # it takes a moment to load, and nothing else needs it

    staff, link = await begin_second_factor(who, session=session)
    picture = segno.make(link, error="m").png_data_uri(scale=5)
    return await _page(
        request, session, who, "set_up_second_factor.html", form=Form(), picture=picture, key=staff.totp_secret
    )


@pages.post("/session/second-factor/confirmation", response_class=HTMLResponse, summary="Put it in force")
@shown_anew
@refuses(errors.SecondFactorThere, errors.SecondFactorNotBegun, errors.StaffNotFound)
async def post_confirmation(request: Request, session: Session, now: Now, who: Anyone) -> Response:
    code = browser.form_fields(await request.body()).get("code", "")[:40]
    outcome = await confirm_second_factor(code, by=who, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        again = refused(request, outcome, beside="code")
        template = "set_up_second_factor.html"
        return await _page(request, session, who, template, status=outcome.status, form=again, picture=None, key=None)
    return await _page(
        request, session, who, "recovery_codes.html", codes=outcome, onwards=base_of(request) + "/session"
    )


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
