"""The second factor on the way in, for programs: a code by SMS, and setting up what one's seat asks for."""

from typing import Annotated, cast

from fastapi import APIRouter, Request

from services.intake.api.accounts.sign_in import pace_step, read_early, shown_to
from services.intake.api.accounts.views import (
    EnrolledView,
    SecondFactorCode,
    SecondFactorSetUp,
    SessionMobile,
    SessionSecret,
)
from services.intake.texts import refuse_texts
from services.intake.use_cases.accounts.enrol import begin_enrolment, confirm_enrolment, text_to_enrol
from services.intake.use_cases.accounts.text_code import ask_code
from shared.language import errors
from shared.plumbing.doors import ANYONE, Now, Session, refuses, shown_anew
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.edge.rates import sign_in_door
from shared.plumbing.problems import answer

router = APIRouter(prefix="/api/v1", route_class=EarlyRoute, tags=["sign-in"])

OF_A_STEP = (errors.SessionEnded, errors.SignInStepMissing)
SETUP = "/public/sign-in/second-factor-setup"


@router.post("/public/sign-in/second-factor/text", status_code=204, summary="Have a code sent to your mobile")
@refuses(*OF_A_STEP, errors.CodesNotTexted, errors.SecondFactorNotBegun)
@sign_in_door
@before(read_early(SessionSecret, pace_step))
async def post_text(
    given: SessionSecret, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> None:
    """One a minute and five an hour; each for five minutes and five tries, and the newest alone."""
    refuse_texts(request)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    await ask_code(given.session, lifetimes=lifetimes, session=session, now=now)


@router.post(SETUP, summary="Begin to set up the second factor that your seat asks for")
@shown_anew
@refuses(*OF_A_STEP)
@sign_in_door
@before(read_early(SessionSecret, pace_step))
async def post_setup(
    given: SessionSecret, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> SecondFactorSetUp:
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    staff, address = await begin_enrolment(given.session, lifetimes=lifetimes, session=session, now=now)
    return SecondFactorSetUp(secret=staff.totp_secret or "", address=address)


@router.post(f"{SETUP}/text", status_code=204, summary="Or have a code sent to the mobile that shall be it")
@refuses(*OF_A_STEP, errors.CodesNotTexted)
@sign_in_door
@before(read_early(SessionMobile, pace_step))
async def post_setup_text(
    given: SessionMobile, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> None:
    refuse_texts(request)
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    await text_to_enrol(given.session, given.mobile, lifetimes=lifetimes, session=session, now=now)


@router.post(f"{SETUP}/confirmation", summary="Put it in force with a code of it, and go on")
@shown_anew
@refuses(*OF_A_STEP, errors.SecondFactorWrong, errors.SecondFactorNotBegun, errors.SeatLapsed)
@sign_in_door
@before(read_early(SecondFactorCode, pace_step))
async def post_setup_confirmation(
    given: SecondFactorCode, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> EnrolledView:
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    outcome = await confirm_enrolment(given.session, given.code, lifetimes=lifetimes, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        return cast(EnrolledView, answer(request, outcome))
    view = shown_to(request, outcome.signed_in, now=now)
    return EnrolledView(**view.model_dump(), codes=outcome.codes)
