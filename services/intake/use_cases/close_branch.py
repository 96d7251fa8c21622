"""A branch closes, and all of its cases move in one act: page by page, each once.

A page is one transaction of the worker: the cases that move, the facts that tell it, how many have moved, the mark
that this timer was taken in, and the next page's timer. Whatever stops the process in between takes all of them back
together; the page then comes again and finds the same cases. There is no cursor to lose: what is left is what the
branch still has.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.transfers import BranchClosing, TransferStatus, check_may_close, move_case
from services.intake.store.transfers import (
    cases_left,
    closing_of,
    count_cases,
    hold_closing,
    move_people,
    open_transfers_of,
)
from services.intake.timers import BranchToMove
from services.intake.use_cases.transfer_case import check_branch_takes, let_branch_follow
from shared.language.events import BranchClosed, BranchClosingBegun
from shared.plumbing import outbox
from shared.plumbing.audit import record
from shared.plumbing.identity import Principal
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of

A_PAGE = 100
SETTLES = timedelta(minutes=10)
"""A request that began before the closing may still commit: it is looked for until none can be left."""


class CloseBranch(BaseModel):
    """Close a branch."""

    model_config = ConfigDict(frozen=True)

    branch: str
    to_branch: str
    reason: str
    by: Principal


async def close_branch(command: CloseBranch, *, session: AsyncSession, now: datetime) -> BranchClosing:
    """Close it. Raises `BranchUnknown`, `HeadOfficeStays`, `AlreadyThere`, or `BranchIsClosed` for either."""
    association_id = command.by.association_id
    check_may_close(pack_of(association_id), branch=command.branch, to_branch=command.to_branch)
    if (closed := await closing_of(session, association_id=association_id, branch=command.branch)) is not None:
        raise closed.refusal(field="branch_id", pack=pack_of(association_id))
    await check_branch_takes(command.to_branch, association_id=association_id, session=session)
    closing = BranchClosing(
        association_id=association_id,
        branch=command.branch,
        to_branch=command.to_branch,
        reason=command.reason,
        asked_by=command.by.person_id,
        asked_at=now,
        total=await count_cases(session, association_id=association_id, branch=command.branch),
    )
    session.add(closing)
    await outbox.tell(session, closing.told(BranchClosingBegun), at=now)
    await record(session, act="close_branch", reason=command.reason)
    await set_timer(session, BranchToMove(closing_id=closing.id, page=0), due_at=now, now=now)
    return closing


async def move_page(timer: BranchToMove, *, session: AsyncSession, now: datetime) -> None:
    """Move the next cases; when there are none left, say so."""
    closing = await hold_closing(session, timer.closing_id)
    if closing is None or closing.done_at is not None:
        return
    cases = await cases_left(session, association_id=closing.association_id, branch=closing.branch, limit=A_PAGE)
    for asked in await open_transfers_of(session, [case.id for case in cases]):
        # The reason stands with the closing: under the key of somebody who was erased nothing is written any more.
        asked.close(TransferStatus.REVOKED, reason=None, by=closing.asked_by, at=now)
    for case in cases:
        moved = move_case(case, to_branch=closing.to_branch, closing_id=closing.id)
        await let_branch_follow(case, moved, session=session)
        await outbox.tell(session, moved, at=now)
    closing.moved += len(cases)
    if len(cases) < A_PAGE and now >= closing.asked_at + SETTLES:
        closing.done_at = now
        # Nobody is registered at a closed branch, nor has it a case: what it knows is all there will ever be.
        of_branch = {"association_id": closing.association_id, "branch": closing.branch}
        await move_people(session, **of_branch, to_branch=closing.to_branch)
        await outbox.tell(session, closing.told(BranchClosed), at=now)
        return
    next_at = now if len(cases) == A_PAGE else closing.asked_at + SETTLES
    await set_timer(session, BranchToMove(closing_id=closing.id, page=timer.page + 1), due_at=next_at, now=now)
