"""What befalls a stack: processes killed and stopped, the stream wiped, set back and doubled, clocks that jump."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError, ResponseError, WatchError
from sqlalchemy.exc import DBAPIError

from shared.plumbing.database import heard
from shared.plumbing.inbox import DATA
from tests.faults.ground import STREAMS, stream_client
from tests.faults.run import Scene
from tests.faults.stack import LEASE_SECONDS
from tests.plumbing.waiting import eventually

NOTICED_SECONDS = 60
HOUR = timedelta(hours=1)


async def lasting(seconds: float) -> None:
    """For a fault that lasts: wait for a ring that never comes."""
    await heard(asyncio.Event(), within=seconds)


async def kill_some_process(scene: Scene) -> None:
    name, process = scene.chance.choice(sorted(scene.stack.processes.items()))
    scene.tell(f"kill -9 of {name}")
    await process.die()


async def pause_a_worker(scene: Scene) -> None:
    """One sleeps longer than its lease, and wakes up as if nothing had been."""
    name, process = scene.chance.choice(sorted(scene.stack.processes.items()))
    scene.tell(f"{name} stopped for longer than its lease")
    process.signal(signal.SIGSTOP)
    await lasting(LEASE_SECONDS * 1.6)
    process.signal(signal.SIGCONT)


async def restart_stream(scene: Scene) -> None:
    async with scene.stream:
        scene.tell("the stream server killed and started again")
        await scene.stack.ground.kill_stream()
        await lasting(scene.chance.uniform(0, 0.5))
        await scene.stack.ground.start_stream()


async def wipe_stream(scene: Scene) -> None:
    async with scene.stream, stream_client(scene.stack.ground.stream_url) as client:
        scene.tell("FLUSHALL")
        await client.flushall()
        await noticed(scene)


async def set_stream_back(scene: Scene) -> None:
    """An older copy takes the stream's place, with its groups as they stood then."""
    async with scene.stream, stream_client(scene.stack.ground.stream_url) as client:
        scene.tell("a copy of the stream taken")
        copies = {stream: await client.dump(stream) for stream in STREAMS.values()}
    await scene.after(len(scene.diary.answered) + scene.chance.randint(5, 25))
    async with scene.stream, stream_client(scene.stack.ground.stream_url) as client:
        scene.tell("the older copy put in place")
        for stream, copy in copies.items():
            if copy is not None:
                await client.restore(stream, 0, copy, replace=True)
        await noticed(scene)


async def lose_tail(scene: Scene) -> None:
    """What the server wrote last is not on its disk when it starts again."""
    async with scene.stream:
        size = scene.chance.randint(200, 6000)
        scene.tell(f"the last {size} bytes of the stream lost")
        await scene.stack.ground.kill_stream()
        await scene.stack.ground.cut_tail(size)
        await scene.stack.ground.start_stream()
        await noticed(scene)


async def deliver_again(scene: Scene) -> None:
    """Copies of what was delivered, in another order."""
    async with scene.stream:
        source = scene.chance.choice(sorted(STREAMS))
        # Out of the outbox: what everybody has is cleared from the stream.
        told = await scene.books.rows(source, "SELECT envelope FROM outbox_events WHERE stream_ms IS NOT NULL")
        entries: list[dict[bytes, bytes]] = [{DATA: row["envelope"].encode()} for row in told]
        copies = scene.chance.sample(entries, k=min(len(entries), 40))
        scene.tell(f"messages of {source} delivered again, in another order, {len(copies)} of them,")
        await append_as_outsider(scene, source, copies)


async def jump_forward(scene: Scene) -> None:
    await _jump(scene, HOUR)


async def jump_back(scene: Scene) -> None:
    await _jump(scene, -HOUR)


async def _jump(scene: Scene, by: timedelta) -> None:
    async with scene.clock:
        scene.tell(f"the clock jumps by {by.total_seconds():+.0f} s, and back")
        scene.stack.shift(by)
        await lasting(0.7)
        scene.stack.shift(-by)


async def fill_disk(scene: Scene) -> None:
    """Not a byte left for databases and stream; then there is space again."""
    if not await asyncio.to_thread(scene.stack.data.is_mount):
        return
    async with scene.stream:
        scene.tell("the disk full")
        ballast = scene.stack.data / "ballast"
        await asyncio.to_thread(_fill, ballast)
        await lasting(1.0)
        ballast.unlink()
        await lasting(0.2)
        for sentence in await scene.stack.ground.mend_stream():
            scene.outcome.violations.append(sentence)
        await noticed(scene)


def _fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"\0" * 65536):
            pass
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while file.write(b"\0" * 512):
            pass


async def append_as_outsider(scene: Scene, source: str, entries: list[dict[bytes, bytes]]) -> list[str]:
    """Append what no relay of ours appends; the ids of the entries.

    Only while nothing is lost that its relay has not noticed: whoever appends after a loss hides it, and no one but
    the relay may append in earnest.
    """
    stream = STREAMS[source]
    async with stream_client(scene.stack.ground.stream_url) as client, client.pipeline(transaction=True) as pipe:

        async def appended() -> list[bytes] | None:
            try:
                await pipe.watch(stream)
                if await _last(pipe, stream) < await _noted(scene, source):
                    await pipe.reset()
                    return None
                pipe.multi()
                for fields in entries:
                    pipe.xadd(stream, fields)  # type: ignore[arg-type]
                done: list[bytes] = await pipe.execute()
            except WatchError:
                return None
            return done

        if not entries:
            return []
        return [entry.decode() for entry in await eventually(appended, within=NOTICED_SECONDS)]


async def noticed(scene: Scene) -> None:
    """Wait until every relay has found out what the stream lost, and told it again."""

    async def all_told_again() -> bool:
        try:
            async with stream_client(scene.stack.ground.stream_url) as client:
                for source, stream in STREAMS.items():
                    unsent = await scene.books.number(
                        source, "SELECT count(*) FROM outbox_events WHERE stream_ms IS NULL"
                    )
                    if unsent or await _last(client, stream) < await _noted(scene, source):
                        return False
        except (RedisError, DBAPIError, OSError):
            return False
        return True

    await eventually(all_told_again, within=NOTICED_SECONDS)


async def _noted(scene: Scene, source: str) -> tuple[int, int]:
    rows = await scene.books.rows(
        source,
        "SELECT stream_ms, stream_n FROM outbox_events WHERE stream_ms IS NOT NULL "
        "ORDER BY stream_ms DESC, stream_n DESC LIMIT 1",
    )
    return (rows[0]["stream_ms"], rows[0]["stream_n"]) if rows else (0, 0)


async def _last(client: Any, stream: str) -> tuple[int, int]:
    try:
        last = (await client.xinfo_stream(stream))["last-generated-id"]
    except ResponseError:
        return (0, 0)
    ms, n = (last.decode() if isinstance(last, bytes) else last).split("-")
    return (int(ms), int(n))


EVERYWHERE: dict[str, Callable[[Scene], Awaitable[None]]] = {
    trouble.__name__: trouble
    for trouble in (
        kill_some_process,
        pause_a_worker,
        restart_stream,
        wipe_stream,
        set_stream_back,
        deliver_again,
        jump_forward,
        jump_back,
    )
}
