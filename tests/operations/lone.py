"""One real service with its migrations, whose database and stream a test may take away."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.feedback.main import FEEDBACK
from shared.language.events import Source
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.identity import make_signing_key, public_keys
from shared.plumbing.inbox import take_in
from shared.plumbing.readiness import Readiness
from shared.plumbing.service import Runtime, build_app
from shared.plumbing.settings import Settings
from shared.plumbing.vault import VAULT
from tests.harness.desk import NOON, SEAL_KEY, Desk, StandingClock
from tests.plumbing.bench import entry, envelope


class Lone(Desk):
    """Feedback, as an operator asks it."""

    async def readiness(self) -> tuple[int, Readiness]:
        answer = await self.client.get("/ready")
        return answer.status_code, Readiness.model_validate(answer.json())

    async def wrong(self) -> dict[str, str | None]:
        """The parts that are not well, and why."""
        _, readiness = await self.readiness()
        return {part.name: part.reason for part in readiness.parts if not part.ok}

    async def metrics(self) -> str:
        answer = await self.call("GET", "/metrics", role=Role.PLATFORM_OPERATOR)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def figure(self, series: str) -> float | None:
        """The value of one series; `None` when it is not on the page."""
        lines = (line.rpartition(" ") for line in (await self.metrics()).splitlines())
        return next((float(value) for name, _, value in lines if name == series), None)

    async def receive(self, *told: tuple[str, int]) -> None:
        """Put intake's facts about these cases, with these numbers, into the inbox."""
        entries = [entry(envelope(key, seq)) for key, seq in told]
        await take_in(self.runtime.database, source=Source.INTAKE, entries=entries, now=self.clock.now())

    async def change(self, *where: Any, **values: Any) -> None:
        """Change inbox rows as a worker would have."""
        async with self.runtime.database.write() as session:
            connection = await session.connection()
            await connection.execute(tables.inbox.update().where(*where).values(**values))


@asynccontextmanager
async def open_lone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, database_url: str, redis_url: str, migrated: bool = True
) -> AsyncIterator[Lone]:
    key = make_signing_key()
    keys_file = folder / "keys.json"
    keys_file.write_text(json.dumps(public_keys(key)))
    monkeypatch.setenv("ATHAR_FEEDBACK_DATABASE_URL", database_url)
    settings = Settings(
        environment="test",
        redis_url=redis_url,
        seal_keys=SEAL_KEY,
        vault_url=f"sqlite:///{folder}/vault.db",
        verification_keys_file=keys_file,
        poll_seconds=0.02,
    )
    runtime = Runtime(service=FEEDBACK, settings=settings)
    runtime.__dict__["clock"] = clock = StandingClock(NOON)
    transport = httpx.ASGITransport(app=build_app(runtime, with_worker=False), raise_app_exceptions=False)
    try:
        VAULT.prepare()
        if migrated:
            await runtime.migrate()
        async with httpx.AsyncClient(transport=transport, base_url="http://athar.test") as client:
            yield Lone(runtime, client, clock, key)
    finally:
        await runtime.close()
