"""One stage of the messages at a time, for a process of its own.

`side` is `athar` or `floor`. `what` is `each` (the seconds that relay, take-in and worker need for so many referrals)
or `publish` (so many facts are told and published, and nobody listens). The seconds go into the file `out`.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import select

from athar.stack.one import runtime_of
from benchmarks.facts import fill_outbox, lives, referrals
from benchmarks.floor.__main__ import loops_of
from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.inbox import DATA, take_in
from shared.plumbing.relay import Relay
from shared.plumbing.service import Runtime
from shared.plumbing.streams import READ_AT_MOST
from shared.plumbing.worker import Worker

LEASE = timedelta(seconds=60)


async def _run(side: str, what: str, number: int, out: Path) -> None:
    intake, research = runtime_of("intake"), runtime_of("research")
    await fill_outbox(intake.database, referrals(number) if what == "each" else lives(number))
    took = {"relay": await _timed(_relay(side, intake, number))}
    if what == "each":
        bodies = await _told(intake, number)
        took |= await (_athar(research, bodies) if side == "athar" else _floor(bodies))
    out.write_text(json.dumps(took))  # noqa: ASYNC240 - nobody waits in this process
    for runtime in (intake, research):
        await runtime.broker.stop()
        await runtime.close()


async def _relay(side: str, intake: Runtime, number: int) -> None:
    if side == "floor":
        loops = loops_of(Source.INTAKE)
        await loops.database.open()
        while await loops.publish_some():
            pass
        return
    relay = Relay(source=Source.INTAKE, database=intake.database, broker=intake.broker, poll=0.1, lease=LEASE)
    for _ in range(number + 1):
        if not await relay.publish_some():
            return


async def _athar(research: Runtime, bodies: list[bytes]) -> dict[str, float]:
    worker = Worker(
        database=research.database,
        listener=research.service.make_listener(research),
        clock=research.clock,
        poll=0.1,
        lease=LEASE,
        max_attempts=3,
    )

    async def all_in() -> None:
        entries = [(f"{number}-0".encode(), {DATA: body}) for number, body in enumerate(bodies)]
        for start in range(0, len(entries), READ_AT_MOST):
            some = entries[start : start + READ_AT_MOST]
            await take_in(research.database, source=Source.INTAKE, entries=some, now=research.clock.now())

    return {"take_in": await _timed(all_in()), "worker": await _timed(_drained(worker.work_once))}


async def _floor(bodies: list[bytes]) -> dict[str, float]:
    loops = loops_of(Source.RESEARCH)
    await loops.database.open()

    async def all_in() -> None:
        for start in range(0, len(bodies), READ_AT_MOST):
            await loops.take_in(Source.INTAKE, bodies[start : start + READ_AT_MOST])

    return {"take_in": await _timed(all_in()), "worker": await _timed(_drained(loops.work_some))}


async def _drained(work: Callable[[], Awaitable[int]]) -> None:
    while await work():
        pass


async def _told(intake: Runtime, number: int) -> list[bytes]:
    """The newest facts; there may be many old ones."""
    newest = select(tables.outbox.c.envelope).order_by(tables.outbox.c.id.desc()).limit(number)
    async with intake.database.read() as session:
        rows = await (await session.connection()).execute(newest)
        return [row.envelope.encode() for row in rows][::-1]


async def _timed(work: Any) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


def run_stages(side: str, what: str, number: int, out: Path) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(side, what, number, out))
