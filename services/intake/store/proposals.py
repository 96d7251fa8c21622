"""The queries about whom to reach first. Each reads a page by its index, however much there is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Date, and_, or_, type_coerce, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.documents import Document
from services.intake.domain.people import FORGOTTEN, Beneficiary
from services.intake.domain.proposals import Proposal, Way
from shared.language.case_lifecycle import CaseStatus
from shared.language.errors import ProposalNotFound
from shared.language.events import ProposalKind
from shared.language.roles import SYSTEM
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Scope


async def keep_new(session: AsyncSession, proposals: Sequence[Proposal]) -> None:
    """Keep those of whose mark there is none yet."""
    if not proposals:
        return
    connection = await session.connection()
    rows = [proposal.model_dump() for proposal in sorted(proposals, key=lambda one: one.mark)]
    added = insert_new(Proposal.__table__, sqlite=connection.dialect.name == "sqlite")  # type: ignore[attr-defined]
    await connection.execute(added, rows)


async def get_proposal(session: AsyncSession, proposal_id: str, *, scope: Scope) -> Proposal:
    """One of the scope's, held for change. Raises `ProposalNotFound`."""
    query = select(Proposal).where(Proposal.id == proposal_id, Proposal.association_id == scope.association_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise ProposalNotFound
    return found


async def see_proposal(session: AsyncSession, proposal_id: str, *, scope: Scope) -> Proposal:
    """One of the scope's, to be shown. Raises `ProposalNotFound`."""
    query = select(Proposal).where(Proposal.id == proposal_id, Proposal.association_id == scope.association_id)
    if (found := (await session.exec(query)).first()) is None:
        raise ProposalNotFound
    return found


async def list_proposals(session: AsyncSession, *, scope: Scope, after: str, limit: int) -> list[Proposal]:
    """A page of what nobody has dealt with, oldest first."""
    query = select(Proposal).where(
        Proposal.association_id == scope.association_id, Proposal.id > after, col(Proposal.settled_at).is_(None)
    )
    if scope.branch_id is not None:
        query = query.where(Proposal.branch_id == scope.branch_id)
    return list((await session.exec(query.order_by(Proposal.id).limit(limit))).all())


async def move_proposals(session: AsyncSession, *, case_id: str, to_branch: str) -> None:
    """The case is another branch's now, and whom to reach by it."""
    moved = update(Proposal).where(col(Proposal.case_id) == case_id).values(branch_id=to_branch)
    await session.exec(moved.execution_options(synchronize_session=False))


async def answer_proposals(
    session: AsyncSession, case_id: str, *, kind: ProposalKind, document_kind: str | None = None, by: str, at: datetime
) -> None:
    """What was proposed about a case has come by itself: a newer paper, or word of the benefit."""
    open_ones = update(Proposal).where(
        col(Proposal.case_id) == case_id,
        col(Proposal.kind) == kind,
        col(Proposal.document_kind).is_not_distinct_from(document_kind),
        col(Proposal.settled_at).is_(None),
    )
    answered = open_ones.values(settled_by=by, settled_at=at, way=Way.SPOKEN)
    await session.exec(answered.execution_options(synchronize_session=False))


Paper = tuple[str, str, str, date]
"""Id, case, kind and last day."""


async def papers_running_out(
    session: AsyncSession,
    *,
    association_id: str,
    branch: str,
    begin: date,
    end: date,
    after: tuple[date, str],
    limit: int,
) -> list[Paper]:
    """A page of the branch's papers whose last day lies in these days; nothing of what they say."""
    day, paper_id = after
    query = (
        select(Document.id, Document.case_id, Document.kind, type_coerce(col(Document.expires_on), Date))
        .join(Case, col(Case.id) == col(Document.case_id))
        .where(
            Case.association_id == association_id,
            Case.branch_id == branch,
            col(Case.ended_at).is_(None),
            col(Document.expires_on) >= max(begin, day),
            col(Document.expires_on) <= end,
            or_(col(Document.expires_on) > day, and_(col(Document.expires_on) == day, col(Document.id) > paper_id)),
        )
        .order_by(col(Document.expires_on), Document.id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2], row[3]) for row in await session.exec(query)]


async def newest_papers(session: AsyncSession, case_ids: Collection[str]) -> dict[tuple[str, str], str]:
    """The newest paper of each kind in these cases."""
    query = select(Document.case_id, Document.kind, Document.id).where(col(Document.case_id).in_(case_ids))
    return {(case_id, kind): paper for case_id, kind, paper in await session.exec(query.order_by(Document.id))}


async def open_cases(
    session: AsyncSession, ids: Collection[str], *, association_id: str, branch: str
) -> dict[str, Case]:
    """Those of these cases that the branch has, that were handed in and have not ended."""
    query = select(Case).where(
        col(Case.id).in_(ids),
        Case.association_id == association_id,
        Case.branch_id == branch,
        Case.status != CaseStatus.DRAFT,
        col(Case.ended_at).is_(None),
    )
    return {case.id: case for case in (await session.exec(query)).all()}


async def served_cases(
    session: AsyncSession, *, association_id: str, branch: str, after: str, limit: int
) -> list[Case]:
    """A page of the branch's cases whose service was delivered."""
    query = select(Case).where(
        Case.association_id == association_id,
        Case.branch_id == branch,
        col(Case.delivered_on).is_not(None),
        Case.id > after,
    )
    return list((await session.exec(query.order_by(Case.id).limit(limit))).all())


async def forgotten(session: AsyncSession, beneficiary_ids: Collection[str]) -> set[str]:
    """Those of these people who were erased: nobody turns to them any more."""
    query = select(Beneficiary.id).where(
        col(Beneficiary.id).in_(beneficiary_ids), col(Beneficiary.national_id_index).startswith(FORGOTTEN)
    )
    return set((await session.exec(query)).all())


async def leave_alone(session: AsyncSession, subject_id: str, *, at: datetime) -> None:
    """The person is erased: what was proposed about him is over."""
    his = update(Proposal).where(col(Proposal.subject_id) == subject_id, col(Proposal.settled_at).is_(None))
    over = his.values(settled_at=at, settled_by=SYSTEM.person_id)
    await session.exec(over.execution_options(synchronize_session=False))


async def services_of(
    session: AsyncSession, roots: Mapping[str, str]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What these people were served with, and what they asked for in any branch, by the file that theirs lead to."""
    query = select(Case.beneficiary_id, Case.service_id, col(Case.delivered_on).is_not(None))
    served: dict[str, set[str]] = {}
    asked: dict[str, set[str]] = {}
    for file, service, was_served in await session.exec(query.where(col(Case.beneficiary_id).in_(list(roots)))):
        asked.setdefault(roots[file], set()).add(service)
        if was_served:
            served.setdefault(roots[file], set()).add(service)
    return served, asked
