"""Three made-up services that do with messages all that the real ones do.

Intake tells that a case is complete. Research takes it in, tells its study back and starts a clock; notifications hears
both, waits with the study until it has the fact before, and calls out for each.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, func, insert, select
from sqlmodel import UTCDateTime
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import CaseCompleted, CaseStudied, Source
from shared.plumbing import tables
from shared.plumbing.listener import CallOut, Listener, NotYet
from shared.plumbing.outbox import tell
from shared.plumbing.service import Runtime, Service
from shared.plumbing.settings import ServiceSettings, Settings
from shared.plumbing.timers import Timer, set_timer
from tests.harness.desk import SEAL_KEY

SERVICES = (Source.INTAKE, Source.RESEARCH, Source.NOTIFICATIONS)
POISON = "poison"
TRIES = 7

made_up = MetaData()
effects = Table(
    "effects",
    made_up,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("what", String(40), nullable=False),
    Column("key", String(100), nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_at", UTCDateTime()),
    Column("at", UTCDateTime(), nullable=False),
)
"""A row each time that something took effect."""

TOLD, COMPLETED, STUDIED, REPLY_DUE, SENT = "told", "completed", "studied", "reply due", "sent"


class ReplyDue(Timer):
    """The clock that a study starts."""

    type = "model.reply_due"

    case: str
    number: int
    due_at: datetime

    @property
    def key(self) -> str:
        return self.case

    @property
    def name(self) -> str:
        return f"{self.type}:{self.case}:{self.number}"


class Send(Timer):
    """A message that is to leave at once, with no transaction open."""

    type = "model.send"

    case: str
    number: int

    @property
    def key(self) -> str:
        return self.case

    @property
    def name(self) -> str:
        return f"{self.type}:{self.case}:{self.number}"


class Outside:
    """What the world does to handlers, and what it saw leave."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []
        self.poisonous = True

    def trip(self, service: Source, what: str, key: str, number: int) -> None:
        """Raises where a handler is to fail, after it has written."""

    async def send(self, work: tuple[str, int]) -> None:
        self.sent.append(work)


async def _keep(
    session: AsyncSession, what: str, key: str, number: int, *, now: datetime, due_at: datetime | None = None
) -> None:
    connection = await session.connection()
    await connection.execute(insert(effects).values(what=what, key=key, number=number, at=now, due_at=due_at))


async def _last(session: AsyncSession, what: str, key: str) -> int:
    connection = await session.connection()
    return (
        await connection.scalar(select(func.max(effects.c.number)).where(effects.c.what == what, effects.c.key == key))
        or 0
    )


async def complete(session: AsyncSession, key: str, *, now: datetime) -> int:
    """What a request does in intake: the change and the fact in one transaction. The fact's number."""
    number = await _last(session, TOLD, key) + 1
    await _keep(session, TOLD, key, number, now=now)
    fact = CaseCompleted(association_id="made-up", case_id=key, reference="R-1", documents_checked=number)
    await tell(session, fact, at=now)
    return number


def listeners_of(source: Source) -> tuple[Source, ...]:
    """Who hears what this one tells; without each of them having it, nothing may be cleared."""
    return tuple(one for one in SERVICES if source in listener_of(one, Outside()).sources)


def listener_of(source: Source, outside: Outside) -> Listener:
    return {Source.INTAKE: _intake, Source.RESEARCH: _research, Source.NOTIFICATIONS: _notifications}[source](outside)


def _intake(outside: Outside) -> Listener:
    listener = Listener(Source.INTAKE, to=[Source.RESEARCH])

    @listener.on(CaseStudied)
    async def when_case_studied(event: CaseStudied, *, session: AsyncSession, now: datetime) -> None:
        await _keep(session, STUDIED, event.key, event.round, now=now)
        outside.trip(Source.INTAKE, STUDIED, event.key, event.round)

    return listener


def _research(outside: Outside) -> Listener:
    listener = Listener(Source.RESEARCH, to=[Source.INTAKE])

    @listener.on(CaseCompleted)
    async def when_case_completed(event: CaseCompleted, *, session: AsyncSession, now: datetime) -> None:
        number = event.documents_checked
        await _keep(session, COMPLETED, event.key, number, now=now)
        study = CaseStudied(association_id="made-up", case_id=event.key, reference="R-1", round=number)
        await tell(session, study, at=now)
        due_at = now + timedelta(seconds=1 + 3 * (number % 3))
        await set_timer(session, ReplyDue(case=event.key, number=number, due_at=due_at), due_at=due_at, now=now)
        outside.trip(Source.RESEARCH, COMPLETED, event.key, number)

    @listener.on(ReplyDue)
    async def when_reply_is_due(timer: ReplyDue, *, session: AsyncSession, now: datetime) -> None:
        await _keep(session, REPLY_DUE, timer.case, timer.number, now=now, due_at=timer.due_at)
        outside.trip(Source.RESEARCH, REPLY_DUE, timer.case, timer.number)

    return listener


def _notifications(outside: Outside) -> Listener:
    listener = Listener(Source.NOTIFICATIONS, to=[Source.INTAKE, Source.RESEARCH])

    @listener.on(CaseCompleted)
    async def when_case_completed(event: CaseCompleted, *, session: AsyncSession, now: datetime) -> None:
        await _keep(session, COMPLETED, event.key, event.documents_checked, now=now)
        outside.trip(Source.NOTIFICATIONS, COMPLETED, event.key, event.documents_checked)

    @listener.on(CaseStudied)
    async def when_case_studied(event: CaseStudied, *, session: AsyncSession, now: datetime) -> None:
        if await _last(session, COMPLETED, event.key) < event.round:
            raise NotYet
        await _keep(session, STUDIED, event.key, event.round, now=now)
        await set_timer(session, Send(case=event.key, number=event.round), due_at=now, now=now)
        outside.trip(Source.NOTIFICATIONS, STUDIED, event.key, event.round)

    async def prepare(timer: Send, session: AsyncSession) -> tuple[str, int] | None:
        connection = await session.connection()
        there = await connection.scalar(
            select(effects.c.id).where(
                effects.c.what == SENT, effects.c.key == timer.case, effects.c.number == timer.number
            )
        )
        return (timer.case, timer.number) if there is None else None

    async def record(work: tuple[str, int], _: None, session: AsyncSession, now: datetime) -> None:
        await _keep(session, SENT, *work, now=now)

    listener.calls_out(Send, CallOut(prepare, outside.send, record))
    return listener


SETTINGS = Settings(
    environment="test",
    redis_url="redis://made-up:1/0",
    seal_keys=SEAL_KEY,  # type: ignore[arg-type]
    verification_keys_file=Path("none.json"),
    lease_seconds=2,
    poll_seconds=1,
    max_attempts=TRIES,
    claim_idle_ms=1_000,
)


def runtime_of(source: Source, *, path: str, outside: Outside, broker: Any) -> Runtime:
    """One process of a made-up service, put together by the kernel itself; only the stream is the world's."""
    make: Callable[[Runtime], Listener] = lambda _: listener_of(source, outside)  # noqa: E731
    service = Service(
        source=source,
        title=source.value,
        api=(),
        make_listener=make,
        tables=made_up,
        settings=partial(ServiceSettings, database_url=f"sqlite+aiosqlite:///{path}"),  # type: ignore[arg-type]
    )
    runtime = Runtime(service=service, settings=SETTINGS)
    runtime.__dict__["broker"] = broker
    return runtime


def make_empty_database(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
        made_up.create_all(connection)
    engine.dispose()
