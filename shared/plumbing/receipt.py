"""What comes off the stream: kept, and in the same commit taken into effect where nothing is in the way.

A fact whose turn it is costs its listener one commit. What is out of turn, fails, is called out for or cannot be read
is only kept, and left to the worker: with retries, a story, and a count of the workers that it ended.
"""

import asyncio
import logging

from sqlalchemy import bindparam, text, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Source
from shared.plumbing.clock import Clock
from shared.plumbing.database import ARRIVED, Database
from shared.plumbing.envelope import caused_by
from shared.plumbing.inbox import ADD_NEW, Entry, Received, keep, read
from shared.plumbing.listener import Listener
from shared.plumbing.order import step
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DONE, READY, inbox

SECONDS = 10
"""For one commit on receipt. What takes longer holds up what comes behind it, and is the worker's."""

_leave = update(inbox).where(inbox.c.id == bindparam("new")).values(state=READY, done_at=None)
_wait_for_no_lock = text("SET LOCAL lock_timeout = '200ms'")
"""A case whose rows somebody holds is the worker's: the others behind it are not to wait."""

log = logging.getLogger("athar.receipt")


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
            async with asyncio.timeout(self._seconds), self._database.write(scope=EVERYTHING) as session:
                if not self._database.is_sqlite:
                    await (await session.connection()).execute(_wait_for_no_lock)
                for one in received:
                    await self._take(session, one)
                reach(StopPoint.INBOX_BEFORE_COMMIT)
        except Exception as error:  # noqa: BLE001 - rolled back whole, then kept: the worker finds out, and tells the story
            log.debug("left to the worker: %s", type(error).__name__)
            return False
        return True

    async def _take(self, session: AsyncSession, one: Received) -> None:
        connection = await session.connection()
        now, row, envelope = self._clock.now(), one.row, one.envelope
        here = {} if envelope is None else {"state": DONE, "done_at": now}
        # The row before the step, as the worker does: the other way round two of them would wait in a circle.
        new = (await connection.execute(self._add[connection.dialect.name], row | here)).first()
        if new is None or envelope is None:
            return
        if not await step(session, source=row["source"], key=row["key"], seq=row["seq"], now=now):
            session.info[ARRIVED] = True
            await connection.execute(_leave, {"new": new.id})
            return
        with caused_by(envelope):
            await self._listener.act_on(envelope, session=session, now=now)
