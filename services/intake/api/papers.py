"""Papers, their check, the applicant's signature, and the way up."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse

from services.intake.api.days import check_day_has_come
from services.intake.api.signature import Signature
from services.intake.api.views import FRONT, CaseView, DocumentView, Grounds, NewDocument
from services.intake.domain.attesting import Signing
from services.intake.printed import SHUT
from services.intake.seats import WHO_STUDIES
from services.intake.use_cases.add_document import AddDocument, add_document
from services.intake.use_cases.attest_case import AttestCase, attest_case, show_drawing
from services.intake.use_cases.check_case import CheckCase, check_case
from services.intake.use_cases.refer_case import AppealCase, ReferCase, appeal_case, refer_case
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.files.names import disposition
from shared.plumbing.identity import Principal

router = api_router(tag="papers")


@router.post("/cases/{case_id}/documents", status_code=201, summary="Record a paper that is valid today")
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.ServiceUnknown,
    errors.DocumentNotOnChecklist,
    errors.DocumentExpired,
)
async def post_document(
    case_id: str, document: NewDocument, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> DocumentView:
    check_day_has_come(document.issued_on, field="issued_on", now=now)
    command = AddDocument(case_id=case_id, by=who, **document.model_dump())
    return DocumentView.model_validate(await add_document(command, session=session, now=now))


@router.post("/cases/{case_id}/check", summary="Hold the papers against the checklist, as they are valid today")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.ServiceUnknown)
async def post_check(case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]) -> CaseView:
    return CaseView.model_validate(await check_case(CheckCase(case_id=case_id, by=who), session=session, now=now))


@router.post("/cases/{case_id}/attestation", summary="Take the applicant's signature for his data")
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.AttestationNotAdopted,
    errors.StatementsNotAccepted,
    errors.SignatureIncomplete,
)
async def post_attestation(
    case_id: str, signature: Signature, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    read = {"text_version", "accepted_statements"}
    signing = Signing(**signature.model_dump(exclude=read))
    command = AttestCase(case_id=case_id, by=who, signing=signing, **signature.model_dump(include=read))
    return CaseView.model_validate(await attest_case(command, session=session, now=now))


@router.get(
    "/cases/{case_id}/signature",
    summary="The applicant's newest signature, as he drew it",
    response_class=StreamingResponse,
    responses={200: {"description": "The drawing", "content": {"image/png": {"schema": {"type": "string"}}}}},
)
@refuses(errors.CaseNotFound, errors.SignatureNotDrawn)
async def get_signature(
    case_id: str, request: Request, session: Session, who: Annotated[Principal, allow(*WHO_STUDIES)]
) -> StreamingResponse:
    pieces = await show_drawing(case_id, scope=who.scope, session=session, cabinet=request.app.state.runtime.cabinet)
    headers = {
        "Content-Disposition": disposition(kind="inline", name=None, fallback="signature.png"),
        "Content-Security-Policy": SHUT,
    }
    return StreamingResponse(pieces, media_type="image/png", headers=headers)


@router.post("/cases/{case_id}/referral", summary="Send a complete request up; the reply clock starts")
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.ServiceUnknown,
    errors.AttestationMissing,
    errors.DataChanged,
    errors.DocumentExpired,
)
async def post_referral(case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]) -> CaseView:
    return CaseView.model_validate(await refer_case(ReferCase(case_id=case_id, by=who), session=session, now=now))


@router.post("/cases/{case_id}/appeal", summary="Send a rejected request up again, before others")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.NotRejected)
async def post_appeal(
    case_id: str, appeal: Grounds, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    command = AppealCase(case_id=case_id, grounds=appeal.grounds, by=who)
    return CaseView.model_validate(await appeal_case(command, session=session, now=now))
