"""Filters of lists that a person keeps for himself."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.intake.api.policy import ACKNOWLEDGERS
from services.intake.api.views import Body, shown
from services.intake.domain.filters import MOST_FILTERS, Filtered
from services.intake.store.filters import filters_of
from services.intake.use_cases.save_filter import SaveFilter, drop_filter, save_filter
from shared.language import errors
from shared.plumbing.audit import figures_only
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="filters")


class NewFilter(Body):
    """A filter to keep: the list, a name, and the list's query as its address has it."""

    model_config = shown({"of_list": "cases", "name": "طلبات ناقصة", "query": "status=incomplete"})

    of_list: Filtered
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    query: Annotated[str, Field(max_length=300)]


class FilterView(BaseModel):
    """A filter that was kept."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    of_list: Filtered
    name: str
    query: str
    saved_at: datetime


class FilterPage(BaseModel):
    """A page of one's filters, oldest first; `next` is the `after` of the following page."""

    items: list[FilterView]
    next: str | None


@router.get("/filters", summary="The filters that you keep")
@figures_only
async def list_filters(
    session: Session,
    who: Annotated[Principal, allow(*ACKNOWLEDGERS)],
    of_list: Filtered | None = None,
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_FILTERS)] = MOST_FILTERS,
) -> FilterPage:
    found = await filters_of(session, who, of_list=of_list, after=after, limit=limit)
    items = [FilterView.model_validate(one) for one in found]
    return FilterPage(items=items, next=found[-1].id if len(found) == limit else None)


@router.post("/filters", status_code=201, summary="Keep a filter of a list under a name")
@refuses(errors.FilterNameTaken, errors.TooManyFilters)
async def post_filter(
    new: NewFilter, session: Session, now: Now, who: Annotated[Principal, allow(*ACKNOWLEDGERS)]
) -> FilterView:
    command = SaveFilter(**new.model_dump(), by=who)
    return FilterView.model_validate(await save_filter(command, session=session, now=now))


@router.delete("/filters/{filter_id}", status_code=204, summary="Drop a filter that you keep")
@refuses(errors.FilterNotFound)
async def delete_filter(
    filter_id: Annotated[str, Path(min_length=1, max_length=100)],
    session: Session,
    who: Annotated[Principal, allow(*ACKNOWLEDGERS)],
) -> None:
    await drop_filter(filter_id, by=who, session=session)
