"""After acceptance: registration, delivery, and what the service did for him."""

from typing import Annotated

from services.intake.api.days import check_day_has_come
from services.intake.api.views import FRONT, CaseView, Handover, KnownBenefit
from services.intake.use_cases.follow_benefit import DocumentBenefit, document_benefit
from services.intake.use_cases.serve_case import DeliverCase, RegisterCase, deliver_case, register_case
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="benefit")


@router.post("/cases/{case_id}/registration", summary="Complete the registration of an accepted request")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.NotAccepted)
async def post_registration(
    case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    return CaseView.model_validate(await register_case(RegisterCase(case_id=case_id, by=who), session=session, now=now))


@router.post("/cases/{case_id}/delivery", summary="Record that the service reached the beneficiary")
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.DecidedIt,
    errors.StepOutOfOrder,
    errors.ServiceUnknown,
    errors.DeliveredTooLongAgo,
)
async def post_delivery(
    case_id: str, handover: Handover, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    check_day_has_come(handover.delivered_on, field="delivered_on", now=now)
    command = DeliverCase(case_id=case_id, by=who, **handover.model_dump())
    return CaseView.model_validate(await deliver_case(command, session=session, now=now))


@router.post("/cases/{case_id}/benefit", summary="Write down what the service did for the beneficiary")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder)
async def post_benefit(
    case_id: str, benefit: KnownBenefit, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    command = DocumentBenefit(case_id=case_id, by=who, **benefit.model_dump())
    return CaseView.model_validate(await document_benefit(command, session=session, now=now))
