"""The held answer goes out on its day, without anyone remembering it."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.research.domain import Review
from shared.plumbing import outbox


async def answer_case(review: Review, *, session: AsyncSession, now: datetime) -> None:
    """Tell the answer if there is one to tell and its day has come."""
    answered = review.answer(at=now)
    if answered is not None:
        await outbox.tell(session, answered, at=now)
