"""Outbox, relay, take-in and worker, without anything that makes them safe: each batch one transaction."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from benchmarks.floor.database import FloorDatabase, Transaction, insert
from shared.language.events import Source
from shared.plumbing.clock import SystemClock
from shared.plumbing.envelope import stream_of
from shared.plumbing.origin import new_id

BATCH = 200
FIELD = b"__data__"
LENGTHS = {
    "case.drafted": 640,
    "case.received": 1009,
    "case.completed": 595,
    "case.referred": 1208,
    "case.registered": 574,
    "case.delivered": 632,
    "benefit.documented": 591,
    "case.closed": 618,
    "case.studied": 589,
    "case.decided": 634,
    "case.answered": 892,
    "message.sent": 695,
    "survey.invited": 792,
    "survey.answered": 581,
    "benefit.unknown": 500,
    "paper.runs_out": 556,
    "send.due": 544,
}
"""How long Athar's envelopes are: these have no more to say, and as many bytes."""

TELL = insert("outbox_events", ("event_id", "type", "key", "seq", "envelope", "created_at"))
NOTE = "UPDATE outbox_events SET stream_ms = ?, stream_n = ? WHERE id = ?"
UNSENT = f"SELECT id, envelope FROM outbox_events WHERE stream_ms IS NULL ORDER BY id LIMIT {BATCH}"  # noqa: S608
TAKE_IN = insert(
    "inbox_messages",
    ("event_id", "source", "type", "key", "seq", "envelope", "state", "due_at", "attempts", "received_at"),
    end="ON CONFLICT DO NOTHING",
)
DUE = f"""SELECT id, envelope FROM inbox_messages WHERE state = 'ready' AND due_at <= ?
          ORDER BY due_at, id LIMIT {BATCH}"""  # noqa: S608
DONE = "UPDATE inbox_messages SET state = 'done', done_at = ? WHERE id = ?"
STEP = insert(
    "inbox_cursors", ("source", "key", "seq"), end="ON CONFLICT (source, key) DO UPDATE SET seq = excluded.seq"
)

Effect = Callable[[Transaction, dict[str, Any], datetime], Awaitable[None]]


def filler(length: int) -> str:
    """A text of the length that a sealed one has."""
    return "gAAAAAB" + "x" * (length - 7)


def envelope(event_id: str, source: str, type_: str, key: str, seq: int | None, data: dict[str, str]) -> str:
    told = {"id": event_id, "source": source, "type": type_, "key": key, "seq": seq, "data": data}
    written = json.dumps(told)
    return written[:-1] + ', "more": "' + "x" * (LENGTHS[type_] - len(written) - 12) + '"}'


async def tell(transaction: Transaction, source: Source, type_: str, case_id: str, now: datetime, **data: str) -> None:
    """The next fact about a case."""
    last = (await transaction.run("SELECT max(seq) FROM outbox_events WHERE key = ?", case_id))[0][0]
    seq, event_id = (last or 0) + 1, new_id()
    written = envelope(event_id, source.value, type_, case_id, seq, data)
    await transaction.run(TELL, event_id, type_, case_id, seq, written, now)
    transaction.tells = True


async def set_timer(transaction: Transaction, type_: str, key: str, due_at: datetime, now: datetime) -> None:
    event_id = f"timer:{type_}:{key}:0"
    written = envelope(event_id, "timer", type_, key, None, {})
    await transaction.run(TAKE_IN, event_id, "timer", type_, key, None, written, "ready", due_at, 0, now)


class Loops:
    """Relay, ears and worker of one service."""

    def __init__(self, source: Source, *, hears: list[Source], effect: Effect, url: str, redis: Redis) -> None:
        self._source = source
        self._hears = hears
        self._effect = effect
        self._redis = redis
        self._told, self._arrived = asyncio.Event(), asyncio.Event()
        self.database = FloorDatabase(url, wake=self._told.set)

    async def run(self) -> None:
        """Until it is cancelled."""
        await self.database.on_told()
        for source in self._hears:
            try:
                await self._redis.xgroup_create(stream_of(source), self._source.value, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise
        async with asyncio.TaskGroup() as group:
            group.create_task(self._relay())
            group.create_task(self._work())
            for source in self._hears:
                group.create_task(self._listen(source))

    async def _relay(self) -> None:
        while True:
            self._told.clear()
            if await self.publish_some() < BATCH:
                await _heard(self._told)

    async def publish_some(self) -> int:
        """One batch in one append, noted in one transaction."""
        unsent = await self.database.read(UNSENT)
        if not unsent:
            return 0
        async with self._redis.pipeline(transaction=True) as pipe:
            for _, written in unsent:
                pipe.xadd(stream_of(self._source), {FIELD: written})
            entries = [entry.decode().split("-") for entry in await pipe.execute()]
        notes = [(int(ms), int(n), row[0]) for row, (ms, n) in zip(unsent, entries, strict=True)]
        async with self.database.transaction() as transaction:
            await transaction.many(NOTE, notes)
        return len(unsent)

    async def _listen(self, source: Source) -> None:
        stream, group = stream_of(source), self._source.value
        while True:
            read: Any = await self._redis.xreadgroup(group, "floor", {stream: ">"}, count=BATCH, block=1000)
            if not read:
                continue
            # Redis answers lists, or a mapping where the newer protocol is spoken.
            entries = next(iter(read.values()))[0] if isinstance(read, dict) else read[0][1]
            await self.take_in(source, [fields[FIELD] for _, fields in entries])
            await self._redis.xack(stream, group, *(entry_id for entry_id, _ in entries))

    async def take_in(self, source: Source, bodies: list[bytes]) -> None:
        """One batch into the inbox."""
        now = SystemClock().now()
        told = [(json.loads(body), body.decode()) for body in bodies]
        rows = [
            (one["id"], source.value, one["type"], one["key"], one["seq"], written, "ready", now, 0, now)
            for one, written in told
        ]
        async with self.database.transaction() as transaction:
            await transaction.many(TAKE_IN, rows)
        self._arrived.set()

    async def _work(self) -> None:
        while True:
            self._arrived.clear()
            if not await self.work_some():
                await _heard(self._arrived)

    async def work_some(self) -> int:
        """What is due, in one transaction."""
        now = SystemClock().now()
        due = await self.database.read(DUE, now)
        if not due:
            return 0
        async with self.database.transaction() as transaction:
            steps = []
            for _, written in due:
                told = json.loads(written)
                await self._effect(transaction, told, now)
                if told["seq"] is not None:
                    steps.append((told["source"], told["key"], told["seq"]))
            await transaction.many(DONE, [(now, row[0]) for row in due])
            await transaction.many(STEP, steps)
        return len(due)


async def _heard(ear: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(0.25):
            await ear.wait()
    except TimeoutError:
        return
