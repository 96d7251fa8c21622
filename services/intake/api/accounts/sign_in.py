"""Signing in for programs: each answer says which step comes next, and carries the session's secret."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError

from services.intake.api.accounts.views import (
    ChosenPassword,
    ChosenSeat,
    Credentials,
    PlaceView,
    SecondFactorCode,
    SessionSecret,
    SessionView,
)
from services.intake.domain.accounts.sessions import Stage
from services.intake.domain.accounts.staff import Place
from services.intake.pace import admit_account, admit_session
from services.intake.use_cases.accounts.begin_session import SignedIn
from services.intake.use_cases.accounts.issue_access import issue_access, secret_key
from services.intake.use_cases.accounts.prove_password import prepare_first_password, prove_password
from services.intake.use_cases.accounts.renew_session import renew_session
from services.intake.use_cases.accounts.sign_in import choose_password, choose_seat, sign_in, take_second_factor
from shared.language import errors
from shared.plumbing.doors import ANYONE, Now, Session, refuses, shown_anew
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.edge.rates import sign_in_door
from shared.plumbing.problems import answer

router = APIRouter(prefix="/api/v1", route_class=EarlyRoute, tags=["sign-in"])

TELLS_PLACES = frozenset({Stage.SEAT, Stage.OPEN})
"""Where he may sit is told once he has shown who he is."""


def read_early(
    kind: type[BaseModel], work: Callable[[Request, Any], Awaitable[Any]]
) -> Callable[[Request, bytes], Awaitable[Any]]:
    """`work` with the body as `kind`; nothing for a body that the endpoint will refuse."""

    async def read(request: Request, body: bytes) -> Any:
        try:
            parsed = kind.model_validate_json(body)
        except ValidationError:
            return None
        return await work(request, parsed)

    return read


async def _prove(request: Request, given: Credentials) -> object:
    await admit_account(request, association_id=given.association_id, user_name=given.user_name)
    return await prove_password(request.app.state.runtime.database, **given.model_dump())


async def pace_step(request: Request, given: SessionSecret) -> None:
    """A step counts for its session, from whichever address. Raises `TooManyRequests`."""
    await admit_session(request, given.session)


async def _prepare(request: Request, given: ChosenPassword) -> object:
    await pace_step(request, given)
    database = request.app.state.runtime.database
    return await prepare_first_password(database, secret=given.session, password=given.new_password)


@router.post("/public/sign-in", summary="Sign in with a password")
@shown_anew
@sign_in_door
@refuses(errors.SignInRefused, errors.SeatLapsed)
@before(read_early(Credentials, _prove))
async def post_sign_in(
    given: Credentials,  # noqa: ARG001 - its password was checked before the transaction
    request: Request,
    session: Session,
    now: Now,
    _: Annotated[None, ANYONE],
) -> SessionView:
    """Wrong, unknown and locked get the same answer, after the same work."""
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await sign_in(request.state.before, lifetimes=lifetimes, session=session, now=now)
    return shown_to(request, outcome, now=now)


@router.post("/public/sign-in/second-factor", summary="Give the code of the second factor")
@shown_anew
@sign_in_door
@refuses(errors.SecondFactorWrong, errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
@before(read_early(SecondFactorCode, pace_step))
async def post_second_factor(
    given: SecondFactorCode, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> SessionView:
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await take_second_factor(given.session, given.code, lifetimes=lifetimes, session=session, now=now)
    return shown_to(request, outcome, now=now)


@router.post("/public/sign-in/password", summary="Choose a password in place of the one-time password")
@shown_anew
@sign_in_door
@refuses(errors.PasswordWeak, errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
@before(read_early(ChosenPassword, _prepare))
async def post_password(
    given: ChosenPassword, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> SessionView:
    outcome = await choose_password(
        given.session,
        request.state.before,
        password=given.new_password,
        lifetimes=request.app.state.runtime.own_settings.lifetimes,
        session=session,
        now=now,
    )
    return shown_to(request, outcome, now=now)


@router.post("/public/sign-in/seat", summary="Choose the seat to sit in, or change to another")
@shown_anew
@refuses(errors.SeatNotFound, errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
@sign_in_door
@before(read_early(ChosenSeat, pace_step))
async def post_seat(
    given: ChosenSeat, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> SessionView:
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await choose_seat(given.session, given.place_id, lifetimes=lifetimes, session=session, now=now)
    return shown_to(request, outcome, now=now)


@router.post("/public/session/renewal", summary="Another token, and another secret in place of this one")
@shown_anew
@refuses(errors.SessionEnded, errors.SignInStepMissing, errors.SeatLapsed)
async def post_renewal(
    given: SessionSecret, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> SessionView:
    """Within ten seconds it may come again, for an answer that got lost. Later an old secret ends the session."""
    settings = request.app.state.runtime.own_settings
    key = secret_key(settings, now=now)
    outcome = await renew_session(given.session, key=key, lifetimes=settings.lifetimes, session=session, now=now)
    return shown_to(request, outcome, now=now)


def shown_to(request: Request, outcome: SignedIn | errors.Refusal, *, now: datetime) -> SessionView:
    """What a use case came to. A refusal of it is answered, not raised: what it counted or ended is kept."""
    if isinstance(outcome, errors.Refusal):
        return cast(SessionView, answer(request, outcome))
    access = issue_access(outcome, settings=request.app.state.runtime.own_settings, now=now)
    place = outcome.place
    return SessionView(
        stage=outcome.session.stage,
        session=outcome.secret,
        token=access.token if access else None,
        token_lasts_seconds=int(access.lasts.total_seconds()) if access else None,
        place=view_of(place) if place else None,
        places=[view_of(place) for place in outcome.places] if outcome.session.stage in TELLS_PLACES else [],
    )


def view_of(place: Place) -> PlaceView:
    return PlaceView(
        place_id=place.id,
        role=place.seat.role,
        branch_id=place.seat.branch_id,
        delegated=place.delegation is not None,
    )
