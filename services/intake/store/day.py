"""What a delegate has to do today: his own cases, by who keeps them."""

from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.identity import Scope


async def cases_to_visit(
    session: AsyncSession, statuses: Collection[CaseStatus], *, scope: Scope, after: str, limit: int
) -> list[Case]:
    """A page of the cases that the asker keeps and that stand in `statuses`, the oldest first."""
    query = select(Case).where(
        Case.association_id == scope.association_id,
        Case.assigned_to == scope.person_id,
        # The index is of the cases that have not ended.
        col(Case.ended_at).is_(None),
        col(Case.status).in_(statuses),
        Case.id > after,
    )
    if scope.branch_id is not None:
        query = query.where(Case.branch_id == scope.branch_id)
    return list((await session.exec(query.order_by(col(Case.id)).limit(limit))).all())
