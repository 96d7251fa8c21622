"""What the desk's pages ask for: counts that stop early, pages by keyset, and all that lies in one file.

Each query reads an index, and so many rows at most.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select, union_all
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.desk import Attestation, Benefit, Clarification, Delivery
from services.intake.domain.files import DocumentFile
from services.intake.store.register import roots_of
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.identity import Scope

COUNTED = 100
"""A queue is counted so far, and then only known to hold more: nobody waits for a count over the table."""


async def count_waiting(
    session: AsyncSession, statuses: Sequence[CaseStatus], *, scope: Scope
) -> dict[CaseStatus, int]:
    """How many cases stand in each of `statuses`; `COUNTED + 1` says more than `COUNTED`."""
    some = union_all(*(select(_standing(status, scope=scope).subquery()) for status in statuses)).subquery()
    rows = (await session.exec(select_rows(some.c.status, func.count()).group_by(some.c.status))).all()
    found = {CaseStatus(status): int(count) for status, count in rows}
    return {status: found.get(status, 0) for status in statuses}


def _standing(status: CaseStatus, *, scope: Scope) -> Select[CaseStatus]:
    query = select(col(Case.status)).where(col(Case.association_id) == scope.association_id, col(Case.status) == status)
    if scope.branch_id is not None:
        query = query.where(col(Case.branch_id) == scope.branch_id)
    return query.limit(COUNTED + 1)


async def page_of_cases(
    session: AsyncSession,
    *,
    scope: Scope,
    status: CaseStatus | None = None,
    branch_id: str | None = None,
    person_id: str | None = None,
    before: str = "",
    after: str = "",
    limit: int,
) -> list[Case]:
    """A page of cases, the newest first: those older than `before`, or those just newer than `after`."""
    query = select_rows(Case).where(Case.association_id == scope.association_id)
    if (branch := scope.branch_id if scope.branch_id is not None else branch_id) is not None:
        query = query.where(Case.branch_id == branch)
    if status is not None:
        query = query.where(Case.status == status)
    if person_id is not None:
        query = query.where(col(Case.beneficiary_id).in_(await roots_of(session, [person_id])))
    if after:
        newer = (await session.exec(query.where(Case.id > after).order_by(Case.id).limit(limit))).all()
        return list(reversed(newer))
    if before:
        query = query.where(Case.id < before)
    return list((await session.exec(query.order_by(col(Case.id).desc()).limit(limit))).all())


async def newest_files(session: AsyncSession, document_ids: Collection[str]) -> dict[str, DocumentFile]:
    """The newest file of each document that has one; a document has a few, and a case some tens of documents."""
    query = select_rows(DocumentFile).where(col(DocumentFile.document_id).in_(document_ids)).order_by(DocumentFile.id)
    return {file.document_id: file for file in (await session.exec(query)).all()}


async def clarifications_of(session: AsyncSession, case_id: str) -> list[Clarification]:
    """A case's questions, oldest first."""
    query = select_rows(Clarification).where(Clarification.case_id == case_id).order_by(Clarification.id)
    return list((await session.exec(query)).all())


async def clarification_of(session: AsyncSession, *, case_id: str, clarification_id: str) -> Clarification | None:
    """One of them, to be shown."""
    query = select_rows(Clarification).where(Clarification.id == clarification_id, Clarification.case_id == case_id)
    return (await session.exec(query)).first()


async def last_attestation(session: AsyncSession, case_id: str) -> Attestation | None:
    query = select_rows(Attestation).where(Attestation.case_id == case_id).order_by(col(Attestation.id).desc()).limit(1)
    return (await session.exec(query)).first()


async def delivery_of(session: AsyncSession, case_id: str) -> Delivery | None:
    return (await session.exec(select_rows(Delivery).where(Delivery.case_id == case_id))).first()


async def benefits_of(session: AsyncSession, case_id: str) -> list[Benefit]:
    """What was written down of the benefit, oldest first."""
    query = select_rows(Benefit).where(Benefit.case_id == case_id).order_by(Benefit.id)
    return list((await session.exec(query)).all())
