"""A made-up service with a counter: one desk behind doors of every kind."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.language.errors import CaseNotFound, SessionEnded
from shared.language.events import Source
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.doors import ANYONE, Now, Session, allow, api_router, refuses
from shared.plumbing.envelope import Envelope
from shared.plumbing.identity import Principal, make_signing_key, public_keys
from shared.plumbing.inbox import take_in
from shared.plumbing.outbox import tell
from shared.plumbing.problems import answer
from shared.plumbing.service import build_app
from tests.harness.desk import Desk, StandingClock
from tests.plumbing.bench import empty_tables, entry, envelope, fact, hearing, make_runtime, make_tables, rows_in

BODY_LIMIT = 6_000
FACTS = "/api/v1/facts"
OPEN = "/api/v1/open"
MOVED, COUNTED = "/api/v1/moved", "/api/v1/counted"


class NewFact(BaseModel):
    """What a caller tells."""

    model_config = ConfigDict(extra="forbid")

    case_id: Annotated[str, Field(min_length=1, max_length=20)]
    number: Annotated[int, Field(ge=0)]
    then: str = "answer"


class ToldFact(BaseModel):
    """What was told, and by whom."""

    case_id: str
    number: int
    by: str


class Bug(Exception):
    """What nobody foresaw."""


def make_router(gate: "Gate") -> APIRouter:
    router = api_router(tag="counter")

    @router.post("/facts", status_code=201)
    @refuses(CaseNotFound)
    async def post_fact(
        new: NewFact, session: Session, now: Now, who: Annotated[Principal, allow(Role.DELEGATE)]
    ) -> ToldFact:
        await gate.pass_through()
        await tell(session, fact(new.case_id, new.number), at=now)
        if new.then == "refuse":
            raise CaseNotFound
        if new.then == "break":
            raise Bug
        return ToldFact(case_id=new.case_id, number=new.number, by=who.person_id)

    @router.get("/facts/{number}")
    async def get_fact(number: int, who: Annotated[Principal, allow(Role.DELEGATE, Role.AUDITOR)]) -> ToldFact:
        return ToldFact(case_id=who.association_id, number=number, by=who.person_id)

    @router.post("/open", status_code=201)
    async def post_open(new: NewFact, session: Session, now: Now, _: Annotated[None, ANYONE]) -> ToldFact:
        await tell(session, fact(new.case_id, new.number), at=now)
        return ToldFact(case_id=new.case_id, number=new.number, by="anyone")

    @router.post("/moved", status_code=303, response_class=Response)
    async def post_moved(session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
        await tell(session, fact("moved", 1), at=now)
        response = Response("<p>هناك</p>", 303, {"Location": FACTS, "Cache-Control": "no-store"}, "text/html")
        response.set_cookie("session", "a secret")
        return response

    @router.post("/counted", status_code=201)
    async def post_counted(
        request: Request, session: Session, now: Now, who: Annotated[Principal, allow(Role.DELEGATE)]
    ) -> Response:
        await tell(session, fact(who.person_id, 1), at=now)
        return answer(request, SessionEnded())

    return router


class Gate:
    """Lets requests into the use case; closed, it keeps them at its entrance and counts them."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.opened.set()
        self.waiting = 0
        self.refusing = False

    async def pass_through(self) -> None:
        self.waiting += 1
        await self.opened.wait()
        if self.refusing:
            raise CaseNotFound


class Counter(Desk):
    """The service under test, with its gate and its signing key in the test's hand."""

    gate: Gate

    @property
    def signing_key(self) -> Any:
        return self._key

    async def tell(self, case_id: str = "a", number: int = 1, *, key: str | None = None, **more: Any) -> httpx.Response:
        """Tell a fact as a delegate, with `key` for its Idempotency-Key."""
        headers = {} if key is None else {"Idempotency-Key": key}
        body = {"case_id": case_id, "number": number} | ({"then": more.pop("then")} if "then" in more else {})
        return await self.call("POST", FACTS, role=more.pop("role", Role.DELEGATE), body=body, headers=headers, **more)

    async def envelopes(self) -> list[Envelope]:
        rows = await rows_in(self.runtime.database, tables.outbox)
        return [Envelope.model_validate_json(row.envelope) for row in rows]

    async def bury(self, case_id: str) -> None:
        """Leave a dead message about this case in the inbox."""
        told = envelope(case_id, 1)
        await take_in(self.runtime.database, source=Source.INTAKE, entries=[entry(told)], now=self.clock.now())
        async with self.runtime.database.write() as session:
            dead = tables.inbox.update().values(state=tables.DEAD, error="a made-up reason")
            await (await session.connection()).execute(dead)

    async def facts(self) -> list[tuple[str, int]]:
        return [(event.key, event.documents_checked) for event in await self.told()]  # type: ignore[attr-defined]


@asynccontextmanager
async def open_counter(database_url: str, folder: Path) -> AsyncIterator[Counter]:
    """Open the counter over an empty database."""
    gate, key = Gate(), make_signing_key()
    keys_file = folder / "keys.json"
    keys_file.write_text(json.dumps(public_keys(key)))
    runtime = make_runtime(
        Source.RESEARCH,
        database_url=database_url,
        redis_url="redis://127.0.0.1:1/0",
        make_listener=lambda _: hearing(),
        api=(make_router(gate),),
        verification_keys_file=keys_file,
        body_limit_bytes=BODY_LIMIT,
    )
    runtime.__dict__["clock"] = clock = StandingClock()
    transport = httpx.ASGITransport(app=build_app(runtime, with_worker=False), raise_app_exceptions=False)
    try:
        await _make_empty(runtime.database)
        async with httpx.AsyncClient(transport=transport, base_url="http://athar.test") as client:
            counter = Counter(runtime, client, clock, key)
            counter.gate = gate
            yield counter
    finally:
        await runtime.close()


async def _make_empty(database: Database) -> None:
    await make_tables(database)
    await empty_tables(database)
