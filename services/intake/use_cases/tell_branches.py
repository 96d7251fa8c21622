"""Where each case is, told once more: for contacts that notifications kept before they had a branch.

A migration sets the first page's timer. A page is one transaction: the facts, and the timer of the next. Each case is
held, so that a move is told wholly before or wholly after; whoever hears of it twice keeps the same branch.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.store.transfers import cases_after
from services.intake.timers import BranchesToTell
from shared.language.events import CaseLocated
from shared.plumbing import outbox
from shared.plumbing.timers import set_timer

A_PAGE = 100


async def tell_branches(timer: BranchesToTell, *, session: AsyncSession, now: datetime) -> None:
    """Tell the branch of the next cases; of a draft nobody has heard."""
    cases = await cases_after(session, timer.after, limit=A_PAGE)
    for case in cases:
        located = CaseLocated(association_id=case.association_id, case_id=case.id, branch_id=case.branch_id)
        await outbox.tell(session, located, at=now)
    if len(cases) == A_PAGE:
        await set_timer(session, BranchesToTell(after=cases[-1].id), due_at=now, now=now)
