"""The sign-in page and its steps."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.accounts.passwords import LONGEST
from services.intake.domain.accounts.sessions import Stage
from services.intake.pace import admit_account, admit_session
from services.intake.pages import words
from services.intake.pages.entry import entry_page, wrong_fields
from services.intake.pages.html import (
    FOLDER,
    comes_from_our_page,
    field_error,
    form,
    next_of,
    nonce_of,
    page,
    say,
    text_field,
    words_of,
)
from services.intake.pages.route import PageRoute
from services.intake.pages.steps import done, secret_of, stand, step_of
from services.intake.texts import texts_codes
from services.intake.use_cases.accounts.begin_session import see
from services.intake.use_cases.accounts.prove_password import prepare_first_password, prove_password
from services.intake.use_cases.accounts.sign_in import choose_password, choose_seat, sign_in, take_second_factor
from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.early import before
from shared.plumbing.edge.rates import sign_in_door
from shared.policy.parts import Words

pages = APIRouter(route_class=PageRoute, tags=["pages"])


@pages.get("/sign-in", response_class=HTMLResponse, summary="The sign-in page")
async def show_sign_in(request: Request, _: Annotated[None, ANYONE]) -> Response:
    return entry_page(request, {})


async def _prove(request: Request, body: bytes) -> object:
    given = browser.form_fields(body)
    if not comes_from_our_page(request, body=body) or wrong_fields(given):
        return None
    await admit_account(request, association_id=given["association_id"], user_name=given["user_name"])
    return await prove_password(
        request.app.state.runtime.database,
        **{name: given[name] for name in ("association_id", "user_name", "password")},
    )


@pages.post("/sign-in", response_class=HTMLResponse, summary="Sign in with a password")
@refuses(errors.SeatLapsed)
@sign_in_door
@before(_prove)
async def post_sign_in(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    if not comes_from_our_page(request, body=body):
        return entry_page(request, given, alert=say(request, words.STALE), status=403)
    if wrong := wrong_fields(given):
        return entry_page(request, given, wrong=wrong, status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await sign_in(request.state.before, lifetimes=lifetimes, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        return entry_page(request, given, alert=say(request, words_of(outcome)), status=outcome.status)
    return done(request, outcome, then=given.get("next", ""), now=now)


def second_factor_page(
    request: Request,
    *,
    then: str,
    texts: bool = False,
    note: Words | None = None,
    error: Words | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The form of a code; with `texts` also the button by which one is sent to his mobile."""
    nonce = nonce_of(request)
    field = text_field(
        request, "code", words.CODE, autocomplete="one-time-code", error=error, more='inputmode="text" maxlength="40"'
    )
    path = step_of(Stage.SECOND_FACTOR)
    body = f"<p>{say(request, note)}</p>" if note else ""
    body += form(request, path=path, fields=field, submit=words.GO_ON, bound_to=nonce, then=then)
    if texts and texts_codes(request):
        body += form(request, path=f"{path}/text", fields="", submit=words.TEXT_ME, bound_to=nonce, then=then)
    return page(request, title=words.SECOND_FACTOR, body=body, status=status, nonce=nonce)


@pages.get("/sign-in/second-factor", response_class=HTMLResponse, summary="The step of the second factor")
@refuses(errors.SessionEnded)
async def show_second_factor(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    seen = await stand(request, session, now, at=Stage.SECOND_FACTOR)
    if isinstance(seen, Response):
        return seen
    return second_factor_page(request, then=next_of(request), texts=seen.staff.takes_texts)


async def pace_step(request: Request, _: bytes) -> None:
    """A step counts for its session, from whichever address. Raises `TooManyRequests`."""
    await admit_session(request, secret_of(request))


@pages.post("/sign-in/second-factor", response_class=HTMLResponse, summary="Give the code of the second factor")
@sign_in_door
@refuses(errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
@before(pace_step)
async def post_second_factor(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then = browser.local(given.get("next"), otherwise="")
    if not comes_from_our_page(request, body=body):
        return second_factor_page(request, then=then, error=words.STALE, status=403)
    code = given.get("code", "")[:40]
    if not code.strip():
        return second_factor_page(request, then=then, error=words.REQUIRED, status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await take_second_factor(secret_of(request), code, lifetimes=lifetimes, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        seen = await see(secret_of(request), lifetimes=lifetimes, session=session, now=now)
        texts = seen.staff.takes_texts
        return second_factor_page(request, then=then, texts=texts, error=words_of(outcome), status=outcome.status)
    return done(request, outcome, then=then, now=now)


def _password(request: Request, *, then: str, error: Words | None = None, status: int = 200) -> HTMLResponse:
    nonce = nonce_of(request)
    field = f"<p>{say(request, words.NEW_PASSWORD_WHY)}</p>" + text_field(
        request,
        "new_password",
        words.NEW_PASSWORD,
        kind="password",
        autocomplete="new-password",
        error=error,
        more=f'minlength="12" maxlength="{LONGEST}"',
    )
    path = step_of(Stage.NEW_PASSWORD)
    body = form(request, path=path, fields=field, submit=words.GO_ON, bound_to=nonce, then=then)
    return page(request, title=words.NEW_PASSWORD, body=body, status=status, nonce=nonce)


@pages.get("/sign-in/password", response_class=HTMLResponse, summary="The step of a new password")
@refuses(errors.SessionEnded)
async def show_password(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    seen = await stand(request, session, now, at=Stage.NEW_PASSWORD)
    return seen if isinstance(seen, Response) else _password(request, then=next_of(request))


async def _prepare(request: Request, body: bytes) -> object:
    given = browser.form_fields(body)
    password = given.get("new_password", "")
    if not comes_from_our_page(request, body=body) or not 0 < len(password) <= LONGEST:
        return None
    await admit_session(request, secret_of(request))
    database = request.app.state.runtime.database
    return await prepare_first_password(database, secret=secret_of(request), password=password)


@pages.post("/sign-in/password", response_class=HTMLResponse, summary="Choose a password")
@refuses(errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
@sign_in_door
@before(_prepare)
async def post_password(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then, password = browser.local(given.get("next"), otherwise=""), given.get("new_password", "")
    if request.state.before is None:
        ours = comes_from_our_page(request, body=body)
        return _password(request, then=then, error=words.REQUIRED if ours else words.STALE, status=422 if ours else 403)
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
        return _password(request, then=then, error=words_of(refusal), status=refusal.status)
    return done(request, outcome, then=then, now=now)


@pages.get("/sign-in/seat", response_class=HTMLResponse, summary="The step of the seat")
@refuses(errors.SessionEnded)
async def show_seat(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    seen = await stand(request, session, now, at=Stage.SEAT)
    return seen if isinstance(seen, Response) else await _seat(request, session, now, then=next_of(request))


@pages.post("/sign-in/seat", response_class=HTMLResponse, summary="Choose the seat to sit in")
@refuses(errors.SessionEnded, errors.SeatNotFound, errors.SeatLapsed, errors.SignInStepMissing)
@sign_in_door
@before(pace_step)
async def post_seat(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    then, place_id = browser.local(given.get("next"), otherwise=""), given.get("place_id", "")
    if not comes_from_our_page(request, body=body):
        return await _seat(request, session, now, then=then, error=words.STALE, status=403)
    if not place_id:
        return await _seat(request, session, now, then=then, error=words.REQUIRED, status=422)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await choose_seat(secret_of(request), place_id, lifetimes=lifetimes, session=session, now=now)
    return done(request, outcome, then=then, now=now)


async def _seat(
    request: Request, session: Session, now: Now, *, then: str, error: Words | None = None, status: int = 200
) -> HTMLResponse:
    nonce, lifetimes = nonce_of(request), request.app.state.runtime.own_settings.lifetimes
    seen = await see(secret_of(request), lifetimes=lifetimes, session=session, now=now)
    if seen.session.stage not in {Stage.SEAT, Stage.OPEN}:
        raise errors.SessionEnded
    choices = "".join(
        f'<div class="choice"><input type="radio" id="place-{place.id}" name="place_id" value="{place.id}" required>'
        f'<label for="place-{place.id}">{say(request, words.role_words(place.seat.role))}'
        f"{f' · {place.seat.branch_id}' if place.seat.branch_id else ''}"
        f"{' · ' + say(request, words.ON_LEAVE) if place.delegation else ''}</label></div>"
        for place in seen.places
    )
    legend = f"<legend>{say(request, words.SEAT_LEGEND)}</legend>{field_error(request, 'place_id', error)}"
    fields = f"<fieldset>{legend}{choices}</fieldset>"
    path = step_of(Stage.SEAT)
    body = form(request, path=path, fields=fields, submit=words.GO_ON, bound_to=nonce, then=then)
    return page(request, title=words.SEAT, body=body, status=status, nonce=nonce)


@pages.get("/accounts.css", response_class=Response, summary="The pages' look")
async def show_style(_: Annotated[None, ANYONE]) -> Response:
    return Response((FOLDER / "accounts.css").read_text(encoding="utf-8"), media_type="text/css")
