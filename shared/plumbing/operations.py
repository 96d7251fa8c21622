"""What an operator sees of a service: whether it lives, how its messages stand, and its dead letters."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Source
from shared.language.roles import Role
from shared.plumbing.audit import figures_only
from shared.plumbing.browser import token_of
from shared.plumbing.dead_letter_routes import dead_letter_routes
from shared.plumbing.doors import ANYONE, AtharRoute, Session, allow
from shared.plumbing.identity import Principal
from shared.plumbing.metrics import CONTENT_TYPE, exposition
from shared.plumbing.readiness import Readiness
from shared.plumbing.standing import standing_of


class Health(BaseModel):
    """Alive: the process answers and reaches its database."""

    service: str
    status: str


class Messages(BaseModel):
    """How a service's messages stand. All zero is quiet: nothing is under way."""

    unsent: int
    due: int
    dead: int
    timers: int


async def messages(session: AsyncSession, *, now: datetime) -> Messages:
    """How they stand; no count goes past `COUNTED`."""
    standing = await standing_of(session, now=now)
    return Messages(unsent=standing.unsent, due=standing.due, dead=sum(standing.dead.values()), timers=standing.to_come)


class DoorAlone(AtharRoute):
    """A route with a door and no transaction: it has to answer when the database does not."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = APIRoute.get_route_handler(self)

        async def behind_the_door(request: Request) -> Response:
            await request.app.state.runtime.verifier.refresh(token_of(request))
            request.state.principal = self.door.admit(request)
            return await handle(request)

        return behind_the_door


NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Readiness, "description": "A part that this process needs is down; which, and why."}
}


@cache
def router(source: Source) -> APIRouter:
    """The operator's routes, the same in every service."""
    routes = APIRouter(route_class=AtharRoute, tags=["operations"])
    watching = APIRouter(route_class=DoorAlone, tags=["operations"])

    @watching.get("/ready", summary="Which part of the service is down", responses=NOT_READY)
    async def ready(request: Request, response: Response, _: Annotated[None, ANYONE]) -> Readiness:
        readiness: Readiness = await request.app.state.runtime.watchman.look()
        if readiness.status == "down":
            response.status_code = 503
        return readiness

    @watching.get("/metrics", summary="Figures for Prometheus", response_class=Response)
    async def metrics(request: Request, _: Annotated[Principal, allow(Role.PLATFORM_OPERATOR)]) -> Response:
        runtime = request.app.state.runtime
        page = await exposition(
            source=source,
            database=runtime.database,
            stream=runtime.stream,
            clock=runtime.clock,
            requests=runtime.requests,
            readiness=await runtime.watchman.look(),
        )
        return Response(page, media_type=CONTENT_TYPE)

    @routes.get("/health", summary="Whether the service lives and reaches its database")
    async def health(request: Request, session: Session, _: Annotated[None, ANYONE]) -> Health:  # noqa: ARG001
        connection = await session.connection()
        await connection.execute(select(1))
        return Health(service=source.value, status="ok")

    @routes.get("/asyncapi.json", summary="What this service tells, as AsyncAPI")
    async def event_document(request: Request, _: Annotated[None, ANYONE]) -> dict[str, Any]:
        told: dict[str, Any] = request.app.state.runtime.event_document
        return told

    @routes.get("/api/v1/operations/messages", summary="How this service's messages stand")
    @figures_only
    async def show_messages(
        request: Request, session: Session, _: Annotated[Principal, allow(Role.PLATFORM_OPERATOR)]
    ) -> Messages:
        return await messages(session, now=request.app.state.runtime.clock.now())

    routes.routes.extend(dead_letter_routes().routes)
    routes.routes.extend(watching.routes)
    return routes
