"""The kernel with one of its guarantees switched off, to show that a story would tell.

Each replaces one small thing for as long as its block lasts. None of it exists outside the tests.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.sqlite import insert

from shared.language.events import Source
from shared.plumbing import claims as claims_module
from shared.plumbing import inbox as inbox_module
from shared.plumbing import receipt as receipt_module
from shared.plumbing import relay as relay_module
from shared.plumbing import streams as streams_module
from shared.plumbing import worker as worker_module
from shared.plumbing.claims import Claimed, Claims
from shared.plumbing.origin import new_id
from shared.plumbing.relay import Relay
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DONE, cursors, inbox, outbox
from shared.plumbing.worker import Worker
from tests.model import scenes
from tests.model.wire import Pipe

BEYOND_ALL: relay_module.EntryId = (2**62, 0)


@contextmanager
def _instead(owner: Any, name: str, other: Any) -> Iterator[None]:
    real = owner.__dict__[name]
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, real)


@contextmanager
def without_rewind() -> Iterator[None]:
    """The stream seems never to have lost anything."""

    async def last_entry(*_: Any) -> relay_module.EntryId:
        return BEYOND_ALL

    with _instead(Relay, "_last_entry", last_entry):
        yield


@contextmanager
def without_watch() -> Iterator[None]:
    """What happens between the look at the stream's end and the append goes unseen."""
    with _instead(Pipe, "watches", False):  # noqa: FBT003
        yield


@contextmanager
def without_relay_fence() -> Iterator[None]:
    """A relay that was overtaken notes what it appended all the same."""

    async def note(self: Relay, entries: list[tuple[int, relay_module.EntryId]]) -> None:
        async with self._database.write() as session:
            await (await session.connection()).execute(
                update(outbox)
                .where(outbox.c.id == bindparam("row"))
                .values(stream_ms=bindparam("ms"), stream_n=bindparam("n")),
                [{"row": row, "ms": ms, "n": n} for row, (ms, n) in entries],
            )
            reach(StopPoint.RELAY_BEFORE_MARK)
        reach(StopPoint.RELAY_AFTER_MARK)

    with _instead(Relay, "_note", note):
        yield


@contextmanager
def without_lease_check() -> Iterator[None]:
    """A worker whose lease has ended finishes what it began. (Facts have the order's own guard; timers only this.)"""

    async def finish(self: Worker, session: Any, message: Claimed) -> None:
        await (await session.connection()).execute(update(inbox).where(inbox.c.id == message.id).values(state=DONE))
        source, key = message.about
        if message.seq is not None and not await worker_module.step(
            session, source=source, key=key, seq=message.seq, now=self._clock.now()
        ):
            raise worker_module.LeaseOver

    with _instead(Worker, "_finish", finish):
        yield


@contextmanager
def without_dedupe() -> Iterator[None]:
    """The inbox takes each delivery for a message of its own."""
    real = inbox_module._received

    def received(**what: Any) -> inbox_module.Received:
        one = real(**what)
        return replace(one, row=one.row | {"event_id": new_id()})

    with _instead(inbox_module, "_received", received):
        yield


@contextmanager
def without_order() -> Iterator[None]:
    """Whatever is due is somebody's turn."""

    async def step(session: Any, *, source: str, key: str, seq: int, **_: Any) -> bool:
        there = insert(cursors).values(source=source, key=key, seq=seq)
        await (await session.connection()).execute(
            there.on_conflict_do_update(index_elements=["source", "key"], set_={"seq": seq})
        )
        return True

    async def nothing(*_: Any, **__: Any) -> None:
        pass

    with (
        _instead(claims_module, "_in_turn", list),
        _instead(worker_module, "step", step),
        _instead(receipt_module, "step", step),
        _instead(Claims, "_clear_away", nothing),
    ):
        yield


@contextmanager
def with_early_ack() -> Iterator[None]:
    """An entry is acknowledged before it is kept."""

    def receiver(source: Source, keep: streams_module.Keep) -> Callable[..., Any]:
        async def receive(message: Any) -> None:
            await message.ack()
            raw = message.raw_message
            await keep(source, list(zip(raw["message_ids"], raw["data"], strict=True)))

        return receive

    with _instead(streams_module, "_receiver", receiver):
        yield


SWITCHES: dict[str, tuple[Callable[[], AbstractContextManager[None]], scenes.Scene]] = {
    "rewind": (without_rewind, scenes.wiped_with_all_that_nobody_took),
    "watch": (without_watch, scenes.wiped_between_look_and_append),
    "relay's fence": (without_relay_fence, scenes.a_relay_wakes_after_its_lease_and_a_wipe),
    "lease check": (without_lease_check, scenes.a_worker_wakes_after_its_lease),
    "dedupe": (without_dedupe, scenes.everything_is_delivered_twice),
    "order": (without_order, scenes.a_later_fact_overtakes),
    "acknowledge after commit": (with_early_ack, scenes.killed_between_receipt_and_commit),
}
"""Each guarantee, how to switch it off, and the scene that is about it."""
