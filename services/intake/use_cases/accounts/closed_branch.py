"""At a closed branch no seat is given or lent: whoever sat there would have nothing to do, and nobody would see it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.store.transfers import closing_of, one_closing_at_a_time
from shared.language.errors import NoSeatAtClosedBranch
from shared.policy.adopted import pack_of


async def check_seats_open(branch: str, *, association_id: str, field: str, session: AsyncSession) -> None:
    """Raises `NoSeatAtClosedBranch`. A closing that is asked for at the same time waits, or is waited for."""
    await one_closing_at_a_time(session, association_id=association_id)
    closing = await closing_of(session, association_id=association_id, branch=branch)
    if closing is not None:
        raise closing.refusal(field=field, pack=pack_of(association_id), kind=NoSeatAtClosedBranch)
