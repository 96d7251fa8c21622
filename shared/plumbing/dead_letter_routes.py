"""Dead letters over HTTP, the same in every service: found, opened, taken in again, given up."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from shared.language.errors import MessageNotFound
from shared.language.roles import Role
from shared.plumbing.dead_letters import DeadLetter, discard, list_dead, replay, replay_some, show
from shared.plumbing.doors import AtharRoute, Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.plumbing.opened_letter import OpenedLetter, opened

LARGEST_ID = 2**63 - 1

Operator = Annotated[Principal, allow(Role.PLATFORM_OPERATOR)]
MessageId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Word = Annotated[str, Field(min_length=1, max_length=100)]


class Which(BaseModel):
    """Which of the dead; all of them where nothing is named."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"type": "case.referred"}]})

    type: Word | None = None
    source: Word | None = None
    key: Word | None = None


class Replayed(BaseModel):
    """How many are taken in again by this request. Ask again until it is none: a request takes some at a time."""

    replayed: int


class GivenUp(BaseModel):
    """Why a message is given up for good. It stays with the message: no names, no numbers of people."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "told twice by the old release; put right by hand"}]}
    )

    reason: Annotated[str, Field(min_length=3, max_length=1_000)]


def dead_letter_routes() -> APIRouter:
    routes = APIRouter(prefix="/api/v1/operations/dead", route_class=AtharRoute, tags=["operations"])

    @routes.get("", summary="The messages that could not be taken in")
    async def get_dead(
        session: Session,
        _: Operator,
        type: Annotated[Word | None, Query()] = None,  # noqa: A002 - the field's name on the wire
        source: Annotated[Word | None, Query()] = None,
        key: Annotated[Word | None, Query()] = None,
        after: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[DeadLetter]:
        return await list_dead(session, after=after, limit=limit, type=type, source=source, key=key)

    @routes.get("/{message_id}", summary="One of them: where it broke, and the shape of what it says")
    @refuses(MessageNotFound)
    async def get_dead_letter(message_id: MessageId, session: Session, _: Operator) -> OpenedLetter:
        return opened(await show(session, message_id=message_id))

    @routes.post("/replay", summary="Take all of a kind in again")
    async def post_replay_of_some(which: Which, session: Session, now: Now, _: Operator) -> Replayed:
        return Replayed(replayed=await replay_some(session, now=now, **which.model_dump()))

    @routes.post("/{message_id}/replay", summary="Take a dead message in again", status_code=204)
    @refuses(MessageNotFound)
    async def post_replay(message_id: MessageId, session: Session, now: Now, _: Operator) -> None:
        await replay(session, message_id=message_id, now=now)

    @routes.post("/{message_id}/discard", summary="Give a dead message up for good", status_code=204)
    @refuses(MessageNotFound)
    async def post_discard(message_id: MessageId, why: GivenUp, session: Session, now: Now, who: Operator) -> None:
        await discard(session, message_id=message_id, by=who.person_id, because=why.reason, now=now)

    return routes
