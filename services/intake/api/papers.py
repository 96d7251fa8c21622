"""Papers, their check, the applicant's signature, and the way up."""

from typing import Annotated

from services.intake.api.days import check_day_has_come
from services.intake.api.signature import Signature
from services.intake.api.views import FRONT, CaseView, DocumentView, Grounds, NewDocument
from services.intake.domain.attesting import Signing
from services.intake.use_cases.add_document import AddDocument, add_document
from services.intake.use_cases.attest_case import AttestCase, attest_case
from services.intake.use_cases.check_case import CheckCase, check_case
from services.intake.use_cases.refer_case import AppealCase, ReferCase, appeal_case, refer_case
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
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
