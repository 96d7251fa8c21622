"""Somebody keeps a filter of a list under a name, and drops it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.filters import MOST_FILTERS, Filtered, SavedFilter, check_room, plain_query
from services.intake.store.filters import filters_of, get_filter
from shared.plumbing.identity import Principal


class SaveFilter(BaseModel):
    """Keep a filter for oneself."""

    model_config = ConfigDict(frozen=True)

    of_list: Filtered
    name: str
    query: str
    by: Principal


async def save_filter(command: SaveFilter, *, session: AsyncSession, now: datetime) -> SavedFilter:
    """Raises `Malformed`, `FilterNameTaken` or `TooManyFilters`."""
    query = plain_query(command.query, of_list=command.of_list)
    there = await filters_of(session, command.by, limit=MOST_FILTERS)
    check_room(there, of_list=command.of_list, name=command.name)
    kept = SavedFilter(
        association_id=command.by.association_id,
        person_id=command.by.person_id,
        of_list=command.of_list,
        name=command.name,
        query=query,
        saved_at=now,
    )
    session.add(kept)
    return kept


async def drop_filter(filter_id: str, *, by: Principal, session: AsyncSession) -> None:
    """Raises `FilterNotFound`."""
    await session.delete(await get_filter(session, filter_id, by=by))
