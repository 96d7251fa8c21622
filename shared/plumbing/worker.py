"""From the inbox into effect: in order a key, once, with retries, and never one case in another's way.

Claimed rows carry a lease. Effect, cursor and «done» commit together and only while the lease is still theirs, so a
worker that wakes up after its lease changes nothing.
"""

import asyncio
import logging
import traceback
from contextlib import suppress
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import UTCDateTime
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing import tracing
from shared.plumbing.claims import LONGEST_RETRY, Claimed, Claims
from shared.plumbing.clock import Clock
from shared.plumbing.database import Database, heard
from shared.plumbing.envelope import EventUnknown, caused_by, what_is_wrong
from shared.plumbing.listener import Listener, NotYet
from shared.plumbing.order import step
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DEAD, DONE, inbox, is_ready

HANDLER_SECONDS = 30
FIRST_RETRY = timedelta(seconds=0.2)
SET_RIGHT_EVERY = 5.0
"""Seconds between two looks for what a fast clock put off."""
NOT_YET_FOR_EVER = timedelta(days=1)
MOST_DOUBLINGS = 16
IN_EACH_OTHERS_WAY = ("40P01", "40001")
"""What PostgreSQL says to one of two transactions that wait for each other: no fault of the message."""

log = logging.getLogger("athar.worker")


_done = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.lease == bindparam("held"), is_ready)
    .values(state=DONE, done_at=bindparam("now", type_=UTCDateTime()), error=None)
)


class LeaseOver(Exception):
    """This worker was too slow: another has the row now. Its effects roll back."""


class Worker:
    """Takes due messages into effect, one after the other. Run more of them for more speed."""

    def __init__(
        self,
        *,
        database: Database,
        listener: Listener,
        clock: Clock,
        poll: float,
        lease: timedelta,
        max_attempts: int,
        handler_seconds: float = HANDLER_SECONDS,
    ) -> None:
        self._database = database
        self._listener = listener
        self._clock = clock
        self._poll = poll
        self._claims = Claims(database, lease=lease, max_claims=max_attempts)
        self._max_attempts = max_attempts
        self._handler_seconds = handler_seconds
        self._arrived = database.arrived.listener()
        self._begun: Claimed | None = None
        self._set_right_at = 0.0

    async def run(self) -> None:
        """Work for ever; a database that is away is waited for."""
        try:
            await self._run()
        finally:
            # What was claimed and not begun is free at once for whoever starts next.
            with suppress(DBAPIError, OSError):
                await self._claims.let_go()

    async def _run(self) -> None:
        rung = cut_off = False
        while True:
            self._arrived.clear()
            try:
                if cut_off:
                    # What was in hand when the database went away need not wait for its lease.
                    await self._claims.let_go(begun=self._begun)
                    cut_off = False
                await self._set_right()
                await self.work_once(surely=rung)
            except (DBAPIError, OSError) as error:
                log.warning("worker of %s waits: %s", self._listener.service, type(error).__name__)
                cut_off = True
                await asyncio.sleep(self._poll)
                continue
            rung = self._claims.more or await heard(self._arrived, within=self._poll)

    async def _set_right(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() >= self._set_right_at:
            await self._claims.set_right(now=self._clock.now())
            self._set_right_at = loop.time() + SET_RIGHT_EVERY

    async def work_once(self, *, surely: bool = False) -> int:
        """Claim what is due and take it into effect; how many that were. `surely`: there is something, do not look."""
        while not (claimed := await self._claims.take(now=self._clock.now(), surely=surely)) and self._claims.more:
            # What could not be claimed is dead now; look behind it.
            continue
        inside = [message for message in claimed if message.envelope.type not in self._listener.callouts]
        # Several workers on PostgreSQL would take the same rows in different orders, and wait for each other.
        if self._database.is_sqlite and len(inside) > 1 and await self._take_together(inside):
            alone = [message for message in claimed if message not in inside]
        else:
            alone = claimed
        return len(claimed) - await self._take_each(alone)

    async def _take_each(self, messages: list[Claimed]) -> int:
        """One after the other, each in a commit of its own; how many had to be left because one before them failed."""
        held_up: set[tuple[str, str]] = set()
        self._begun = None
        left = []
        for message in messages:
            if message.about in held_up:
                left.append(message)
            elif not await self._take(message) and message.seq is not None:
                held_up.add(message.about)
        await self._claims.give_back(left)
        return len(left)

    async def _take_together(self, messages: list[Claimed]) -> bool:
        """All in one commit, for speed. If one fails none took effect, and each is taken alone, with its own story."""
        try:
            async with asyncio.timeout(self._handler_seconds), self._database.write(scope=EVERYTHING) as session:
                for message in messages:
                    with caused_by(message.envelope):
                        await self._handle(message, session)
                reach(StopPoint.EFFECT_BEFORE_COMMIT)
        except Exception:  # noqa: BLE001 - rolled back whole; what it was comes to light when each is taken alone
            return False
        reach(StopPoint.EFFECT_AFTER_COMMIT)
        return True

    async def _take(self, message: Claimed) -> bool:
        """Take one message into effect; false when it did not come to that."""
        envelope = message.envelope
        self._begun = message
        with caused_by(envelope):
            try:
                async with asyncio.timeout(self._handler_seconds):
                    await self._effect(message)
            except LeaseOver:
                log.warning("%s was taken over: its lease had ended", envelope.type)
            except NotYet:
                waited = self._clock.now() - message.received_at
                if waited > NOT_YET_FOR_EVER:
                    await self._bury(message, error=f"what {envelope.type} builds on did not come within a day")
                else:
                    after = min(max(FIRST_RETRY, waited / 4), LONGEST_RETRY)
                    await self._put_back(message, after=after, attempts=message.attempts, error=None)
            except EventUnknown as error:
                tracing.failed(error)
                await self._bury(message, error=_story(error))
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                if getattr(error.orig, "sqlstate", None) in IN_EACH_OTHERS_WAY:
                    await self._put_back(message, after=FIRST_RETRY, attempts=message.attempts, error=None)
                else:
                    await self._failed(message, error)
            except Exception as error:  # noqa: BLE001 - kept with its story, retried, seen; never swallowed
                await self._failed(message, error)
            else:
                return True
        return False

    async def _effect(self, message: Claimed) -> None:
        callout = self._listener.callouts.get(message.envelope.type)
        if callout is None:
            async with self._database.write(scope=EVERYTHING) as session:
                await self._handle(message, session)
                reach(StopPoint.EFFECT_BEFORE_COMMIT)
            reach(StopPoint.EFFECT_AFTER_COMMIT)
            return
        if not await self._claims.renew(message):
            raise LeaseOver
        async with self._database.read(scope=EVERYTHING) as session:
            work = await callout.prepare(self._listener.fact_in(message.envelope), session)
        reach(StopPoint.CALL_BEFORE)
        result = None if work is None else await callout.call(work)
        reach(StopPoint.CALL_AFTER)
        async with self._database.write(scope=EVERYTHING) as session:
            await self._finish(session, message)
            if work is not None:
                await callout.record(work, result, session, self._clock.now())
            reach(StopPoint.EFFECT_BEFORE_COMMIT)
        reach(StopPoint.EFFECT_AFTER_COMMIT)

    async def _handle(self, message: Claimed, session: AsyncSession) -> None:
        await self._finish(session, message)
        await self._listener.act_on(message.envelope, session=session, now=self._clock.now())

    async def _finish(self, session: AsyncSession, message: Claimed) -> None:
        """Mark the row done and step on, if the row is still ours. First, so that two workers wait here."""
        now = self._clock.now()
        ours = {"row": message.id, "held": message.lease, "now": now}
        done = await (await session.connection()).execute(_done, ours)
        if done.rowcount != 1:
            raise LeaseOver
        source, key = message.about
        if message.seq is not None and not await step(session, source=source, key=key, seq=message.seq, now=now):
            raise LeaseOver

    async def _failed(self, message: Claimed, error: Exception) -> None:
        tracing.failed(error)
        attempts = message.attempts + 1
        log.warning(
            "%s failed (%s of %s): %s", message.envelope.type, attempts, self._max_attempts, type(error).__name__
        )
        if attempts >= self._max_attempts:
            await self._bury(message, error=_story(error))
            return
        after = min(FIRST_RETRY * 2 ** min(attempts, MOST_DOUBLINGS), LONGEST_RETRY)
        await self._put_back(message, after=after, attempts=attempts, error=_story(error))

    async def _put_back(self, message: Claimed, *, after: timedelta, attempts: int, error: str | None) -> None:
        await self._change(
            message,
            due_at=self._clock.now() + after,
            attempts=attempts,
            claims=0,
            lease=None,
            leased_until=None,
            error=error,
        )

    async def _bury(self, message: Claimed, *, error: str) -> None:
        await self._change(message, state=DEAD, attempts=message.attempts + 1, error=error)
        log.error("%s is dead; its case waits, others do not", message.envelope.type)

    async def _change(self, message: Claimed, **values: Any) -> None:
        async with self._database.write() as session:
            connection = await session.connection()
            await connection.execute(
                update(inbox).where(inbox.c.id == message.id, inbox.c.lease == message.lease, is_ready).values(**values)
            )
            reach(StopPoint.FAILURE_BEFORE_COMMIT)
        reach(StopPoint.FAILURE_AFTER_COMMIT)


def _story(error: Exception) -> str:
    """Where it broke and what kind it was. Messages of foreign errors may quote data, so only our own are kept."""
    if isinstance(error, ValidationError):
        what = what_is_wrong(error)
    elif type(error).__module__.startswith(("shared.", "services.")):
        what = str(error)
    else:
        what = ""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__}: {what} at {where}"
