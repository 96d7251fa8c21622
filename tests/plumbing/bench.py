"""Two made-up services that share nothing but a stream: intake tells, research takes in and counts the effects."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Column, Integer, MetaData, String, Table, delete, func, insert, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import CaseCompleted, Source
from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.envelope import Envelope, envelope_of
from shared.plumbing.inbox import DATA, Entry, take_in
from shared.plumbing.listener import Listener
from shared.plumbing.outbox import tell
from shared.plumbing.scope import EVERYTHING, SCOPE
from shared.plumbing.service import Runtime, Service
from shared.plumbing.settings import ServiceSettings, Settings
from shared.plumbing.worker import Worker
from tests.harness.desk import NOON, SEAL_KEY, StandingClock

made_up = MetaData()
effects = Table(
    "effects",
    made_up,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(100), nullable=False),
    Column("number", Integer, nullable=False),
)
"""A row each time that a fact took effect: two rows of one fact are a doubled effect."""

Told = tuple[str, int]
"""A case and the number of the fact about it."""


async def make_tables(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(tables.metadata.create_all)
        await connection.run_sync(made_up.create_all)


async def empty_tables(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execution_options(**{SCOPE: EVERYTHING})
        for table in (*tables.metadata.tables.values(), *made_up.tables.values()):
            await connection.execute(delete(table))


def fact(key: str, number: int) -> CaseCompleted:
    """The fact with this number about the case `key`."""
    return CaseCompleted(association_id="made-up", case_id=key, reference="R-1", documents_checked=number)


def envelope(key: str, seq: int, *, number: int | None = None) -> Envelope:
    return envelope_of(fact(key, seq if number is None else number), seq=seq, at=NOON)


def entry(told: Envelope) -> Entry:
    return told.id.encode(), {DATA: told.model_dump_json().encode()}


async def note_effect(event: CaseCompleted, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
    connection = await session.connection()
    await connection.execute(insert(effects).values(key=event.key, number=event.documents_checked))


def hearing(handler: Any = note_effect) -> Listener:
    """Ears that take in intake's `CaseCompleted` with `handler`."""
    listener = Listener(Source.RESEARCH, to=[Source.INTAKE])
    listener.on(CaseCompleted)(handler)
    return listener


async def tell_facts(database: Database, *told: Told) -> None:
    """Tell each fact in a transaction of its own."""
    for key, number in told:
        async with database.write() as session:
            await tell(session, fact(key, number), at=NOON)


async def effects_in(database: Database) -> list[Told]:
    async with database.read() as session:
        rows = await (await session.connection()).execute(select(effects).order_by(effects.c.id))
        return [(row.key, row.number) for row in rows]


async def count_in(database: Database, table: Table, *where: Any) -> int:
    async with database.read() as session:
        return await (await session.connection()).scalar(select(func.count()).select_from(table).where(*where)) or 0


async def rows_in(database: Database, table: Table, *where: Any) -> list[Any]:
    async with database.read() as session:
        return list(
            (await (await session.connection()).execute(select(table).where(*where).order_by(table.c.id))).all()
        )


def numbers(told: list[Told], key: str) -> list[int]:
    """The numbers of the facts about `key`, in order."""
    return [number for about, number in told if about == key]


class Bench:
    """A worker's place: its database, a clock that stands, and what has to be put before it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = StandingClock()

    def worker(self, listener: Listener | None = None, **options: Any) -> Any:
        usual: dict[str, Any] = {"poll": 0.01, "lease": timedelta(seconds=30), "max_attempts": 3}
        return options.pop("kind", Worker)(
            database=options.pop("database", self.database),
            listener=listener or hearing(),
            clock=self.clock,
            **usual | options,
        )

    async def arrive(self, *told: Envelope) -> None:
        """Put messages into the inbox, as the stream would have brought them."""
        entries = [entry(one) for one in told]
        await take_in(self.database, source=Source.INTAKE, entries=entries, now=self.clock.now())

    async def effects(self) -> list[Told]:
        return await effects_in(self.database)

    async def message(self, *where: Any) -> Any:
        """The only inbox row of which `where` holds."""
        (row,) = await rows_in(self.database, tables.inbox, *where)
        return row


async def drain(worker: Worker) -> int:
    """Take in all that is due; how many that were."""
    taken = 0
    while some := await worker.work_once():
        taken += some
    return taken


def make_runtime(
    source: Source,
    *,
    database_url: str,
    redis_url: str,
    make_listener: Callable[[Runtime], Listener],
    api: tuple[APIRouter, ...] = (),
    **settings: Any,
) -> Runtime:
    """One made-up service in one process. A new one over the same database is the process after a restart."""
    service = Service(
        source=source,
        title=source.value,
        api=api,
        make_listener=make_listener,
        tables=made_up,
        settings=partial(ServiceSettings, database_url=database_url),  # type: ignore[arg-type]
    )
    usual: dict[str, Any] = {
        "poll_seconds": 0.02,
        "claim_idle_ms": 200,
        "lease_seconds": 5,
        "seal_keys": SEAL_KEY,
        "verification_keys_file": Path("none.json"),
    }
    return Runtime(
        service=service,
        settings=Settings(
            environment="test",
            redis_url=redis_url,
            **usual | settings,
        ),
    )
