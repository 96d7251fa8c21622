"""The auditor's door, the same in every service. Whoever reads the trail stands in it too."""

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shared.language.roles import Role
from shared.plumbing.audit.reading import Seen, page_of
from shared.plumbing.doors import AtharRoute, Session, allow
from shared.plumbing.identity import Principal


class TrailPage(BaseModel):
    """A page of the trail; `next` is the `after` of the following page."""

    items: list[Seen]
    next: str | None


@cache
def router() -> APIRouter:
    routes = APIRouter(prefix="/api/v1", route_class=AtharRoute, tags=["audit"])

    @routes.get("/audit", summary="Who did and who looked, in your association, a page at a time")
    async def read_trail(
        session: Session,
        who: Annotated[Principal, allow(Role.AUDITOR)],
        case_id: Annotated[str | None, Query(max_length=100)] = None,
        person_id: Annotated[str | None, Query(max_length=100)] = None,
        after: Annotated[str, Query(max_length=50)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> TrailPage:
        items = await page_of(
            session,
            association_id=who.association_id,
            case_id=case_id,
            person_id=person_id,
            after=after,
            limit=limit,
            reader=who.person_id,
        )
        return TrailPage(items=items, next=items[-1].id if len(items) == limit else None)

    return routes
