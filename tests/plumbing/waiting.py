"""Waiting for a condition: the only place in these tests where time passes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]], equals: Any = None, *, within: float = 15, every: float = 0.01
) -> T:
    """What `look` sees once it is `equals`, or once it is true where nothing is named; fails after `within` seconds.

    It looks `every` so many seconds: seldom, where a look costs what it looks at.
    """
    loop = asyncio.get_running_loop()
    give_up = loop.time() + within
    while True:
        seen = await look()
        if seen == equals if equals is not None else seen:
            return seen
        if loop.time() > give_up:
            raise AssertionError(f"within {within} s only {seen!r} was seen, not {equals!r}")
        await asyncio.sleep(every)
