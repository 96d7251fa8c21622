"""After acceptance: when and where the service is handed over, to whom, in parts or whole, and how that is shown."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from services.intake import store
from services.intake.api.days import check_day_has_come
from services.intake.api.delivery_views import (
    CalledOff,
    CollectorView,
    DeliveryView,
    GivenPage,
    GivenView,
    NewCollector,
    NewPart,
    NewPlan,
    PartView,
    PlanPage,
    PlanView,
    ProofView,
)
from services.intake.api.files import SHOWN
from services.intake.api.views import FRONT, READERS
from services.intake.domain.files import EXTENSIONS
from services.intake.domain.masks import masked
from services.intake.printed import SHUT
from services.intake.seats import WHO_HANDS_OVER
from services.intake.store import deliveries as delivery_store
from services.intake.use_cases.deliver_part import DeliverPart, Proof, deliver
from services.intake.use_cases.plan_delivery import (
    AuthoriseCollector,
    CallOffDelivery,
    OfCase,
    PlanDelivery,
    authorise,
    call_off,
    check_proof_is_awaited,
    keep_proof,
    make_code,
    plan,
    revoke_collector,
    show_proof,
)
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.files.arrival import File, takes_file
from shared.plumbing.files.names import disposition
from shared.plumbing.identity import Principal
from shared.plumbing.problems import answer

router = api_router(tag="deliveries")


def _collector(row: Any) -> CollectorView:
    values = {name: getattr(row, name) for name in CollectorView.model_fields}
    return CollectorView(**values | {"national_id": masked(row.national_id)})


@router.get("/cases/{case_id}/deliveries", summary="A case's delivery: planned, by whom it may be taken, handed over")
@refuses(errors.CaseNotFound)
async def get_deliveries(
    case_id: str, session: Session, who: Annotated[Principal, allow(*WHO_HANDS_OVER)]
) -> DeliveryView:
    await store.see_case(session, case_id, scope=who.scope)
    return DeliveryView(
        plans=[PlanView.model_validate(row) for row in await delivery_store.plans_of(session, case_id)],
        collectors=[_collector(row) for row in await delivery_store.collectors_of(session, case_id)],
        parts=[PartView.model_validate(row) for row in await delivery_store.parts_of(session, case_id)],
    )


@router.post("/cases/{case_id}/delivery-plans", status_code=201, summary="Plan a delivery; the beneficiary is told")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder)
async def post_plan(
    case_id: str, new: NewPlan, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> PlanView:
    command = PlanDelivery(case_id=case_id, by=who, **new.model_dump())
    return PlanView.model_validate(await plan(command, session=session, now=now))


@router.post("/cases/{case_id}/delivery-plans/{plan_id}/calling-off", summary="Call a planned delivery off")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.PlanNotFound, errors.PlanOver)
async def post_calling_off(
    case_id: str, plan_id: str, said: CalledOff, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> PlanView:
    command = CallOffDelivery(case_id=case_id, plan_id=plan_id, reason=said.reason, by=who)
    return PlanView.model_validate(await call_off(command, session=session, now=now))


@router.get("/delivery-plans", summary="What is to be handed over on a day, today where none is named")
async def list_plans(
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
    day: date | None = None,
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PlanPage:
    rows = await delivery_store.plans_on(session, day or riyadh_day(now), scope=who.scope, after=after, limit=limit)
    items = [PlanView.model_validate(row) for row in rows]
    return PlanPage(items=items, next=rows[-1].id if len(rows) == limit else None)


@router.post("/cases/{case_id}/collectors", status_code=201, summary="Note who may take the service for him")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.NationalIdWrong)
async def post_collector(
    case_id: str, new: NewCollector, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CollectorView:
    command = AuthoriseCollector(case_id=case_id, by=who, **new.model_dump())
    return _collector(await authorise(command, session=session, now=now))


@router.post("/cases/{case_id}/collectors/{collector_id}/revocation", summary="He may not take it any more")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.CollectorNotFound)
async def post_collector_revocation(
    case_id: str, collector_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CollectorView:
    command = OfCase(case_id=case_id, by=who)
    return _collector(await revoke_collector(collector_id, command, session=session, now=now))


@router.post("/cases/{case_id}/delivery-code", status_code=204, summary="Send the beneficiary a code to receive by")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder)
async def post_code(case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]) -> None:
    await make_code(OfCase(case_id=case_id, by=who), session=session, now=now)


@router.post("/cases/{case_id}/delivery-proofs", status_code=201, summary="Send the image of a signature or a photo")
@takes_file(check_proof_is_awaited)
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.TooManyFiles)
async def post_proof(
    case_id: str, file: File, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ProofView:
    """JPEG, PNG, WebP or PDF; as a form's field `file`, or as the body itself."""
    return ProofView.model_validate(await keep_proof(OfCase(case_id=case_id, by=who), file, session=session, now=now))


@router.get(
    "/delivery-proofs/{proof_id}",
    summary="The image of a signature or a photo",
    response_class=StreamingResponse,
    responses=SHOWN,
)
@refuses(errors.ProofNotFound)
async def get_proof(
    proof_id: str, request: Request, session: Session, _: Annotated[Principal, allow(*WHO_HANDS_OVER)]
) -> StreamingResponse:
    proof, pieces = await show_proof(proof_id, session=session, cabinet=request.app.state.runtime.cabinet)
    kind = "inline" if proof.media_type.startswith("image/") else "attachment"
    headers = {
        "Content-Length": str(proof.size),
        "Content-Disposition": disposition(kind=kind, name=None, fallback=f"proof.{EXTENSIONS[proof.media_type]}"),
        "Content-Security-Policy": SHUT,
    }
    return StreamingResponse(pieces, media_type=proof.media_type, headers=headers)


@router.post(
    "/cases/{case_id}/parts",
    status_code=201,
    summary="Record what was handed over; with the last part the case is delivered",
    response_model=PartView,
)
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.DecidedIt,
    errors.StepOutOfOrder,
    errors.ServiceUnknown,
    errors.DeliveredTooLongAgo,
    errors.ProofMissing,
    errors.ProofNotFound,
    errors.CollectorNotFound,
    errors.CollectorNotValid,
    errors.PlanNotFound,
    errors.PlanOver,
    errors.DeliveryCodeWrong,
)
async def post_part(
    case_id: str, new: NewPart, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Any:
    check_day_has_come(new.delivered_on, field="delivered_on", now=now)
    proof = Proof(**new.proof.model_dump())
    command = DeliverPart(case_id=case_id, by=who, proof=proof, **new.model_dump(exclude={"proof"}))
    done = await deliver(command, session=session, now=now)
    # A wrong code is answered, not raised: its transaction commits, and the try counts.
    return answer(request, done) if isinstance(done, errors.Refusal) else done


@router.get("/people/{subject_id}/benefits", summary="What a person was given by all branches, and when")
@refuses(errors.PersonNotFound)
async def get_benefits(
    subject_id: str,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> GivenPage:
    """For whoever has a file of his. Of another branch's benefits: what, when and where; nothing else."""
    await delivery_store.check_known_here(session, subject_id, scope=who.scope)
    rows = await delivery_store.given_to(session, subject_id, scope=who.scope, after=after, limit=limit)
    items = [
        GivenView(
            service_id=row.service_id,
            given_on=row.given_on,
            whole=row.whole,
            branch_id=row.branch,
            case_id=row.case_id if who.scope.branch_id in {None, row.branch} else None,
        )
        for row in rows
    ]
    return GivenPage(items=items, next=rows[-1].id if len(rows) == limit else None)
