"""The applicant signs at the desk with a code out of his own mobile, which he reads out (`step.attestation`)."""

from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.acts.act import act_page
from services.intake.pages.desk.acts.attestation import ATTESTATION, signing_in
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import LINE, Fields
from services.intake.pages.desk.on_desk import desk_page, lay_out, router
from services.intake.pages.drawing import drawing_in, look_at_drawing
from services.intake.pages.paths import address, go
from services.intake.pages.public.shown import CODE_WRONG
from services.intake.pages.step import LOOK
from services.intake.seats import FRONT
from services.intake.use_cases.attest_own import AttestOwn, ask_to_attest, attest_own
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses, shown_anew
from shared.plumbing.early import before
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()

RAISED = (
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.AttestationNotAdopted,
    errors.StatementsNotAccepted,
    errors.SignatureIncomplete,
)
PLACES = frozenset(map(str, range(50)))
"""Of statements: as many as the API takes."""
SIGNED = ("text_version", "accepted_statements", "signed_name", "drawing", "manner", "witness", "guardian", "kinship")


async def _again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    return await act_page(ATTESTATION, request, session, form=form, status=status)


async def _code_page(
    request: Request, session: AsyncSession, fields: Fields, *, code_id: str, form: Form, status: int
) -> HTMLResponse:
    """What was signed goes along as it was sent: the code opens nothing else."""
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    kept: list[tuple[str, str]] = [("code_id", code_id)]
    for name in (*SIGNED, "reason"):
        values = fields.values.get(name, [])
        kept += [(name, value) for value in ([values] if isinstance(values, str) else values)]
    return await desk_page(
        request,
        session,
        desk.who,
        "attest_code.html",
        status=status,
        form=form,
        case=desk.case,
        person=desk.person,
        kept=kept,
        back=desk.at("/attestation"),
        action=desk.at("/attestation/confirmation"),
        by_code=desk.at("/attestation/code"),
    )


def _command(fields: Fields, case_id: str, *, looked_at: Any, by: Principal) -> AttestOwn:
    version, signing = signing_in(fields, drawn=looked_at)
    ticked = {int(place) for place in fields.chosen("accepted_statements") if place in PLACES}
    return AttestOwn(
        association_id=by.association_id,
        case_id=case_id,
        text_version=version,
        ticked=frozenset(ticked),
        signing=signing,
        drawing=drawing_in(fields.values) if looked_at is not None else None,
        by=by,
    )


@pages.post(
    "/desk/cases/{case_id}/attestation/code",
    response_class=HTMLResponse,
    summary="Send the applicant before you the code that confirms his signature",
)
@shown_anew
@shown_again(_again, beside="signed_name")
@refuses(*RAISED, errors.TooManyRequests, errors.NoMobileToText)
@before(look_at_drawing)
async def post_attestation_code_page(
    case_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    command = _command(fields, case_id, looked_at=request.state.before, by=who)
    code_id = await ask_to_attest(command, session=session, now=now)
    return await _code_page(request, session, fields, code_id=code_id, form=Form(), status=200)


@pages.post(
    "/desk/cases/{case_id}/attestation/confirmation",
    response_class=HTMLResponse,
    summary="Confirm the applicant's signature with the code that he reads out",
)
@shown_anew
@shown_again(_again, beside="signed_name")
@refuses(*RAISED)
@before(look_at_drawing)
async def post_attestation_confirmation_page(
    case_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    clean = request.state.before
    code_id, typed = fields.optional("code_id", longest=LINE) or "", fields.optional("code", longest=LINE) or ""
    command = _command(fields, case_id, looked_at=clean, by=who)
    signed = await attest_own(
        command,
        code_id=code_id,
        typed=typed,
        clean_drawing=clean,
        cabinet=request.app.state.runtime.cabinet if clean is not None else None,
        session=session,
        now=now,
    )
    if not signed:
        # Answered, and not refused: the try that was wrong is written.
        again = Form({}, {"code": LOOK.say(request, CODE_WRONG)})
        return await _code_page(request, session, fields, code_id=code_id, form=again, status=401)
    return go(address(request, f"/desk/cases/{case_id}/referral?done=attestation"))
