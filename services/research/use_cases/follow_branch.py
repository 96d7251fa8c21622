"""A case moved to another branch: its rounds, and the mark of a confidential one, say so."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from shared.language.events import CaseTransferred
from shared.plumbing.confidence import keep_branch_of_mark


async def follow_branch(moved: CaseTransferred, *, session: AsyncSession) -> None:
    """Keep it; of a case that never came up there is nothing to keep, and its referral will name the new branch."""
    await store.move_rounds(session, moved.case_id, to_branch=moved.to_branch)
    await keep_branch_of_mark(session, moved)
