"""What comes off the stream: kept, and in the same commit taken into effect where nothing is in the way.

A fact whose turn it is costs its listener one commit. What is out of turn, fails, is called out for or cannot be read
is only kept, and left to the worker: with retries, a story, and a count of the workers that it ended.
"""

import asyncio
import logging

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Source
from shared.plumbing.clock import Clock
from shared.plumbing.database import ARRIVED, Database
from shared.plumbing.envelope import caused_by
from shared.plumbing.inbox import ADD_NEW, Entry, Received, keep, read
from shared.plumbing.listener import Listener
from shared.plumbing.order import step
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DONE, inbox

SECONDS = 10
"""For one commit on receipt. What takes longer holds up what comes behind it, and is the worker's."""

log = logging.getLogger("athar.receipt")


class KeptBefore(Exception):
    """The message whose turn it is lies in the inbox already; the worker takes it."""


class Receipt:
    """The desk at which one service's messages arrive."""

    def __init__(self, *, database: Database, listener: Listener, clock: Clock, seconds: float = SECONDS) -> None:
        self._database = database
        self._listener = listener
        self._clock = clock
        self._seconds = seconds
        self._add = {name: add.returning(inbox.c.id) for name, add in ADD_NEW.items()}

    async def take(self, source: Source, entries: list[Entry]) -> None:
        """Keep the entries, each once; when this returns they may be acknowledged."""
        received = read(source=source, entries=entries, now=self._clock.now())
        # Several processes on PostgreSQL would take the same rows in different orders, and wait for each other.
        for together in [received] if self._database.is_sqlite else [[one] for one in received]:
            if not await self._straight(together):
                await keep(self._database, together)

    async def _straight(self, received: list[Received]) -> bool:
        """All in one commit; false when nothing was done because one of them cannot be done now."""
        try:
            async with asyncio.timeout(self._seconds), self._database.write() as session:
                for one in received:
                    await self._take(session, one)
                reach(StopPoint.INBOX_BEFORE_COMMIT)
        except Exception as error:  # noqa: BLE001 - rolled back whole, then kept: the worker finds out, and tells the story
            log.debug("left to the worker: %s", type(error).__name__)
            return False
        return True

    async def _take(self, session: AsyncSession, one: Received) -> None:
        connection = await session.connection()
        add = self._add[connection.dialect.name]
        now, envelope = self._clock.now(), one.envelope
        if envelope is None or not await self._is_next(session, one):
            session.info[ARRIVED] = True
            await connection.execute(add, one.row)
            return
        if (await connection.execute(add, one.row | {"state": DONE, "done_at": now})).first() is None:
            raise KeptBefore
        with caused_by(envelope):
            await self._listener.act_on(envelope, session=session, now=now)

    async def _is_next(self, session: AsyncSession, one: Received) -> bool:
        row = one.row
        return await step(session, source=row["source"], key=row["key"], seq=row["seq"], now=self._clock.now())
