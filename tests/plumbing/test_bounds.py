"""A process that stands still ends itself and says where; one that eats memory is refused more."""

import subprocess
import sys

HANGS = """
import asyncio, re
from athar.stack.bounds import beat
async def main():
    asyncio.get_running_loop().create_task(beat(limit_seconds=0.3))
    await asyncio.sleep(0)
    stands_still()
def stands_still():
    re.match(r"(a+)+$", "a" * 60 + "b")
asyncio.run(main())
"""
WORKS = """
import asyncio
from athar.stack.bounds import beat
async def main():
    asyncio.get_running_loop().create_task(beat(limit_seconds=0.3))
    await asyncio.sleep(1)
asyncio.run(main())
"""
EATS = """
from athar.stack.bounds import limit_memory
limit_memory(300)
try:
    bytearray(2_000_000_000)
except MemoryError:
    print("refused")
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


def test_a_loop_that_stands_still_ends_its_process_even_where_the_interpreter_is_held() -> None:
    ended = run(HANGS)
    assert ended.returncode == 1
    assert "stands_still" in ended.stderr


def test_a_loop_that_goes_on_is_left_alone() -> None:
    assert run(WORKS).returncode == 0


def test_more_memory_than_allowed_is_refused_and_the_process_goes_on() -> None:
    assert run(EATS).stdout == "refused\n"
