"""What a service holds of a person, over HTTP: the same door in every service, for the association's administrator."""

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy import MetaData

from shared.language.errors import PersonNotFound
from shared.language.events import Source
from shared.language.roles import Role
from shared.plumbing.doors import Session, allow, api_router, refuses
from shared.plumbing.identity import Principal
from shared.plumbing.personal import Holdings, holdings_of

SubjectId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:@-]*$", min_length=1, max_length=100)]


@cache
def router(source: Source, tables: MetaData) -> APIRouter:
    routes = api_router(tag="personal")

    @routes.get("/personal/people/{subject_id}", summary="All that this service holds of a person, a page at a time")
    @refuses(PersonNotFound)
    async def show_holdings(
        subject_id: SubjectId,
        session: Session,
        _: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
        after: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Holdings:
        held = await holdings_of(session, tables, subject=subject_id, service=source.value, after=after, limit=limit)
        # Another association's person is as unknown here as nobody.
        if not held.items and not after:
            raise PersonNotFound
        return held

    return routes
