"""Loops that run for as long as their process does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("athar.service")


async def for_ever(loop: Callable[[], Awaitable[None]]) -> None:
    """A loop that a bug ends begins again: one bad moment must not silence a service."""
    while True:
        try:
            await loop()
        except asyncio.CancelledError:
            # One that nobody asked for: a driver whose connection was cut let its own escape.
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
            log.warning("a loop was cancelled by nobody and begins again")
        except Exception:
            log.exception("a loop ended and begins again")
            await asyncio.sleep(1)


async def end(task: asyncio.Task[None]) -> None:
    """Cancel the task and wait until it is over."""
    # Again until it is over: a library in between may swallow one cancellation.
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1)
