"""A branch closes, and all of its files move in one act: page by page, each once.

A page is one transaction of the worker: the cases that move, the facts that tell it, how many have moved, the mark
that this timer was taken in, and the next page's timer. Whatever stops the process in between takes all of them back
together; the page then comes again and finds the same cases. There is no cursor to lose: what is left is what the
branch still has. What becomes of each table that names a branch stands in `tests/intake/test_what_a_closing_moves.py`.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.transfers import BranchClosing, TransferStatus, check_may_close, move_case
from services.intake.store.contacts import move_unfiled
from services.intake.store.transfers import (
    cases_asked_for,
    cases_left,
    closing_of,
    closings_into,
    count_cases,
    hold_closing,
    move_people,
    one_closing_at_a_time,
    open_transfers_of,
)
from services.intake.timers import BranchToMove
from services.intake.use_cases.transfer_case import check_branch_takes, let_branch_follow
from shared.language.events import BranchClosed, BranchClosingBegun, TransferRevoked
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
    await one_closing_at_a_time(session, association_id=association_id)
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
    # What was on its way here goes on to where this branch's own files go.
    for earlier in await closings_into(session, association_id=association_id, branch=command.branch):
        earlier.to_branch = command.to_branch
    await outbox.tell(session, closing.told(BranchClosingBegun), at=now)
    await record(session, act="close_branch", reason=command.reason)
    await set_timer(session, BranchToMove(closing_id=closing.id, page=0), due_at=now, now=now)
    return closing


async def move_page(timer: BranchToMove, *, session: AsyncSession, now: datetime) -> None:
    """Move what is next; when nothing is left, say so. A branch that has closed before is looked through again."""
    closing = await hold_closing(session, timer.closing_id)
    if closing is None:
        return
    # In a page of their own: nobody holds cases of two branches at once, and so nobody waits in a ring.
    more = await _end_askings(closing, session=session, now=now) or any(
        [
            await _move_cases(closing, session=session, now=now),
            await move_unfiled(session, **closing.from_to, limit=A_PAGE),
        ]
    )
    settled_at = closing.asked_at + SETTLES
    if more or now < settled_at:
        page = BranchToMove(closing_id=closing.id, page=timer.page + 1)
        await set_timer(session, page, due_at=now if more else settled_at, now=now)
        return
    # Nobody is registered at a closed branch, nor has it a case: what it knows is all there will ever be.
    await move_people(session, **closing.from_to)
    if closing.done_at is None:
        closing.done_at = now
        await outbox.tell(session, closing.told(BranchClosed), at=now)


async def _move_cases(closing: BranchClosing, *, session: AsyncSession, now: datetime) -> bool:
    """A page of its cases, with all that follows a case; whether there may be more."""
    cases = await cases_left(session, association_id=closing.association_id, branch=closing.branch, limit=A_PAGE)
    for asked in await open_transfers_of(session, [case.id for case in cases]):
        # The reason stands with the closing: under the key of somebody who was erased nothing is written any more.
        asked.close(TransferStatus.REVOKED, reason=None, by=closing.asked_by, at=now)
    for case in cases:
        moved = move_case(case, to_branch=closing.to_branch, closing_id=closing.id)
        await let_branch_follow(case, moved, session=session)
        await outbox.tell(session, moved, at=now)
    closing.moved += len(cases)
    return len(cases) == A_PAGE


async def _end_askings(closing: BranchClosing, *, session: AsyncSession, now: datetime) -> bool:
    """Nobody answers here any more for what others asked: their cases stay where they are; whether there were any."""
    of_branch = {"association_id": closing.association_id, "branch": closing.branch}
    asked_for = await cases_asked_for(session, **of_branch, limit=A_PAGE)
    for case_id in asked_for:
        case = await store.named_case(session, case_id)
        for asked in await open_transfers_of(session, [case_id]):
            # Answered or asked anew while the case was waited for, it may be another's.
            if asked.to_branch == closing.branch:
                asked.close(TransferStatus.REVOKED, reason=None, by=closing.asked_by, at=now)
                await outbox.tell(session, asked.told(case, TransferRevoked), at=now)
    return bool(asked_for)
