"""What an operator sees of a service: whether it lives, how its messages stand, and its dead letters."""

import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.errors import MessageNotFound
from shared.language.events import Source
from shared.language.roles import Role
from shared.plumbing.database import NEWS
from shared.plumbing.doors import ANYONE, AtharRoute, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.plumbing.metrics import CONTENT_TYPE, exposition
from shared.plumbing.readiness import Readiness
from shared.plumbing.streams import asyncapi_of
from shared.plumbing.tables import DEAD, READY, inbox, outbox

LARGEST_ID = 2**63 - 1


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


class DeadLetter(BaseModel):
    """A message that could not be taken in, with the reason; its payload is not shown."""

    id: int
    source: str
    type: str
    key: str
    attempts: int
    error: str | None
    received_at: datetime


async def messages(session: AsyncSession, *, now: datetime) -> Messages:
    connection = await session.connection()

    async def count(*conditions: object) -> int:
        table = outbox if conditions and conditions[0] is outbox else inbox
        where = [condition for condition in conditions if condition is not outbox]
        return await connection.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]

    return Messages(
        unsent=await count(outbox, outbox.c.stream_ms.is_(None)),
        due=await count(inbox.c.state == READY, inbox.c.due_at <= now),
        dead=await count(inbox.c.state == DEAD),
        timers=await count(inbox.c.state == READY, inbox.c.due_at > now),
    )


async def dead_letters(session: AsyncSession, *, after: int, limit: int) -> list[DeadLetter]:
    """The dead of this service, oldest first, a page at a time."""
    connection = await session.connection()
    rows = await connection.execute(
        select(inbox).where(inbox.c.state == DEAD, inbox.c.id > after).order_by(inbox.c.id).limit(limit)
    )
    return [DeadLetter.model_validate(row._mapping) for row in rows]


async def replay(session: AsyncSession, *, message_id: int, now: datetime) -> None:
    """Have a dead message taken in again. Raises `MessageNotFound` when there is none that can be read."""
    session.info[NEWS] = True
    connection = await session.connection()
    replayed = await connection.execute(
        update(inbox)
        .where(inbox.c.id == message_id, inbox.c.state == DEAD, inbox.c.envelope.is_not(None))
        .values(state=READY, attempts=0, due_at=now, lease=None, leased_until=None)
    )
    if replayed.rowcount != 1:
        raise MessageNotFound


class DoorAlone(AtharRoute):
    """A route with a door and no transaction: it has to answer when the database does not."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = APIRoute.get_route_handler(self)

        async def behind_the_door(request: Request) -> Response:
            request.state.principal = self.door.admit(request)
            return await handle(request)

        return behind_the_door


NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Readiness, "description": "A part that this process needs is down; which, and why."}
}


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
        document = asyncapi_of(request.app.state.runtime.broker, title=request.app.title)
        told: dict[str, Any] = json.loads(document.to_specification().to_json())
        return told

    @routes.get("/api/v1/operations/messages", summary="How this service's messages stand")
    async def show_messages(
        request: Request, session: Session, _: Annotated[Principal, allow(Role.PLATFORM_OPERATOR)]
    ) -> Messages:
        return await messages(session, now=request.app.state.runtime.clock.now())

    @routes.get("/api/v1/operations/dead", summary="The messages that could not be taken in")
    async def list_dead(
        session: Session,
        _: Annotated[Principal, allow(Role.PLATFORM_OPERATOR)],
        after: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[DeadLetter]:
        return await dead_letters(session, after=after, limit=limit)

    @routes.post("/api/v1/operations/dead/{message_id}/replay", summary="Take a dead message in again", status_code=204)
    @refuses(MessageNotFound)
    async def replay_dead(
        message_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
        request: Request,
        session: Session,
        _: Annotated[Principal, allow(Role.PLATFORM_OPERATOR)],
    ) -> None:
        await replay(session, message_id=message_id, now=request.app.state.runtime.clock.now())

    routes.routes.extend(watching.routes)
    return routes
