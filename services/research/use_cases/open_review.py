"""A case came up: a round begins."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from services.research.domain import Review
from shared.language.events import Referral
from shared.plumbing.seal import unseal


async def open_review(referral: Referral, *, session: AsyncSession) -> None:
    """Begin the round that the referral names; a round that has begun stays as it is."""
    last = await store.find_review(session, referral.case_id)
    if last is None or last.round < referral.round:
        session.add(Review.of(referral, file=unseal(referral.file)))
