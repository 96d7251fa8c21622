"""A part of the service, or all of it, in his hand or in that of whoever may act for him (`step.delivery`)."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.deliveries import (
    DeliveryPart,
    GivenBenefit,
    ProofKind,
    check_written_down_in_time,
    deliver_part,
)
from services.intake.store import deliveries as delivery_store
from services.intake.use_cases.serve_case import complete_delivery
from shared.language.errors import DeliveryCodeWrong, ProofMissing, Refusal
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.seal import readable


class Proof(BaseModel):
    """How it is shown: by the code, a kept file, or the number of a written record."""

    model_config = ConfigDict(frozen=True)

    kind: ProofKind
    code: str | None = None
    proof_id: str | None = None
    note: str | None = None

    def check(self) -> None:
        """Raises `ProofMissing` where the kind lacks what shows it."""
        shown = {ProofKind.CODE: self.code, ProofKind.PAPER: self.note}
        if not shown.get(self.kind, self.proof_id):
            raise ProofMissing(field="proof")


class DeliverPart(BaseModel):
    """Record what was handed over at one time; `completes` where nothing is left to give."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    delivered_on: date
    what: str
    completes: bool
    proof: Proof
    collector_id: str | None
    plan_id: str | None
    by: Principal


async def deliver(command: DeliverPart, *, session: AsyncSession, now: datetime) -> DeliveryPart | Refusal:
    """Record it; with the last part the case is delivered.

    Gives `DeliveryCodeWrong` back instead of raising it, so that the try is counted. Raises `StepOutOfOrder`,
    `DecidedIt`, `ProofMissing`, `DeliveredTooLongAgo`, `CollectorNotValid`, `PlanOver`, and where one is not found.
    """
    command.proof.check()
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    by = command.by.person_id
    told = deliver_part(case, on=command.delivered_on, by=by)
    check_written_down_in_time(command.delivered_on, by=command.by.role, at=now)
    received_by = await _received_by(command, case, session=session, now=now)
    if command.proof.proof_id is not None:
        await delivery_store.get_proof(session, command.proof.proof_id, case_id=case.id)
    planned = None
    if command.plan_id is not None:
        planned = await delivery_store.get_plan(session, command.plan_id, case_id=case.id)
        planned.check_open()
    # Last of what may speak against it: a code is used up by being right.
    if command.proof.kind is ProofKind.CODE:
        code = await delivery_store.code_of(session, case.id)
        if code is None or not code.take(command.proof.code or "", at=now):
            return DeliveryCodeWrong(field="proof.code")
    if planned is not None:
        planned.end(by=by, at=now)
    part = DeliveryPart(
        case_id=case.id,
        subject_id=case.subject_id,
        plan_id=command.plan_id,
        collector_id=command.collector_id,
        proof_id=command.proof.proof_id,
        delivered_on=command.delivered_on,
        what=command.what,
        received_by=received_by,
        proof_kind=command.proof.kind,
        proof_note=command.proof.note,
        completes=command.completes,
        delivered_by=by,
        recorded_at=now,
    )
    session.add(part)
    await outbox.tell(session, told, at=now)
    if command.completes:
        proof = command.proof.note or command.proof.kind.value
        await complete_delivery(
            case, on=command.delivered_on, received_by=received_by, proof=proof, by=by, session=session, now=now
        )
    session.add(GivenBenefit.of(case, on=command.delivered_on, whole=False))
    return part


async def _received_by(command: DeliverPart, case: Case, *, session: AsyncSession, now: datetime) -> str:
    """The name of who took it: the beneficiary himself where no collector is named."""
    if command.collector_id is None:
        return readable((await store.get_beneficiary(session, case.beneficiary_id)).name)
    collector = await delivery_store.get_collector(session, command.collector_id, case_id=case.id)
    collector.check(at=now)
    return readable(collector.name)
