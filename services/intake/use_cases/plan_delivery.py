"""Before the service is handed over: when, where and what; who may take it for him; and the code that shows it."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.days import check_day_is_ahead, check_day_is_planned
from services.intake.domain.deliveries import (
    Collector,
    DeliveryCode,
    DeliveryPlan,
    DeliveryProof,
    plan_delivery,
    send_code,
)
from services.intake.domain.files import check_room
from services.intake.domain.people import check_national_id
from services.intake.store import deliveries as delivery_store
from shared.language import events as e
from shared.plumbing import outbox
from shared.plumbing.audit import record
from shared.plumbing.files.arrival import ArrivedFile
from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.identity import Principal
from shared.plumbing.seal import readable


class PlanDelivery(BaseModel):
    """Plan a delivery."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    planned_for: date
    place: str
    what: str
    by: Principal


class CallOffDelivery(BaseModel):
    """Call a planned delivery off."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    plan_id: str
    reason: str
    by: Principal


class AuthoriseCollector(BaseModel):
    """Note who may take the service for the beneficiary."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    name: str
    national_id: str
    relation: str
    proof: str
    valid_until: date | None
    by: Principal


class OfCase(BaseModel):
    """Do something about the delivery of a case."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    by: Principal


async def plan(command: PlanDelivery, *, session: AsyncSession, now: datetime) -> DeliveryPlan:
    """Plan it, and have him told. Raises `StepOutOfOrder` before registration, or `Malformed` for no such day."""
    check_day_is_planned(command.planned_for, field="planned_for", now=now)
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    planned = DeliveryPlan(
        **command.model_dump(exclude={"by"}),
        association_id=case.association_id,
        branch_id=case.branch_id,
        subject_id=case.subject_id,
        planned_by=command.by.person_id,
        planned_at=now,
    )
    session.add(planned)
    await outbox.tell(session, plan_delivery(case, planned), at=now)
    return planned


async def call_off(command: CallOffDelivery, *, session: AsyncSession, now: datetime) -> DeliveryPlan:
    """Call it off. Raises `PlanNotFound` or `PlanOver`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    planned = await delivery_store.get_plan(session, command.plan_id, case_id=case.id)
    planned.end(by=command.by.person_id, at=now, called_off=command.reason)
    return planned


async def authorise(command: AuthoriseCollector, *, session: AsyncSession, now: datetime) -> Collector:
    """Note him. Raises `NationalIdWrong`, `StepOutOfOrder` once it was delivered, or `Malformed` for a day gone."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    if command.valid_until is not None:
        check_day_is_ahead(command.valid_until, field="valid_until", now=now)
    case.note(e.DeliveryPlanned)
    check_national_id(command.national_id)
    collector = Collector(
        **command.model_dump(exclude={"by"}),
        subject_id=case.subject_id,
        noted_by=command.by.person_id,
        noted_at=now,
    )
    session.add(collector)
    await record(session, act="authorise_collector", case_id=case.id, person_id=case.subject_id)
    return collector


async def revoke_collector(collector_id: str, command: OfCase, *, session: AsyncSession, now: datetime) -> Collector:
    """He may not take it any more. Raises `CollectorNotFound`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    collector = await delivery_store.get_collector(session, collector_id, case_id=case.id)
    collector.revoke(by=command.by.person_id, at=now)
    return collector


async def make_code(command: OfCase, *, session: AsyncSession, now: datetime) -> None:
    """Send the beneficiary a code; the one before it is worth nothing. Raises `StepOutOfOrder`, `TooManyRequests`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    code = await delivery_store.code_of(session, case.id)
    if code is None:
        code = DeliveryCode(case_id=case.id, subject_id=case.subject_id)
        session.add(code)
    await outbox.tell(session, send_code(case, code, at=now), at=now)


async def check_proof_is_awaited(session: AsyncSession, *, who: Principal, case_id: str) -> None:
    """Before ten megabytes travel. Raises `CaseNotFound` or `ForeignBranch`."""
    await store.see_case(session, case_id, scope=who.scope)


async def keep_proof(command: OfCase, file: ArrivedFile, *, session: AsyncSession, now: datetime) -> DeliveryProof:
    """Keep the image of a signature or a photo. Raises `TooManyFiles`, or `StepOutOfOrder` outside of a delivery."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    case.note(e.CasePartDelivered)
    check_room(len(await delivery_store.proofs_of(session, case.id)))
    kept = file.take()
    proof = DeliveryProof(
        case_id=case.id,
        subject_id=case.subject_id,
        place=kept.place,
        key=b64encode(kept.key).decode(),
        media_type=file.media_type,
        size=kept.size,
        digest=kept.digest,
        kept_by=command.by.person_id,
        kept_at=now,
    )
    session.add(proof)
    return proof


async def show_proof(
    proof_id: str, *, session: AsyncSession, cabinet: Cabinet
) -> tuple[DeliveryProof, Iterator[bytes]]:
    """A proof and its plain pieces. Raises `ProofNotFound` or `PersonErased`."""
    proof = await delivery_store.see_proof(session, proof_id)
    return proof, cabinet.open(proof.place, key=b64decode(readable(proof.key)))
