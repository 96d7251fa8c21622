"""The queries about what is handed over, to whom and how it is shown; and what a person was given before."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.deliveries import (
    Collector,
    DeliveryCode,
    DeliveryPart,
    DeliveryPlan,
    DeliveryProof,
    GivenBenefit,
)
from services.intake.domain.search import PersonBranch
from services.intake.store.people import confidential_to
from services.intake.store.register import roots_of
from shared.language.case_lifecycle import CaseStatus
from shared.language.errors import CollectorNotFound, PersonNotFound, PlanNotFound, ProofNotFound
from shared.plumbing.identity import Scope

MOST = 200
"""No case has more parts, plans or collectors than a page shows."""


async def get_plan(session: AsyncSession, plan_id: str, *, case_id: str) -> DeliveryPlan:
    """A plan of the case, held for change. Raises `PlanNotFound`."""
    query = select(DeliveryPlan).where(DeliveryPlan.id == plan_id, DeliveryPlan.case_id == case_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise PlanNotFound
    return found


async def plans_on(session: AsyncSession, day: date, *, scope: Scope, after: str, limit: int) -> list[DeliveryPlan]:
    """A page of what the scope has to hand over on a day."""
    query = select(DeliveryPlan).where(
        DeliveryPlan.association_id == scope.association_id,
        DeliveryPlan.planned_for == day,
        col(DeliveryPlan.ended_at).is_(None),
        _is_due(),
        DeliveryPlan.id > after,
    )
    if scope.branch_id is not None:
        query = query.where(DeliveryPlan.branch_id == scope.branch_id)
    return list((await session.exec(query.order_by(DeliveryPlan.id).limit(limit))).all())


async def planned_on(session: AsyncSession, day: date, *, case_ids: Collection[str]) -> set[str]:
    """Those of these cases to which something is to be handed over on a day."""
    query = select(DeliveryPlan.case_id).where(
        col(DeliveryPlan.case_id).in_(case_ids),
        DeliveryPlan.planned_for == day,
        col(DeliveryPlan.ended_at).is_(None),
        _is_due(),
    )
    return set((await session.exec(query)).all())


def _is_due() -> ColumnElement[bool]:
    """What is delivered whole, or was taken back, is not handed over again, whatever was planned for it."""
    query = select(Case.id).where(Case.id == DeliveryPlan.case_id, Case.status == CaseStatus.REGISTERED)
    return query.correlate(DeliveryPlan).exists()


async def follow_case(session: AsyncSession, *, case_id: str, to_branch: str) -> None:
    """The case is another branch's now, and what is planned for it."""
    moved = update(DeliveryPlan).where(col(DeliveryPlan.case_id) == case_id).values(branch_id=to_branch)
    await session.exec(moved.execution_options(synchronize_session=False))


async def get_collector(session: AsyncSession, collector_id: str, *, case_id: str) -> Collector:
    """Raises `CollectorNotFound`."""
    query = select(Collector).where(Collector.id == collector_id, Collector.case_id == case_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise CollectorNotFound
    return found


async def code_of(session: AsyncSession, case_id: str) -> DeliveryCode | None:
    """The case's code, held for change."""
    return (await session.exec(select(DeliveryCode).where(DeliveryCode.case_id == case_id).with_for_update())).first()


async def get_proof(session: AsyncSession, proof_id: str, *, case_id: str) -> DeliveryProof:
    """Raises `ProofNotFound`."""
    query = select(DeliveryProof).where(DeliveryProof.id == proof_id, DeliveryProof.case_id == case_id)
    if (found := (await session.exec(query)).first()) is None:
        raise ProofNotFound
    return found


async def see_proof(session: AsyncSession, proof_id: str) -> DeliveryProof:
    """A proof of a case that the scope sees. Raises `ProofNotFound`."""
    if (found := await session.get(DeliveryProof, proof_id)) is None:
        raise ProofNotFound
    return found


async def proofs_of(session: AsyncSession, case_id: str) -> list[DeliveryProof]:
    query = select(DeliveryProof).where(DeliveryProof.case_id == case_id)
    return list((await session.exec(query.order_by(DeliveryProof.id).limit(MOST))).all())


async def parts_of(session: AsyncSession, case_id: str) -> list[DeliveryPart]:
    """What was handed over of a case's service, first to last."""
    query = select(DeliveryPart).where(DeliveryPart.case_id == case_id)
    return list((await session.exec(query.order_by(DeliveryPart.id).limit(MOST))).all())


async def plans_of(session: AsyncSession, case_id: str) -> list[DeliveryPlan]:
    query = select(DeliveryPlan).where(DeliveryPlan.case_id == case_id)
    return list((await session.exec(query.order_by(DeliveryPlan.id).limit(MOST))).all())


async def collectors_of(session: AsyncSession, case_id: str) -> list[Collector]:
    query = select(Collector).where(Collector.case_id == case_id)
    return list((await session.exec(query.order_by(Collector.id).limit(MOST))).all())


async def check_known_here(session: AsyncSession, beneficiary_id: str, *, scope: Scope) -> None:
    """Raises `PersonNotFound` for one who has no file with the scope's branch, or one confidential to the asker."""
    query = select(PersonBranch.person_id).where(
        PersonBranch.association_id == scope.association_id, PersonBranch.person_id == beneficiary_id
    )
    if scope.branch_id is not None:
        query = query.where(PersonBranch.branch == scope.branch_id)
    known = (await session.exec(query.limit(1))).first()
    if known is None or await confidential_to(session, [beneficiary_id], scope=scope):
        raise PersonNotFound


async def given_to(
    session: AsyncSession, beneficiary_id: str, *, scope: Scope, after: str, limit: int
) -> list[GivenBenefit]:
    """A page of what a person was given by all branches under any file that was found to be his, oldest first."""
    query = select(GivenBenefit).where(
        GivenBenefit.association_id == scope.association_id,
        col(GivenBenefit.beneficiary_id).in_(list(await roots_of(session, [beneficiary_id]))),
        GivenBenefit.id > after,
    )
    return list((await session.exec(query.order_by(GivenBenefit.id).limit(limit))).all())
