"""One service on a table: its real app and worker over a real database, without stream and neighbours.

What neighbours would tell is put into its inbox; what it tells is read from its outbox.
"""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select, update

from shared.language.events import EVENTS, Event, Source
from shared.language.roles import SYSTEM, Role
from shared.plumbing import tables
from shared.plumbing.envelope import Envelope, envelope_of
from shared.plumbing.identity import Principal, issue_token, make_signing_key, public_keys
from shared.plumbing.inbox import DATA, take_in
from shared.plumbing.service import Runtime, Service, build_app
from shared.plumbing.settings import Settings
from shared.plumbing.vault import VAULT
from shared.plumbing.worker import Worker
from tests.harness.unsynced import wait_for_no_disk

SEAL_KEY = "c2VhbC1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM="
ASSOCIATION = "jamoum-orphans"
BEFORE_A_REQUEST = ("ATHAR_INTAKE_SEARCH_FIRST", "ATHAR_INTAKE_ONE_OPEN_REQUEST")
"""What a desk asks unless it is told not to. Tests of that say so; all others begin requests straight away."""
NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class StandingClock:
    """A clock that moves when a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


class Undocumented(logging.Handler):
    """Hears of refusals that a route's document leaves out."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


class Desk:
    """A service under test."""

    def __init__(self, runtime: Runtime, client: httpx.AsyncClient, clock: StandingClock, key: Any) -> None:
        self.runtime = runtime
        self.client = client
        self.clock = clock
        self._key = key
        self._seqs: dict[tuple[str, str], int] = {}
        self.worker = Worker(
            database=runtime.database,
            listener=runtime.service.make_listener(runtime),
            clock=clock,
            poll=0.01,
            lease=timedelta(seconds=30),
            max_attempts=3,
        )

    def token(
        self,
        role: Role,
        *,
        person: str | None = None,
        branch: str | None = None,
        association: str = ASSOCIATION,
        lasts: timedelta = timedelta(hours=1),
    ) -> str:
        principal = Principal(
            association_id=association, person_id=person or f"{role.value}-1", role=role, branch_id=branch
        )
        return issue_token(principal, key=self._key, now=self.clock.now(), lasts=lasts)

    async def call(
        self,
        method: str,
        path: str,
        *,
        role: Role | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **who: Any,
    ) -> httpx.Response:
        """Call the service as `role`; as anyone when there is none."""
        all_headers = dict(headers or {})
        if role is not None:
            all_headers["Authorization"] = f"Bearer {self.token(role, **who)}"
        return await self.client.request(method, path, json=body, headers=all_headers)

    async def hear(self, *events: Event) -> None:
        """Let the service take in what a neighbour told, and do all that is due."""
        for event in events:
            place = (event.source.value, event.key)
            self._seqs[place] = self._seqs.get(place, 0) + 1
            envelope = envelope_of(event, seq=self._seqs[place], at=self.clock.now())
            await take_in(
                self.runtime.database,
                source=event.source,
                entries=[(envelope.id.encode(), {DATA: envelope.model_dump_json().encode()})],
                now=self.clock.now(),
            )
        await self.settle()

    async def settle(self) -> None:
        """Take in everything that is due now, retries at once."""
        for _ in range(50):
            if not await self.worker.work_once():
                async with self.runtime.database.write() as session:
                    retried = await (await session.connection()).execute(
                        update(tables.inbox)
                        .where(tables.inbox.c.state == tables.READY, tables.inbox.c.attempts > 0)
                        .values(due_at=self.clock.now())
                    )
                if not retried.rowcount:
                    return
        raise AssertionError("the service does not come to rest")

    async def told(self, *kinds: type[Event]) -> list[Event]:
        """What the service told, in order; only of `kinds` where some are named."""
        async with self.runtime.database.read() as session:
            rows = (
                (
                    await (await session.connection()).execute(
                        select(tables.outbox.c.envelope).order_by(tables.outbox.c.id)
                    )
                )
                .scalars()
                .all()
            )
        events = [Envelope.model_validate_json(row).event() for row in rows]
        return [event for event in events if not kinds or isinstance(event, kinds)]

    async def dead(self) -> list[str]:
        async with self.runtime.database.read() as session:
            return [
                str(error)
                for error in (
                    await (await session.connection()).execute(
                        select(tables.inbox.c.error).where(tables.inbox.c.state == tables.DEAD)
                    )
                ).scalars()
            ]


@asynccontextmanager
async def open_desk(
    service: Service, folder: Path, monkeypatch: Any, *, database_url: str | None = None, migrated: bool = False
) -> AsyncIterator[Desk]:
    """Set `service` up in `folder`, or over the database named, with its real migrations."""
    key = make_signing_key()
    keys_file = folder / "keys.json"
    keys_file.write_text(json.dumps(public_keys(key)))
    own_file = f"sqlite+aiosqlite:///{folder}/{service.source}.db"
    monkeypatch.setenv(f"ATHAR_{service.source.value.upper()}_DATABASE_URL", database_url or own_file)
    for asked in BEFORE_A_REQUEST:
        if asked not in os.environ:
            monkeypatch.setenv(asked, "false")
    settings = Settings(
        environment="test",
        redis_url="redis://127.0.0.1:1/0",
        seal_keys=SEAL_KEY,
        vault_url=f"sqlite:///{folder}/vault.db",
        verification_keys_file=keys_file,
    )
    clock = StandingClock()
    runtime = Runtime(service=service, settings=settings)
    runtime.__dict__["clock"] = clock
    wait_for_no_disk(runtime.database)
    if migrated:
        VAULT.prepare()
    elif database_url:
        await runtime.migrate()
    else:
        await _migrate(runtime, folder / f"{service.source}.db")
    app = build_app(runtime, with_worker=False)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    undocumented = Undocumented()
    logging.getLogger("athar.problems").addHandler(undocumented)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://athar.test") as client:
            yield Desk(runtime, client, clock, key)
    finally:
        logging.getLogger("athar.problems").removeHandler(undocumented)
        await runtime.close()
    assert undocumented.told == [], "a route refused with what its OpenAPI document does not say"


_MIGRATED: dict[tuple[Source, str], bytes] = {}
"""What a service's own migrations made of an empty file, the first time in this run."""


async def _migrate(runtime: Runtime, file: Path) -> None:
    """Migrate `file`; an empty one begins as a copy of the first that was, which hundreds of tests would make anew."""
    made = (runtime.service.source, str(runtime.service.migrations))
    if _copied(_MIGRATED.get(made), file):
        VAULT.prepare()
        return
    is_new = not await asyncio.to_thread(file.exists)
    await runtime.migrate()
    if is_new:
        _MIGRATED[made] = await asyncio.to_thread(file.read_bytes)


def _copied(first: bytes | None, file: Path) -> bool:
    if first is None or file.exists():
        return False
    file.write_bytes(first)
    return True


__all__ = ["ASSOCIATION", "EVENTS", "NOON", "SYSTEM", "Desk", "Source", "StandingClock", "open_desk"]
