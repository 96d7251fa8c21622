"""What all services tell, as they tell it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping

from shared.plumbing.service import Runtime
from shared.plumbing.trail import Told, told_lately

LOOK_SECONDS = 0.5
WINDOW = 500
"""Rows may be committed in another order than they were numbered: so many of the newest are looked at again."""


async def follow(
    runtimes: Mapping[str, Runtime], *, kind: str | None, last: int, every: float = LOOK_SECONDS
) -> AsyncIterator[tuple[str, Told]]:
    """The last facts, and from then on each new one; for ever."""
    seen: dict[str, deque[str]] = {name: deque(maxlen=2 * WINDOW) for name in runtimes}
    first = True
    while True:
        new = []
        for name, runtime in runtimes.items():
            async with runtime.database.read() as session:
                lately = await told_lately(session, last=WINDOW, kind=kind)
            new += [(name, told) for told in lately if told.event_id not in seen[name]]
            seen[name].extend(told.event_id for told in lately if told.event_id not in seen[name])
        new.sort(key=lambda pair: pair[1].at)
        for pair in (new[-last:] if last else []) if first else new:
            yield pair
        if first and every == 0:
            return
        first = False
        await asyncio.sleep(every)
