"""A committee member votes, with his reason."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from services.research.domain import Review, Verdict
from shared.plumbing.identity import Principal


class CastVote(BaseModel):
    """Vote on a case."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    verdict: Verdict
    reason: str
    by: Principal


async def cast_vote(command: CastVote, *, session: AsyncSession, now: datetime) -> Review:
    """Vote. Raises `NotImpartial`, `TookTheRequest`, `AlreadyVoted` and what else the review refuses."""
    review = await store.get_review(session, command.case_id, scope=command.by.scope)
    vote = review.vote(
        verdict=command.verdict,
        reason=command.reason,
        by=command.by.person_id,
        at=now,
        votes=await store.votes_on(session, review.id),
        did=await store.done_by(session, review),
    )
    session.add(vote)
    return review
