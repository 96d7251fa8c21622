"""One's own account: sign out, here or everywhere, another password, a second factor."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.intake.api.accounts.sign_in import read_early
from services.intake.api.accounts.views import Confirmation, OwnMobile, PasswordChange, RecoveryCodes, SecondFactorSetUp
from services.intake.texts import refuse_texts
from services.intake.use_cases.accounts.change_password import change_password
from services.intake.use_cases.accounts.end_sessions import end_everywhere, end_session
from services.intake.use_cases.accounts.prove_password import prepare_password, prove_own_password
from services.intake.use_cases.accounts.set_up_second_factor import (
    begin_second_factor,
    confirm_second_factor,
    text_to_set_up,
)
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses, shown_anew, shown_once
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.identity import Principal
from shared.plumbing.problems import answer

router = APIRouter(prefix="/api/v1", route_class=EarlyRoute, tags=["own account"])

Anyone = Annotated[Principal, allow(*Role)]


class Me(BaseModel):
    """Who I am here."""

    association_id: str
    person_id: str
    role: Role
    branch_id: str | None
    session_id: str | None


async def _prove(request: Request, given: PasswordChange) -> Any:
    database, who = request.app.state.runtime.database, request.state.principal
    proof = await prove_own_password(database, by=who, password=given.password)
    return proof, await prepare_password(database, by=who, password=given.new_password)


@router.get("/me", summary="Who you are, and the seat that you sit in")
async def show_me(who: Anyone) -> Me:
    return Me(**who.model_dump())


@router.post("/me/sign-out", status_code=204, summary="Sign out at this device")
async def post_sign_out(session: Session, now: Now, who: Anyone) -> None:
    if who.session_id is not None:
        await end_session(who.session_id, because="signed out", session=session, now=now)


@router.post("/me/sign-out-everywhere", status_code=204, summary="Sign out at every device")
async def post_sign_out_everywhere(session: Session, now: Now, who: Anyone) -> None:
    await end_everywhere(who.person_id, because="signed out everywhere", session=session, now=now)


@router.post("/me/password", summary="Change your password; your other sessions end")
@refuses(errors.SignInRefused, errors.PasswordWeak, errors.StaffNotFound)
@before(read_early(PasswordChange, _prove))
async def post_password(change: PasswordChange, request: Request, session: Session, now: Now, who: Anyone) -> Me:
    proof, new = request.state.before
    refusal = await change_password(proof, new, password=change.new_password, by=who, session=session, now=now)
    return cast(Me, answer(request, refusal)) if refusal else Me(**who.model_dump())


@router.post("/me/second-factor", status_code=201, summary="Begin to set up a second factor")
@shown_anew
@refuses(errors.SecondFactorThere, errors.StaffNotFound)
async def post_second_factor(session: Session, who: Anyone) -> SecondFactorSetUp:
    staff, address = await begin_second_factor(who, session=session)
    return SecondFactorSetUp(secret=staff.totp_secret or "", address=address)


@router.post("/me/second-factor/text", status_code=204, summary="Or have a code sent to the mobile that shall be it")
@refuses(errors.CodesNotTexted, errors.SecondFactorThere, errors.StaffNotFound)
async def post_text(given: OwnMobile, request: Request, session: Session, now: Now, who: Anyone) -> None:
    refuse_texts(request)
    await text_to_set_up(given.mobile, by=who, session=session, now=now)


@router.post("/me/second-factor/confirmation", summary="Put it in force with a code of it")
@shown_once("codes")
@refuses(errors.SecondFactorWrong, errors.SecondFactorThere, errors.SecondFactorNotBegun, errors.StaffNotFound)
async def post_confirmation(
    given: Confirmation, request: Request, session: Session, now: Now, who: Anyone
) -> RecoveryCodes:
    outcome = await confirm_second_factor(given.code, by=who, session=session, now=now)
    if isinstance(outcome, errors.Refusal):
        return cast(RecoveryCodes, answer(request, outcome))
    return RecoveryCodes(codes=outcome)
