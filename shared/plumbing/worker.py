"""From the inbox into effect: in order a key, once, with retries, and never one case in another's way.

Claimed rows carry a lease. Effect, cursor and «done» commit together and only while the lease is still theirs, so a
worker that wakes up after its lease changes nothing.
"""

import asyncio
import logging
import traceback
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Event
from shared.plumbing.clock import Clock, SystemClock
from shared.plumbing.database import Database, heard
from shared.plumbing.envelope import Envelope, EventUnknown
from shared.plumbing.listener import Listener, NotYet
from shared.plumbing.origin import Origin, acting, new_id
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DEAD, DONE, READY, cursors, inbox

CLAIM = 20
HANDLER_SECONDS = 30
FIRST_RETRY = timedelta(seconds=0.2)
LONGEST_RETRY = timedelta(minutes=5)
NOT_YET_FOR_EVER = timedelta(days=1)
MOST_DOUBLINGS = 16

log = logging.getLogger("athar.worker")


class LeaseOver(Exception):
    """This worker was too slow: another has the row now. Its effects roll back."""


@dataclass(frozen=True)
class Claimed:
    """One inbox row that this worker holds."""

    id: int
    envelope: Envelope
    attempts: int
    received_at: datetime
    lease: str


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
        self._lease = lease
        self._max_attempts = max_attempts
        self._handler_seconds = handler_seconds
        self._arrived = database.committed.listener()
        self._lease_at_hand: str | None = None

    async def run(self) -> None:
        """Work for ever; a database that is away is waited for."""
        try:
            await self._run()
        finally:
            # What was claimed and not begun is free at once for whoever starts next.
            with suppress(DBAPIError, OSError):
                await self._let_go()

    async def _run(self) -> None:
        while True:
            self._arrived.clear()
            try:
                busy = await self.work_once()
            except (DBAPIError, OSError) as error:
                log.warning("worker of %s waits: %s", self._listener.service, type(error).__name__)
                await asyncio.sleep(self._poll)
                continue
            if not busy:
                await heard(self._arrived, within=self._poll)

    async def work_once(self) -> int:
        """Claim what is due and take it into effect; how many that were."""
        claimed = await self._claim()
        inside = [message for message in claimed if message.envelope.type not in self._listener.callouts]
        # Several workers on PostgreSQL would take the same rows in different orders, and wait for each other.
        if self._database.is_sqlite and len(inside) > 1 and await self._take_together(inside):
            alone = [message for message in claimed if message not in inside]
        else:
            alone = claimed
        for message in alone:
            await self._take(message)
        return len(claimed)

    async def _claim(self) -> list[Claimed]:
        now, real_now = self._clock.now(), SystemClock().now()
        self._lease_at_hand = lease = new_id()
        its_turn = or_(inbox.c.seq.is_(None), inbox.c.seq == func.coalesce(cursors.c.seq, 0) + 1)
        due = (
            select(inbox.c.id)
            .outerjoin(cursors, and_(cursors.c.source == inbox.c.source, cursors.c.key == inbox.c.key))
            .where(
                inbox.c.state == READY,
                inbox.c.due_at <= now,
                or_(inbox.c.leased_until.is_(None), inbox.c.leased_until < real_now),
                its_turn,
            )
            .order_by(inbox.c.due_at, inbox.c.id)
            .limit(CLAIM)
        )
        async with self._database.read() as session:
            # Looking costs no lock: an idle service does not write.
            if not (await (await session.connection()).execute(due.limit(1))).first():
                return []
        async with self._database.write() as session:
            connection = await session.connection()
            rows = await connection.execute(
                update(inbox)
                .where(inbox.c.id.in_(due.with_for_update(skip_locked=True, of=inbox).scalar_subquery()))
                .values(lease=lease, leased_until=real_now + self._lease)
                .returning(inbox.c.id, inbox.c.envelope, inbox.c.attempts, inbox.c.received_at)
            )
            claimed = []
            for row in sorted(rows.all(), key=lambda row: int(row.id)):
                try:
                    envelope = Envelope.model_validate_json(row.envelope)
                except ValidationError as error:
                    # Written by another release, or damaged: it must not hold up all the others.
                    dead = {"state": DEAD, "error": _story(error), "lease": None, "leased_until": None}
                    await connection.execute(update(inbox).where(inbox.c.id == row.id).values(**dead))
                    continue
                claimed.append(Claimed(row.id, envelope, row.attempts, row.received_at, lease))
            reach(StopPoint.CLAIM_BEFORE_COMMIT)
        reach(StopPoint.CLAIM_AFTER_COMMIT)
        return claimed

    async def _take_together(self, messages: list[Claimed]) -> bool:
        """All in one commit, for speed. If one fails none took effect, and each is taken alone, with its own story."""
        try:
            async with asyncio.timeout(self._handler_seconds), self._database.write() as session:
                for message in messages:
                    with _caused_by(message.envelope):
                        await self._handle(message, session)
                reach(StopPoint.EFFECT_BEFORE_COMMIT)
        except Exception:  # noqa: BLE001 - rolled back whole; what it was comes to light when each is taken alone
            return False
        reach(StopPoint.EFFECT_AFTER_COMMIT)
        return True

    async def _take(self, message: Claimed) -> None:
        envelope = message.envelope
        with _caused_by(envelope):
            try:
                async with asyncio.timeout(self._handler_seconds):
                    await self._effect(message)
            except LeaseOver:
                log.warning("%s was taken over: its lease had ended", envelope.type)
            except NotYet:
                waited = self._clock.now() - message.received_at
                if waited > NOT_YET_FOR_EVER:
                    await self._bury(message, error=f"what {envelope.type} builds on did not come within a day")
                    return
                after = min(max(FIRST_RETRY, waited / 4), LONGEST_RETRY)
                await self._put_back(message, after=after, attempts=message.attempts, error=None)
            except (EventUnknown, ValidationError) as error:
                await self._bury(message, error=_story(error))
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                await self._failed(message, error)
            except Exception as error:  # noqa: BLE001 - kept with its story, retried, seen; never swallowed
                await self._failed(message, error)

    async def _effect(self, message: Claimed) -> None:
        callout = self._listener.callouts.get(message.envelope.type)
        if callout is None:
            async with self._database.write() as session:
                await self._handle(message, session)
                reach(StopPoint.EFFECT_BEFORE_COMMIT)
            reach(StopPoint.EFFECT_AFTER_COMMIT)
            return
        await self._renew(message)
        async with self._database.read() as session:
            work = await callout.prepare(self._listener.fact_in(message.envelope), session)
        reach(StopPoint.CALL_BEFORE)
        result = None if work is None else await callout.call(work)
        reach(StopPoint.CALL_AFTER)
        async with self._database.write() as session:
            await self._finish(session, message)
            if work is not None:
                await callout.record(work, result, session, self._clock.now())
            reach(StopPoint.EFFECT_BEFORE_COMMIT)
        reach(StopPoint.EFFECT_AFTER_COMMIT)

    async def _renew(self, message: Claimed) -> None:
        """A whole lease for the call to come: those before it in the batch may have used up the first one."""
        async with self._database.write() as session:
            connection = await session.connection()
            renewed = await connection.execute(
                update(inbox)
                .where(inbox.c.id == message.id, inbox.c.lease == message.lease, inbox.c.state == READY)
                .values(leased_until=SystemClock().now() + self._lease)
            )
        if renewed.rowcount != 1:
            raise LeaseOver

    async def _handle(self, message: Claimed, session: AsyncSession) -> None:
        fact = self._listener.fact_in(message.envelope)
        await self._finish(session, message)
        if isinstance(fact, Event) and self._listener.watch is not None:
            await self._listener.watch(session, message.envelope, fact)
        handler = self._listener.handlers.get(message.envelope.type)
        if handler is not None:
            await handler(fact, session=session, now=self._clock.now())

    async def _finish(self, session: AsyncSession, message: Claimed) -> None:
        """Mark the row done and step the cursor, if the row is still ours. First, so that two workers wait here."""
        connection = await session.connection()
        done = await connection.execute(
            update(inbox)
            .where(inbox.c.id == message.id, inbox.c.lease == message.lease, inbox.c.state == READY)
            .values(state=DONE, done_at=self._clock.now(), error=None)
        )
        if done.rowcount != 1:
            raise LeaseOver
        envelope = message.envelope
        if envelope.seq is not None:
            insert = sqlite_insert if self._database.is_sqlite else postgresql_insert
            await connection.execute(
                insert(cursors)
                .values(source=envelope.source, key=envelope.key, seq=envelope.seq)
                .on_conflict_do_update(index_elements=["source", "key"], set_={"seq": envelope.seq})
            )

    async def _failed(self, message: Claimed, error: Exception) -> None:
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
            message, due_at=self._clock.now() + after, attempts=attempts, lease=None, leased_until=None, error=error
        )

    async def _bury(self, message: Claimed, *, error: str) -> None:
        await self._change(message, state=DEAD, attempts=message.attempts + 1, error=error)
        log.error("%s is dead; its case waits, others do not", message.envelope.type)

    async def _let_go(self) -> None:
        if self._lease_at_hand is not None:
            async with self._database.write() as session:
                await (await session.connection()).execute(
                    update(inbox)
                    .where(inbox.c.lease == self._lease_at_hand, inbox.c.state == READY)
                    .values(lease=None, leased_until=None)
                )

    async def _change(self, message: Claimed, **values: Any) -> None:
        async with self._database.write() as session:
            connection = await session.connection()
            await connection.execute(
                update(inbox)
                .where(inbox.c.id == message.id, inbox.c.lease == message.lease, inbox.c.state == READY)
                .values(**values)
            )
            reach(StopPoint.FAILURE_BEFORE_COMMIT)
        reach(StopPoint.FAILURE_AFTER_COMMIT)


def _caused_by(envelope: Envelope) -> AbstractContextManager[None]:
    """What follows from this message acts for the same person, in the same trace."""
    cause = Origin(actor=envelope.actor, correlation_id=envelope.correlation_id, causation_id=envelope.id)
    return acting(cause, name=f"take {envelope.type}", traceparent=envelope.traceparent)


def _story(error: Exception) -> str:
    """Where it broke and what kind it was. Messages of foreign errors may quote data, so only our own are kept."""
    if isinstance(error, ValidationError):
        what = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False))
    elif type(error).__module__.startswith(("shared.", "services.")):
        what = str(error)
    else:
        what = ""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__}: {what} at {where}"
