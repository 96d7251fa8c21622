"""What a process of these tests does otherwise than in production: it is quicker to try again, and keeps a ledger.

Three switches take a guarantee away, to show that the checks notice. None of this exists in the product.
"""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, update

from shared.plumbing import inbox, service
from shared.plumbing.database import insert_new
from shared.plumbing.origin import new_id
from shared.plumbing.relay import Relay
from shared.plumbing.tables import DONE, READY, cursors
from shared.plumbing.tables import inbox as inbox_table
from shared.plumbing.worker import Worker

ledger = Table(
    "fault_ledger",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("event_id", String(200), nullable=False),
)
"""A row each time that a message took effect, in the transaction of the effect: two of one message are a doubled one.

The services' own tables refuse most doubled effects; here nothing refuses them, so that they show.
"""

NO_INBOX_CHECK, NO_REWIND, NO_FENCE = "no_inbox_check", "no_rewind", "no_fence"
RAISE, HANG, END = "raise", "hang", "end"
"""How a spoiled handler fails: it raises, it never returns, or it takes its process with it."""

RELAY_LEASE = timedelta(seconds=1)
STREAM_PAUSE = 0.2


def install(switched: dict[str, Any]) -> None:
    """Change this process: `switched` names the guarantee to take away, and the handlers to spoil."""
    _hurry()
    if switched.get(NO_FENCE):
        Worker._finish = _finish_without_fence  # type: ignore[method-assign]
    _keep_ledger()
    if switched.get(NO_INBOX_CHECK):
        _take_everything_in()
    if switched.get(NO_REWIND):
        Relay._last_entry = _stream_is_always_whole  # type: ignore[method-assign]
    if "handler_seconds" in switched:
        Worker.__init__.__kwdefaults__["handler_seconds"] = switched["handler_seconds"]
    if spoiled := switched.get("spoiled"):
        _spoil(spoiled)


def _hurry() -> None:
    from faststream.redis.subscriber.usecases import basic, stream_subscriber

    for module in (basic, stream_subscriber):
        assert module.CONSUME_ERROR_BACKOFF_SECONDS == 5
        module.CONSUME_ERROR_BACKOFF_SECONDS = STREAM_PAUSE  # type: ignore[misc]
    assert service.RELAY_LEASE
    service.RELAY_LEASE = RELAY_LEASE


def _keep_ledger() -> None:
    finish = Worker._finish

    async def finish_and_note(self: Worker, session: Any, message: Any) -> None:
        await finish(self, session, message)
        await (await session.connection()).execute(insert(ledger).values(event_id=message.envelope.id))

    Worker._finish = finish_and_note  # type: ignore[method-assign]


async def _finish_without_fence(self: Worker, session: Any, message: Any) -> None:
    """As the kernel does it, but nobody looks whether the row is still ours, or the next of its key."""
    connection = await session.connection()
    await connection.execute(
        update(inbox_table).where(inbox_table.c.id == message.id).values(state=DONE, done_at=self._clock.now())
    )
    about = message.envelope
    if about.seq is not None:
        await connection.execute(
            insert_new(cursors, sqlite=self._database.is_sqlite).values(
                source=about.source, key=about.key, seq=about.seq
            )
        )
        await connection.execute(
            update(cursors).where(cursors.c.source == about.source, cursors.c.key == about.key).values(seq=about.seq)
        )


def _take_everything_in() -> None:
    row_of = inbox._row

    def new_row(**facts: Any) -> dict[str, Any]:
        row = row_of(**facts)
        return row | {"event_id": f"{row['event_id']}#{new_id()}"} if row["state"] == READY else row

    inbox._row = new_row


async def _stream_is_always_whole(self: Relay, pipe: Any) -> tuple[int, int]:  # noqa: ARG001
    return (2**63 - 1, 0)


def _read(file: str | None) -> str:
    return Path(file).read_text() if file is not None and Path(file).exists() else ""


def _spoil(spoiled: dict[str, str]) -> None:
    """Have the handlers of these types fail for as long as the file that is named with them says how, and for whom."""
    handle = Worker._handle

    async def spoiled_handle(self: Worker, message: Any, session: Any) -> None:
        how, _, key = _read(spoiled.get(f"{self._listener.service.value}:{message.envelope.type}")).partition(" ")
        if how and key in ("", message.envelope.key):
            if how == HANG:
                await asyncio.Event().wait()
            if how == END:
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError("spoiled by a test")
        await handle(self, message, session)

    Worker._handle = spoiled_handle  # type: ignore[method-assign]
