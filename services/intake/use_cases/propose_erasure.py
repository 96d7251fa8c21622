"""Whose keeping is over, by the association's retention periods: proposed; erased by an administrator's act alone."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.retention import may_be_erased
from services.intake.store import rights as rights_store
from shared.plumbing.identity import Scope
from shared.policy.adopted import pack_of

SHORTEST_YEAR = timedelta(days=365)


async def propose_erasure(
    session: AsyncSession, *, scope: Scope, after: str, limit: int, now: datetime
) -> tuple[list[str], str | None]:
    """A page of people whose cases have all ended long enough ago, and the `after` of the next page."""
    retention = pack_of(scope.association_id).retention
    if retention is None:
        return [], None
    shortest = min(retention.served_years, retention.rejected_years, retention.withdrawn_years)
    candidates = await rights_store.ended_before(
        session, scope=scope, before=now - shortest * SHORTEST_YEAR, after=after, limit=limit
    )
    over = [
        subject
        for subject in candidates
        if may_be_erased(await rights_store.cases_of(session, subject), retention=retention, at=now)
    ]
    return over, candidates[-1] if len(candidates) == limit else None
