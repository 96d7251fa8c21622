"""The way to a printed letter from an event loop: each in a process of its own that ends, whatever the letter says."""

import asyncio
import sys

from shared.letters.letter import Letter

SECONDS = 30.0
AT_ONCE = 2
"""So many letters are set together in a process: each takes a core and its share of memory."""


class LetterNotPrinted(Exception):
    """The typesetter ended in one of its bounds, or could not open the logo; never with a part of a letter."""


class Press:
    """Prints the letters of one process, a few at a time."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(AT_ONCE)

    async def print(self, letter: Letter) -> bytes:
        """The letter as a PDF. Raises `LetterNotPrinted`."""
        async with self._free:
            return await self._print(letter.model_dump_json().encode())

    async def _print(self, said: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "shared.letters",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # Nothing of ours: no key, no address, no path to them.
            env={"LANG": "C.UTF-8"},
        )
        made = b""
        try:
            async with asyncio.timeout(self._seconds):
                made, _ = await process.communicate(said)
        except TimeoutError:
            made = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or not made.startswith(b"%PDF-"):
            # Not what the typesetter said of it: that could repeat what the letter says.
            raise LetterNotPrinted
        return made
