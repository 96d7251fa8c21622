"""The queries about files that may be one person's."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import exists, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Beneficiary
from services.intake.domain.register.duplicates import Finding, ProposedDuplicate, RepeatedRequest
from services.intake.domain.search import PersonBranch
from services.intake.store.people import confidential_to, insert_rows
from shared.language.errors import DuplicateNotFound
from shared.plumbing.identity import Scope


async def propose(session: AsyncSession, proposal: ProposedDuplicate) -> ProposedDuplicate:
    """Keep the proposal; a pair that was proposed before stays as it is, decided or not."""
    row = proposal.model_dump(include={"id", "association_id", "subject_id", "one_id", "other_id", "score", "signs"})
    row |= proposal.model_dump(include={"proposed_by", "proposed_at", "finding"})
    await insert_rows(session, ProposedDuplicate, [row])
    query = select(ProposedDuplicate).where(
        ProposedDuplicate.association_id == proposal.association_id,
        ProposedDuplicate.one_id == proposal.one_id,
        ProposedDuplicate.other_id == proposal.other_id,
    )
    return (await session.exec(query)).one()


async def see_proposal(session: AsyncSession, proposal_id: str, *, scope: Scope) -> ProposedDuplicate:
    """A pair of which the scope may see one at least. Raises `DuplicateNotFound`."""
    query = select(ProposedDuplicate).where(ProposedDuplicate.id == proposal_id)
    found: ProposedDuplicate | None = (await session.exec(_within(query, scope))).first()
    if found is None:
        raise DuplicateNotFound
    return found


async def get_proposal(session: AsyncSession, proposal_id: str, *, scope: Scope) -> ProposedDuplicate:
    """The same, held for change. Raises `DuplicateNotFound`."""
    await see_proposal(session, proposal_id, scope=scope)
    query = select(ProposedDuplicate).where(ProposedDuplicate.id == proposal_id)
    # Read again under the lock: who decided it meanwhile is seen.
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).one()


async def list_proposals(
    session: AsyncSession, *, scope: Scope, finding: Finding, after: str, limit: int
) -> list[ProposedDuplicate]:
    """A page of the pairs of which the scope may see one at least, oldest first."""
    query = select(ProposedDuplicate).where(
        ProposedDuplicate.association_id == scope.association_id,
        ProposedDuplicate.finding == finding,
        ProposedDuplicate.id > after,
    )
    query = _within(query, scope).order_by(col(ProposedDuplicate.id)).limit(limit)
    return list((await session.exec(query)).all())


async def proposals_of(session: AsyncSession, people: Collection[str]) -> list[ProposedDuplicate]:
    """The open pairs that one of these is in."""
    query = select(ProposedDuplicate).where(
        or_(col(ProposedDuplicate.one_id).in_(people), col(ProposedDuplicate.other_id).in_(people)),
        ProposedDuplicate.finding == Finding.OPEN,
    )
    return list((await session.exec(query.order_by(col(ProposedDuplicate.id)).limit(50))).all())


async def shown_to(
    session: AsyncSession, pairs: Sequence[ProposedDuplicate], *, scope: Scope
) -> list[ProposedDuplicate]:
    """Those pairs of which neither side is known by cases alone that are confidential to the asker."""
    sides = {side for pair in pairs for side in (pair.one_id, pair.other_id)}
    hidden = await confidential_to(session, sides, scope=scope)
    return [pair for pair in pairs if not hidden & {pair.one_id, pair.other_id}]


async def hold_pair(session: AsyncSession, proposal: ProposedDuplicate) -> list[Beneficiary]:
    """The two files of a proposal in its order, held for change in the order of ids: nobody waits in a ring."""
    query = select(Beneficiary).where(col(Beneficiary.id).in_([proposal.one_id, proposal.other_id]))
    files = (await session.exec(query.order_by(col(Beneficiary.id)).with_for_update())).all()
    return sorted(files, key=lambda file: file.id != proposal.one_id)


def _within(query: Any, scope: Scope) -> Any:
    if scope.branch_id is None:
        return query
    knows = exists().where(
        col(PersonBranch.association_id) == scope.association_id,
        or_(
            col(PersonBranch.person_id) == col(ProposedDuplicate.one_id),
            col(PersonBranch.person_id) == col(ProposedDuplicate.other_id),
        ),
        col(PersonBranch.branch) == scope.branch_id,
    )
    return query.where(knows)


async def move_repeated(session: AsyncSession, *, case_id: str, to_branch: str) -> None:
    """The case is another branch's now, and why it was begun beside one like it."""
    moved = update(RepeatedRequest).where(col(RepeatedRequest.case_id) == case_id).values(branch_id=to_branch)
    await session.exec(moved.execution_options(synchronize_session=False))
