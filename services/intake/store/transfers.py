"""The queries about whose a case is: askings, the cases that a person keeps, and a branch that closes."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, literal, update
from sqlalchemy import select as select_plain
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.search import PersonBranch
from services.intake.domain.transfers import BranchClosing, Transfer, TransferStatus
from shared.language.case_lifecycle import CaseStatus
from shared.language.errors import ClosingNotFound, TransferNotFound
from shared.language.roles import SYSTEM
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Scope

Side = Literal["to", "from"]


async def see_transfer(session: AsyncSession, transfer_id: str, *, scope: Scope) -> Transfer:
    """An asking that either of its two branches may see. Raises `TransferNotFound`."""
    found = await session.get(Transfer, transfer_id)
    if (
        found is None
        or found.association_id != scope.association_id
        or scope.branch_id not in {None, found.from_branch, found.to_branch}
    ):
        raise TransferNotFound
    return found


async def hold_transfer(session: AsyncSession, transfer_id: str) -> Transfer:
    """The asking as it stands now, held for change; its case is held already."""
    query = select(Transfer).where(Transfer.id == transfer_id).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).one()


async def open_transfers_of(session: AsyncSession, case_ids: Collection[str]) -> list[Transfer]:
    """The askings for these cases that nobody has answered: one a case at most."""
    query = select(Transfer).where(col(Transfer.case_id).in_(case_ids), col(Transfer.answered_at).is_(None))
    return list((await session.exec(query.with_for_update())).all())


async def end_transfers(session: AsyncSession, subject_id: str, *, at: datetime) -> None:
    """The person is erased: what was asked about his cases is over."""
    his = update(Transfer).where(col(Transfer.subject_id) == subject_id, col(Transfer.answered_at).is_(None))
    over = his.values(answered_at=at, answered_by=SYSTEM.person_id, status=TransferStatus.REVOKED)
    await session.exec(over.execution_options(synchronize_session=False))


async def list_transfers(session: AsyncSession, *, scope: Scope, side: Side, after: str, limit: int) -> list[Transfer]:
    """A page of what is asked of the scope's branch, or by it, and waits; of all branches for the head office."""
    query = select(Transfer).where(
        Transfer.association_id == scope.association_id, Transfer.id > after, col(Transfer.answered_at).is_(None)
    )
    if scope.branch_id is not None:
        query = query.where((Transfer.to_branch if side == "to" else Transfer.from_branch) == scope.branch_id)
    return list((await session.exec(query.order_by(Transfer.id).limit(limit))).all())


async def caseload_of(session: AsyncSession, person_id: str, *, scope: Scope, after: str, limit: int) -> list[Case]:
    """A page of the cases that a person keeps and that have not ended, oldest first."""
    query = select(Case).where(
        Case.association_id == scope.association_id,
        Case.assigned_to == person_id,
        col(Case.ended_at).is_(None),
        Case.id > after,
    )
    if scope.branch_id is not None:
        query = query.where(Case.branch_id == scope.branch_id)
    return list((await session.exec(query.order_by(Case.id).limit(limit))).all())


async def closing_of(session: AsyncSession, *, association_id: str, branch: str) -> BranchClosing | None:
    """Whether the branch closes or has closed."""
    query = select(BranchClosing).where(BranchClosing.association_id == association_id, BranchClosing.branch == branch)
    return (await session.exec(query)).first()


async def closings(session: AsyncSession, *, scope: Scope) -> list[BranchClosing]:
    """Every closing of the association: one a branch at most."""
    query = select(BranchClosing).where(BranchClosing.association_id == scope.association_id)
    return list((await session.exec(query.order_by(BranchClosing.id))).all())


async def see_closing(session: AsyncSession, closing_id: str, *, scope: Scope) -> BranchClosing:
    """Raises `ClosingNotFound`, also for another association's."""
    found = await session.get(BranchClosing, closing_id)
    if found is None or found.association_id != scope.association_id:
        raise ClosingNotFound
    return found


async def one_closing_at_a_time(session: AsyncSession, *, association_id: str) -> None:
    """Two branches never close into each other; on SQLite there is one writer anyway."""
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        key = f"closing/{association_id}"
        await connection.execute(select_plain(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def closings_into(session: AsyncSession, *, association_id: str, branch: str) -> list[BranchClosing]:
    """The closings whose files go to this branch, held: a page of theirs that is under way ends first."""
    query = select(BranchClosing).where(
        BranchClosing.association_id == association_id, BranchClosing.to_branch == branch
    )
    held = query.order_by(BranchClosing.id).with_for_update().execution_options(populate_existing=True)
    return list((await session.exec(held)).all())


async def cases_asked_for(session: AsyncSession, *, association_id: str, branch: str, limit: int) -> list[str]:
    """The first cases of others that this branch was asked to take, and has not answered; in the order of ids."""
    query = select(Transfer.case_id).where(
        Transfer.association_id == association_id,
        Transfer.to_branch == branch,
        Transfer.from_branch != branch,
        col(Transfer.answered_at).is_(None),
    )
    return sorted((await session.exec(query.order_by(Transfer.id).limit(limit))).all())


async def hold_closing(session: AsyncSession, closing_id: str) -> BranchClosing | None:
    """The closing, held for change: for its timer, which carries no scope."""
    query = select(BranchClosing).where(BranchClosing.id == closing_id)
    return (await session.exec(query.with_for_update())).first()


async def count_cases(session: AsyncSession, *, association_id: str, branch: str) -> int:
    """How many cases a branch has: once for a closing, over the index alone."""
    query = select(func.count()).select_from(Case)
    return (await session.exec(query.where(Case.association_id == association_id, Case.branch_id == branch))).one()


async def cases_left(session: AsyncSession, *, association_id: str, branch: str, limit: int) -> list[Case]:
    """The first cases that a branch still has, held for change."""
    query = select(Case).where(Case.association_id == association_id, Case.branch_id == branch)
    return list((await session.exec(query.order_by(Case.id).limit(limit).with_for_update())).all())


async def cases_after(session: AsyncSession, after: str, *, limit: int) -> list[Case]:
    """A page of the cases of all associations that were handed in, held for what is told of them."""
    query = select(Case).where(Case.id > after, Case.status != CaseStatus.DRAFT)
    return list((await session.exec(query.order_by(Case.id).limit(limit).with_for_update())).all())


async def leave_branch(session: AsyncSession, case: Case, *, branch: str) -> None:
    """Have the branch not find the person any more, unless another case of his is there."""
    still = select(Case.id).where(Case.beneficiary_id == case.beneficiary_id, Case.branch_id == branch).limit(1)
    if (await session.exec(still)).first() is None:
        left = delete(PersonBranch).where(
            col(PersonBranch.association_id) == case.association_id,
            col(PersonBranch.person_id) == case.beneficiary_id,
            col(PersonBranch.branch) == branch,
        )
        await session.exec(left.execution_options(synchronize_session=False))


async def move_people(session: AsyncSession, *, association_id: str, branch: str, to_branch: str) -> None:
    """Whoever this branch knows without a case of his, the other knows from now on."""
    connection = await session.connection()
    sqlite = connection.dialect.name == "sqlite"
    known = (col(PersonBranch.association_id) == association_id, col(PersonBranch.branch) == branch)
    names = ["association_id", "person_id", "branch"]
    there = select(PersonBranch.association_id, PersonBranch.person_id, literal(to_branch)).where(*known)
    await connection.execute(insert_new(PersonBranch.__table__, sqlite=sqlite).from_select(names, there))  # type: ignore[attr-defined]
    await connection.execute(delete(PersonBranch).where(*known))
