"""From the outbox to the stream, at least once and in order a key; and again, whatever the stream has lost.

Before it appends, the relay holds the stream's last entry id against the highest that it has noted, under WATCH in the
same MULTI as the append. A lower one means that Redis was wiped, restored from an older file or failed over: all that
lies above it is unsent again. An inbox drops what it has, so a doubled publication harms nothing.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from faststream.redis import RedisBroker
from redis.exceptions import RedisError, ResponseError, WatchError
from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.language.events import Source
from shared.plumbing.clock import SystemClock
from shared.plumbing.database import Database, heard, insert_new
from shared.plumbing.envelope import stream_of
from shared.plumbing.origin import new_id
from shared.plumbing.retention import AT_ONCE, EntryId, entry_id, settle, trim
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import is_published, is_unsent, outbox, relay_state

BATCH = 200
TIDY_EVERY = timedelta(minutes=1)
LOTS = 10
LONG_PAST = datetime(2000, 1, 1, tzinfo=UTC)
NOTHING: EntryId = (0, 0)

log = logging.getLogger("athar.relay")


_unsent = select(outbox.c.id, outbox.c.envelope).where(is_unsent).order_by(outbox.c.id).limit(BATCH)
_noted = (
    select(outbox.c.stream_ms, outbox.c.stream_n)
    .where(is_published)
    .order_by(outbox.c.stream_ms.desc(), outbox.c.stream_n.desc())
    .limit(1)
)
_note = update(outbox).where(outbox.c.id == bindparam("row")).values(stream_ms=bindparam("ms"), stream_n=bindparam("n"))


_still = (
    select(relay_state.c.epoch).where(relay_state.c.id == 1, relay_state.c.holder == bindparam("me")).with_for_update()
)


class LeaseLost(Exception):
    """Another relay of this service took over; what was appended will be appended again."""


class Relay:
    """Publishes one service's outbox. Of many relays of a service one works at a time, by a lease in the database."""

    def __init__(
        self, *, source: Source, database: Database, broker: RedisBroker, poll: float, lease: timedelta
    ) -> None:
        self._database = database
        self._broker = broker
        self._source = source
        self._stream = stream_of(source)
        self._poll = poll
        self._lease = lease
        self._holder = new_id()
        self._epoch: int | None = None
        self._held_until = self._tidy_at = SystemClock().now()
        self._told = database.told.listener()

    @property
    def publishes(self) -> bool:
        """Whether this is the one relay of its service that publishes."""
        return self._epoch is not None

    async def run(self) -> None:
        """Publish for ever. What is broken is waited for: nothing is lost meanwhile, it only gets later."""
        try:
            await self._run()
        finally:
            # Whoever starts next need not wait for the lease to end.
            with suppress(DBAPIError, OSError):
                await self._let_go()

    async def _run(self) -> None:
        while True:
            self._told.clear()
            try:
                # First: a stream that is full takes nothing before it is cleared.
                if self.publishes and SystemClock().now() > self._tidy_at:
                    await self.tidy()
                busy = await self.publish_some()
            except WatchError:
                continue
            except (RedisError, DBAPIError, OSError, LeaseLost) as error:
                log.warning("relay of %s waits: %s", self._stream, type(error).__name__)
                self._epoch = None
                await asyncio.sleep(self._poll)
                continue
            if not busy:
                await heard(self._told, within=self._poll)

    async def publish_some(self) -> bool:
        """One batch. True when there may be more to do at once."""
        if not await self._hold_lease():
            return False
        client = await self._broker.connect()
        async with client.pipeline(transaction=True) as pipe:
            await pipe.watch(self._stream)
            there = await self._last_entry(pipe)
            # Only now what was noted: read before the watch, it might be older than a loss that another relay found.
            async with self._database.read() as session:
                connection = await session.connection()
                unsent = (await connection.execute(_unsent)).all()
                noted = (await connection.execute(_noted)).first()
            if there < (tuple(noted) if noted else NOTHING):
                await self._rewind(there)
                return True
            if not unsent:
                return False
            pipe.multi()  # type: ignore[no-untyped-call]
            for row in unsent:
                await self._broker.publish(row.envelope.encode(), stream=self._stream, pipeline=pipe)
            reach(StopPoint.RELAY_BEFORE_APPEND)
            entries = [entry_id(entry) for entry in await pipe.execute()]
        reach(StopPoint.RELAY_AFTER_APPEND)
        await self._note(list(zip((row.id for row in unsent), entries, strict=True)))
        return len(unsent) == BATCH

    async def tidy(self) -> None:
        """Take from the stream what every listener has, and note that no loss of the stream can lose it any more."""
        self._tidy_at = SystemClock().now() + TIDY_EVERY
        client = await self._broker.connect()
        before = await trim(client, self._source)
        if before is None:
            return
        for _ in range(LOTS):
            async with self._database.write() as session:
                connection = await session.connection()
                await self._check_epoch(connection)
                if await settle(connection, before=before) < AT_ONCE:
                    return
        # What is new is published in between.
        self._tidy_at = SystemClock().now()

    async def _last_entry(self, pipe: Any) -> EntryId:
        try:
            return entry_id((await pipe.xinfo_stream(self._stream))["last-generated-id"])
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return NOTHING

    async def _hold_lease(self) -> bool:
        """Take or renew the lease; the epoch that came with it guards every later write."""
        now = SystemClock().now()
        if self._epoch is not None and now < self._held_until - self._lease / 2:
            return True
        if await self._another_holds_it(now):
            self._epoch = None
            return False
        free = or_(self._is_over(now), relay_state.c.holder == self._holder)
        async with self._database.write() as session:
            connection = await session.connection()
            await connection.execute(
                insert_new(relay_state, sqlite=self._database.is_sqlite).values(
                    id=1, holder=self._holder, held_until=now, epoch=0
                )
            )
            taken = await connection.scalar(
                update(relay_state)
                .where(relay_state.c.id == 1, free)
                .values(holder=self._holder, held_until=now + self._lease)
                .returning(relay_state.c.epoch)
            )
        self._epoch = taken
        self._held_until = now + self._lease
        return taken is not None

    async def _another_holds_it(self, now: datetime) -> bool:
        """Asked without a lock: a relay that stands by does not write."""
        other = select(relay_state.c.id).where(relay_state.c.holder != self._holder, ~self._is_over(now))
        async with self._database.read() as session:
            return (await (await session.connection()).execute(other)).first() is not None

    def _is_over(self, now: datetime) -> ColumnElement[bool]:
        """Also a lease too long to be one: it was taken while a clock was fast, that has been set right."""
        return or_(relay_state.c.held_until < now, relay_state.c.held_until > now + 2 * self._lease)

    async def _let_go(self) -> None:
        if self._epoch is not None:
            async with self._database.write() as session:
                await (await session.connection()).execute(
                    update(relay_state)
                    .where(relay_state.c.id == 1, relay_state.c.holder == self._holder)
                    .values(held_until=LONG_PAST)
                )

    async def _rewind(self, there: EntryId) -> None:
        """The stream ends at `there`: whatever was noted after it has to be told again, before anything new."""
        ms, n = there
        beyond = and_(is_published, or_(outbox.c.stream_ms > ms, and_(outbox.c.stream_ms == ms, outbox.c.stream_n > n)))
        async with self._database.write() as session:
            connection = await session.connection()
            epoch = await connection.scalar(
                update(relay_state)
                .where(relay_state.c.id == 1, relay_state.c.holder == self._holder, relay_state.c.epoch == self._epoch)
                .values(epoch=relay_state.c.epoch + 1)
                .returning(relay_state.c.epoch)
            )
            if epoch is None:
                raise LeaseLost
            told_again = await connection.execute(update(outbox).where(beyond).values(stream_ms=None, stream_n=None))
            reach(StopPoint.REWIND_BEFORE_COMMIT)
        reach(StopPoint.REWIND_AFTER_COMMIT)
        self._epoch = epoch
        log.warning("%s had lost its end: %s events are told again", self._stream, told_again.rowcount)

    async def _note(self, entries: list[tuple[int, EntryId]]) -> None:
        """Write down which entry each row became, unless another relay or a rewind came between."""
        async with self._database.write() as session:
            connection = await session.connection()
            await self._check_epoch(connection)
            await connection.execute(
                _note,
                [{"row": row, "ms": ms, "n": n} for row, (ms, n) in entries],
            )
            reach(StopPoint.RELAY_BEFORE_MARK)
        reach(StopPoint.RELAY_AFTER_MARK)

    async def _check_epoch(self, connection: AsyncConnection) -> None:
        """Raises `LeaseLost` when another relay took over or rewound meanwhile; else none can before we commit."""
        still = await connection.scalar(_still, {"me": self._holder})
        if still is None or still != self._epoch:
            raise LeaseLost
