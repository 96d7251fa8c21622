"""Every query about saved filters."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.filters import Filtered, SavedFilter
from shared.language.errors import FilterNotFound
from shared.plumbing.identity import Principal


async def filters_of(
    session: AsyncSession, by: Principal, *, of_list: Filtered | None = None, after: str = "", limit: int
) -> list[SavedFilter]:
    """A page of one's own filters, oldest first."""
    query = select(SavedFilter).where(
        SavedFilter.association_id == by.association_id, SavedFilter.person_id == by.person_id, SavedFilter.id > after
    )
    if of_list is not None:
        query = query.where(SavedFilter.of_list == of_list)
    return list((await session.exec(query.order_by(SavedFilter.id).limit(limit))).all())


async def get_filter(session: AsyncSession, filter_id: str, *, by: Principal) -> SavedFilter:
    """One of one's own. Raises `FilterNotFound`."""
    query = select(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.person_id == by.person_id)
    if (found := (await session.exec(query)).first()) is None:
        raise FilterNotFound
    return found
