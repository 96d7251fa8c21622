"""The sign-in page and its steps."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.accounts.passwords import LONGEST
from services.intake.domain.accounts.sessions import Stage
from services.intake.domain.accounts.staff import Place
from services.intake.pages.entry import entry_page, wrong_fields
from services.intake.pages.paths import next_of
from services.intake.pages.step import LOOK, comes_from_our_page, needed, refused, stale, step_page
from services.intake.pages.steps import done, secret_of, step_of
from services.intake.use_cases.accounts.begin_session import see
from services.intake.use_cases.accounts.prove_password import owner_of, prepare_password, prove_password
from services.intake.use_cases.accounts.sign_in import choose_password, choose_seat, sign_in, take_second_factor
from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.edge.rates import sign_in_door
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch
from shared.ui.words import ROLES

pages = APIRouter(route_class=EarlyRoute, tags=["pages"])

ON_LEAVE = mark("for a colleague on leave")


@pages.get("/sign-in", response_class=HTMLResponse, summary="The sign-in page")
async def show_sign_in(request: Request, _: Annotated[None, ANYONE]) -> Response:
    return entry_page(request, {})


async def _prove(request: Request, body: bytes) -> object:
    given = browser.form_fields(body)
    if not comes_from_our_page(request, body=body) or wrong_fields(request, given):
        return None
    return await prove_password(
        request.app.state.runtime.database,
        **{name: given[name] for name in ("association_id", "user_name", "password")},
    )


@pages.post("/sign-in", response_class=HTMLResponse, summary="Sign in with a password")
@sign_in_door
@refuses(errors.SeatLapsed)
@before(_prove)
async def post_sign_in(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    if not comes_from_our_page(request, body=body):
        return entry_page(request, given, form=stale(request, values=given), status=403)
    if (wrong := wrong_fields(request, given)) is not None:
        return entry_page(request, given, form=wrong, status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await sign_in(request.state.before, lifetimes=lifetimes, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        again = refused(request, outcome, beside="", values=given)
        return entry_page(request, given, form=again, status=outcome.status)
    return done(request, outcome, then=given.get("next", ""), now=now)


def _second_factor(request: Request, *, then: str, form: Form | None = None, status: int = 200) -> HTMLResponse:
    path = step_of(Stage.SECOND_FACTOR)
    return step_page(request, "second_factor.html", path=path, then=then, form=form, status=status)


@pages.get("/sign-in/second-factor", response_class=HTMLResponse, summary="The step of the second factor")
async def show_second_factor(request: Request, _: Annotated[None, ANYONE]) -> Response:
    return _second_factor(request, then=next_of(request))


@pages.post("/sign-in/second-factor", response_class=HTMLResponse, summary="Give the code of the second factor")
@sign_in_door
@refuses(errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
async def post_second_factor(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then = browser.local(given.get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return _second_factor(request, then=then, form=stale(request), status=403)
    code = given.get("code", "")[:40]
    if not code.strip():
        return _second_factor(request, then=then, form=needed(request, "code"), status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await take_second_factor(secret_of(request), code, lifetimes=lifetimes, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        again = refused(request, outcome, beside="code")
        return _second_factor(request, then=then, form=again, status=outcome.status)
    return done(request, outcome, then=then, now=now)


def _password(request: Request, *, then: str, form: Form | None = None, status: int = 200) -> HTMLResponse:
    path = step_of(Stage.NEW_PASSWORD)
    return step_page(request, "new_password.html", path=path, then=then, form=form, status=status, longest=LONGEST)


@pages.get("/sign-in/password", response_class=HTMLResponse, summary="The step of a new password")
async def show_password(request: Request, _: Annotated[None, ANYONE]) -> Response:
    return _password(request, then=next_of(request))


async def _prepare(request: Request, body: bytes) -> object:
    given = browser.form_fields(body)
    password = given.get("new_password", "")
    if not comes_from_our_page(request, body=body) or not 0 < len(password) <= LONGEST:
        return None
    database = request.app.state.runtime.database
    person_id = await owner_of(database, secret_of(request))
    return await prepare_password(database, person_id=person_id, password=password)


@pages.post("/sign-in/password", response_class=HTMLResponse, summary="Choose a password")
@sign_in_door
@refuses(errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
@before(_prepare)
async def post_password(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then, password = browser.local(given.get("next"), otherwise=""), given.get("new_password", "")
    if request.state.before is None:
        ours = comes_from_our_page(request, body=body)
        again = needed(request, "new_password") if ours else stale(request)
        return _password(request, then=then, form=again, status=422 if ours else 403)
    try:
        outcome = await choose_password(
            secret_of(request),
            request.state.before,
            password=password,
            lifetimes=request.app.state.runtime.own_settings.lifetimes,
            session=session,
            now=now,
        )
    except errors.PasswordWeak as refusal:
        # It is refused before anything is written.
        again = refused(request, refusal, beside="new_password")
        return _password(request, then=then, form=again, status=refusal.status)
    return done(request, outcome, then=then, now=now)


@pages.get("/sign-in/seat", response_class=HTMLResponse, summary="The step of the seat")
@refuses(errors.SessionEnded)
async def show_seat(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    return await _seat(request, session, now, then=next_of(request))


@pages.post("/sign-in/seat", response_class=HTMLResponse, summary="Choose the seat to sit in")
@refuses(errors.SessionEnded, errors.SeatNotFound, errors.SeatLapsed, errors.SignInStepMissing)
async def post_seat(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then, place_id = browser.local(given.get("next"), otherwise=""), given.get("place_id", "")
    if not comes_from_our_page(request, body=body):
        return await _seat(request, session, now, then=then, form=stale(request), status=403)
    if not place_id:
        return await _seat(request, session, now, then=then, form=needed(request, "place_id"), status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await choose_seat(secret_of(request), place_id, lifetimes=lifetimes, session=session, now=now)
    return done(request, outcome, then=then, now=now)


async def _seat(
    request: Request, session: Session, now: Now, *, then: str, form: Form | None = None, status: int = 200
) -> HTMLResponse:
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    seen = await see(secret_of(request), lifetimes=lifetimes, session=session, now=now)
    if seen.session.stage not in {Stage.SEAT, Stage.OPEN}:
        raise errors.SessionEnded
    seats = [_shown(request, place) for place in seen.places]
    path = step_of(Stage.SEAT)
    return step_page(request, "seat.html", path=path, then=then, form=form, status=status, seats=seats)


def _shown(request: Request, place: Place) -> tuple[str, str, str]:
    """A seat as it can be chosen: its code, whose seat it is, and where."""
    seat, pack = place.seat, packs().get(place.seat.association_id)
    where = name_of_branch(pack, seat.branch_id, language=language_of(request)) if seat.branch_id else ""
    leave = LOOK.say(request, ON_LEAVE) if place.delegation else ""
    role = LOOK.say(request, ROLES[seat.role]) if seat.role in ROLES else seat.role
    return place.id, role, " · ".join(filter(None, (where, leave)))
