"""What a process of these tests does otherwise than in production: it is quicker to try again, and keeps a ledger.

Three switches take a guarantee away, to show that the checks notice. None of this exists in the product.
"""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, update

from shared.plumbing import inbox, service
from shared.plumbing.envelope import Envelope
from shared.plumbing.listener import Listener
from shared.plumbing.order import step
from shared.plumbing.origin import new_id
from shared.plumbing.receipt import Receipt
from shared.plumbing.relay import Relay
from shared.plumbing.tables import DONE
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
        Receipt.__init__.__kwdefaults__["seconds"] = switched["handler_seconds"]
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
    act_on, finish = Listener.act_on, Worker._finish

    async def act_and_note(self: Listener, envelope: Envelope, *, session: Any, now: Any) -> None:
        await (await session.connection()).execute(insert(ledger).values(event_id=envelope.id))
        await act_on(self, envelope, session=session, now=now)

    async def finish_and_note(self: Worker, session: Any, message: Any) -> None:
        await finish(self, session, message)
        if message.envelope.type in self._listener.callouts:
            await (await session.connection()).execute(insert(ledger).values(event_id=message.envelope.id))

    Listener.act_on = act_and_note  # type: ignore[method-assign]
    Worker._finish = finish_and_note  # type: ignore[method-assign]


async def _finish_without_fence(self: Worker, session: Any, message: Any) -> None:
    """As the kernel does it, but nobody looks whether the row is still ours."""
    done = update(inbox_table).where(inbox_table.c.id == message.id).values(state=DONE, done_at=self._clock.now())
    await (await session.connection()).execute(done)
    source, key = message.about
    if message.seq is not None:
        await step(session, source=source, key=key, seq=message.seq, now=self._clock.now())


def _take_everything_in() -> None:
    received = inbox._received

    def received_anew(**facts: Any) -> inbox.Received:
        one = received(**facts)
        return replace(one, row=one.row | {"event_id": f"{one.row['event_id']}#{new_id()}"})

    inbox._received = received_anew


async def _stream_is_always_whole(self: Relay, pipe: Any) -> tuple[int, int]:  # noqa: ARG001
    return (2**63 - 1, 0)


def _read(file: str | None) -> str:
    return Path(file).read_text() if file is not None and Path(file).exists() else ""


def _spoil(spoiled: dict[str, str]) -> None:
    """Have the handlers of these types fail for as long as the file that is named with them says how, and for whom."""
    act_on = Listener.act_on

    async def spoiled_act_on(self: Listener, envelope: Envelope, *, session: Any, now: Any) -> None:
        how, _, key = _read(spoiled.get(f"{self.service.value}:{envelope.type}")).partition(" ")
        if how and key in ("", envelope.key):
            if how == HANG:
                await asyncio.Event().wait()
            if how == END:
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError("spoiled by a test")
        await act_on(self, envelope, session=session, now=now)

    Listener.act_on = spoiled_act_on  # type: ignore[method-assign]
