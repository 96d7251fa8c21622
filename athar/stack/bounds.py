"""What bounds a process that carries messages: memory, and how long its loop may stand still.

A message that hangs its worker or eats its memory must not do so for ever. The process ends or the handler fails; the
inbox counts how often, and in the end the message is dead, with its story.
"""

import asyncio
import faulthandler
import gc
import resource
import signal

MEGABYTE = 1_000_000
COLLECT_AFTER = 20_000
# Longer than a client or a proxy keeps a connection that nobody uses (httpx 5 s, nginx and browsers 60 to 75 s): else
# both let go at the same time, and the request that was on its way is torn off without an answer.
KEEP_ALIVE_SECONDS = 90


def limit_memory(megabytes: int | None) -> None:
    """Have what asks for more than so many megabytes of data fail with `MemoryError`."""
    if megabytes is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE, resource.RLIM_INFINITY))


def settle_in() -> None:
    """Tell the collector that what a process starts with stays; else it goes through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


async def beat(*, limit_seconds: float) -> None:
    """End this process, with the stack of every thread on standard error, when its loop stands still for so long.

    Who runs the service starts it again (`restart: always`). Not a signal nor a thread of ours: neither would run while
    a handler holds the interpreter.
    """
    loop = asyncio.get_running_loop()
    # Ctrl-Z is no standstill.
    loop.add_signal_handler(signal.SIGTSTP, _stand_by)
    try:
        while True:
            faulthandler.dump_traceback_later(limit_seconds, exit=True)
            await asyncio.sleep(limit_seconds / 10)
    finally:
        faulthandler.cancel_dump_traceback_later()
        loop.remove_signal_handler(signal.SIGTSTP)


def _stand_by() -> None:
    faulthandler.cancel_dump_traceback_later()
    signal.raise_signal(signal.SIGSTOP)
