"""Whether a process can do its work, part by part, within two seconds: even when a part hangs."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field
from redis.asyncio import Redis
from sqlalchemy import insert, text

from shared.plumbing.clock import Clock
from shared.plumbing.database import Database
from shared.plumbing.migrations import revisions
from shared.plumbing.origin import new_id
from shared.plumbing.standing import oldest_unsent
from shared.plumbing.tables import answers
from shared.plumbing.vault import Vault

PATIENCE_SECONDS = 1.5
OLDEST_UNSENT = timedelta(seconds=60)

Check = Callable[[], Awaitable[str | None]]
"""Looks at one part: `None` when it is well, else what is wrong with it, without a word of anybody's data."""


class Part(BaseModel):
    """One thing that the service stands on."""

    name: Literal["database", "migrations", "stream", "ears", "outbox", "vault"]
    ok: bool
    needed: bool = Field(description="Whether this process cannot work without it.")
    reason: str | None = None


class Readiness(BaseModel):
    """`down`: a part that this process needs is not well. `degraded`: another one is; what it carries comes later."""

    service: str
    status: Literal["ready", "degraded", "down"]
    parts: list[Part]

    @property
    def wrong(self) -> str:
        return "; ".join(f"{part.name}: {part.reason}" for part in self.parts if not part.ok)


class Watchman:
    """Looks after the parts of one service in one process."""

    def __init__(
        self,
        service: str,
        *,
        database: Database,
        stream: Redis,
        clock: Clock,
        versions: Path,
        vault: Vault | None = None,
    ) -> None:
        self._service = service
        self._database = database
        self._stream = stream
        self._clock = clock
        self._vault = vault
        self._known = revisions(versions)
        self._looking: dict[str, asyncio.Task[str | None]] = {}
        self.ears: Callable[[], bool] | None = None
        """Whether the subscribers run, in a process that carries messages; `None` in one that only answers."""

    async def look(self) -> Readiness:
        """All parts at once."""
        checks: dict[str, Check] = {
            "database": self._database_writes,
            "migrations": self._migrations_are_done,
            "stream": self._stream_answers,
            **({"ears": self._ears_listen} if self.ears else {}),
            "outbox": self._outbox_empties,
            **({"vault": self._vault_answers} if self._vault else {}),
        }
        for name, check in checks.items():
            # One that still hangs since the last look is not begun again: looking must not make it worse.
            if name not in self._looking or self._looking[name].done():
                self._looking[name] = asyncio.create_task(_wrong_with(check))
        tasks = [self._looking[name] for name in checks]
        await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
        parts = [self._part(name, task) for name, task in zip(checks, tasks, strict=True)]
        wrong = [part for part in parts if not part.ok]
        status: Literal["ready", "degraded", "down"] = "degraded" if wrong else "ready"
        if any(part.needed for part in wrong):
            status = "down"
        return Readiness(service=self._service, status=status, parts=parts)

    async def close(self) -> None:
        """End what still looks."""
        for task in self._looking.values():
            task.cancel()
        for task in self._looking.values():
            with suppress(asyncio.CancelledError):
                await task

    def _part(self, name: str, task: asyncio.Task[str | None]) -> Part:
        reason = task.result() if task.done() else f"no answer within {PATIENCE_SECONDS} s"
        needed = self.ears is not None or name in {"database", "migrations", "vault"}
        return Part.model_validate({"name": name, "ok": reason is None, "needed": needed, "reason": reason})

    async def _database_writes(self) -> None:
        # Begun and taken back: it asks for the right and the place to write, and leaves nothing on the disk.
        async with self._database.write() as session:
            trial = insert(answers).values(
                person_id="readiness",
                idempotency_key=new_id(),
                request_digest="",
                status=0,
                body=b"",
                answered_at=self._clock.now(),
            )
            await (await session.connection()).execute(trial)
            await session.rollback()

    async def _migrations_are_done(self) -> str | None:
        head = self._known[-1]
        async with self._database.read() as session:
            at = await (await session.connection()).scalar(text("SELECT version_num FROM alembic_version"))
        # One that this release does not know is a newer release's: it is at least at our head.
        return (
            None
            if at == head or (at is not None and at not in self._known)
            else f"the database is at {at}, not at {head}"
        )

    async def _stream_answers(self) -> None:
        await self._stream.ping()

    async def _vault_answers(self) -> None:
        # Asked without `await`, so in a thread: looking must not hold the process up.
        if self._vault is not None:
            await asyncio.to_thread(self._vault.look)

    async def _ears_listen(self) -> str | None:
        return None if self.ears is None or self.ears() else "a subscriber does not run"

    async def _outbox_empties(self) -> str | None:
        async with self._database.read() as session:
            since = await oldest_unsent(session)
        waited = self._clock.now() - since if since else timedelta()
        return (
            None if waited < OLDEST_UNSENT else f"the oldest unsent message waits for {int(waited.total_seconds())} s"
        )


async def _wrong_with(check: Check) -> str | None:
    try:
        return await check()
    except Exception as error:  # noqa: BLE001 - whatever it is, the part is not well; its words may name addresses
        return type(error).__name__
