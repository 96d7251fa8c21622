"""The loops of a service go on: whatever one bad moment does, they end only when they are told to."""

import asyncio

import pytest

from shared.plumbing.loops import end, for_ever


@pytest.mark.parametrize("moment", [asyncio.CancelledError, RuntimeError])
async def test_a_loop_that_one_bad_moment_ends_begins_again(moment: type[BaseException]) -> None:
    begun, again = 0, asyncio.Event()

    async def loop() -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise moment
        again.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(for_ever(loop))
    await asyncio.wait_for(again.wait(), timeout=15)
    await end(task)
    assert (begun, task.cancelled()) == (2, True)
