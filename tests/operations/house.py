"""All four services at work in one process, and one association's people at their doors."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace.export import SpanExporter

from athar.catalogue import SERVICES
from athar.demo.body import Body
from athar.demo.desk import Desk
from athar.demo.office import Office
from athar.demo.walkers import Fate, Refusals, Walker, walkers_of
from athar.stack.gateway import make_gateway
from athar.stack.secrets import make_secrets
from shared.plumbing.clock import Clock, ShiftedClock, shift_clock
from shared.plumbing.identity import load_signing_key
from shared.plumbing.service import Runtime, build_app
from shared.plumbing.settings import Settings
from shared.plumbing.tracing import Tracing
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION
from tests.plumbing.bench import count_in, tables
from tests.plumbing.waiting import eventually


@dataclass
class House:
    """The services, and the demonstration's people of one association."""

    folder: Path
    runtimes: dict[str, Runtime]
    client: httpx.AsyncClient
    office: Office
    desk: Desk
    body: Body
    clock: Clock

    async def receive(self) -> Walker:
        """A request that a delegate takes in the field."""
        walker = next(one for one in walkers_of(self.office.pack) if one.channel.value == "delegate")
        walker.fate = Fate.SERVED
        await self.desk.receive(walker)
        return walker

    async def decide(self, walker: Walker) -> None:
        """Completed, referred, studied and accepted: the answer is held until its floor."""
        await self.desk.lay_out()
        await self.desk.bring_up(walker)
        await self.body.study(walker)
        await self.body.decide(walker, "accepted")

    async def rest(self) -> None:
        """Wait until nothing is under way."""

        async def nothing_is_due() -> bool:
            waiting = 0
            for runtime in self.runtimes.values():
                due = (tables.inbox.c.state == tables.READY, tables.inbox.c.due_at <= runtime.clock.now())
                waiting += await count_in(runtime.database, tables.inbox, *due)
                waiting += await count_in(runtime.database, tables.outbox, tables.outbox.c.stream_ms.is_(None))
            return waiting == 0

        async def twice() -> bool:
            # Between the stream and an inbox nothing of it is seen: quiet is what is quiet still.
            ends = [await self.lag() for _ in range(2)]
            return await nothing_is_due() and ends == [0, 0] and await nothing_is_due()

        await eventually(twice, within=30)

    async def lag(self) -> int:
        """Entries that some group has not read or acknowledged."""
        behind = 0
        for name, runtime in self.runtimes.items():
            for group in await runtime.stream.xinfo_groups(f"athar.{name}.events"):
                behind += (group["lag"] or 0) + group["pending"]
        return behind

    def forward(self, by: timedelta) -> None:
        shift_clock(self.folder / "clock", by=by)


@asynccontextmanager
async def open_house(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    redis_url: str,
    exporters: Mapping[str, SpanExporter] | None = None,
) -> AsyncIterator[House]:
    secrets = make_secrets(folder / "secrets")
    clock_file = folder / "clock"
    clock_file.write_text("0")
    environment = {
        "ATHAR_ENVIRONMENT": "test",
        "ATHAR_REDIS_URL": redis_url,
        "ATHAR_VERIFICATION_KEYS_FILE": str(secrets.verification_keys),
        "ATHAR_SEAL_KEYS_FILE": str(secrets.seal_keys),
        "ATHAR_VAULT_URL": f"sqlite:///{folder}/vault.db",
        "ATHAR_CLOCK_FILE": str(clock_file),
        "ATHAR_POLL_SECONDS": "0.02",
        "ATHAR_DATA_DIR": str(folder),
        **{f"ATHAR_{name.upper()}_DATABASE_URL": f"sqlite+aiosqlite:///{folder / name}.db" for name in SERVICES},
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    runtimes = {name: Runtime(service=service, settings=Settings()) for name, service in SERVICES.items()}
    for name, runtime in runtimes.items():
        if exporters is not None:
            runtime.__dict__["tracing"] = Tracing(name, exporter=exporters[name])
        await runtime.migrate()
    app = make_gateway({name: build_app(runtime, with_worker=True) for name, runtime in runtimes.items()})
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://athar.test", timeout=30) as client,
    ):
        clock = ShiftedClock(clock_file)
        office = Office(pack_of(ASSOCIATION), client=client, key=load_signing_key(secrets.signing_key), clock=clock)
        refusals = Refusals(office)
        desk = Desk(office, clock, refusals)
        yield House(folder, runtimes, client, office, desk, Body(office, refusals), clock)
