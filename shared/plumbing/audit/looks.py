"""Looks and refusals: kept before the answer leaves, those of the same moment in one commit."""

import asyncio
from collections.abc import Sequence

from shared.plumbing.audit.entry import Entry
from shared.plumbing.audit.keeping import append
from shared.plumbing.database import Database

AT_ONCE = 100
"""Entries a commit: a chain is held no longer than that takes."""


class Looks:
    """What one process has to write about reads. While one commit is under way, those that come wait for the next."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Sequence[Entry], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, entries: Sequence[Entry]) -> None:
        """Return once `entries` are durable. Raises what the database raises: then the answer must not leave."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, kept))
        if self._writing is None:
            # A task of its own: whoever came first may be gone before the others are kept.
            self._writing = asyncio.create_task(self._write_all())
        await kept

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                await self._write(some)
        finally:
            self._writing = None

    async def _write(self, some: list[tuple[Sequence[Entry], asyncio.Future[None]]]) -> None:
        try:
            async with self._database.write() as session:
                connection = await session.connection()
                await connection.run_sync(append, [entry for entries, _ in some for entry in entries])
        except Exception as error:  # noqa: BLE001 - told to each of those who wait; whether it was kept is not known
            for _, kept in some:
                if not kept.done():
                    kept.set_exception(error)
        else:
            for _, kept in some:
                if not kept.done():
                    kept.set_result(None)
