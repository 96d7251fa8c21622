"""A file handed to the inspection, and its verdict as a refusal in our words."""

import asyncio
import json
import sys
from enum import StrEnum
from typing import IO

from shared.language import errors
from shared.plumbing.files.inspection.verdict import MOST_POINTS

SECONDS = 60.0
AT_ONCE = 2
"""So many inspections run together in a process: each may take its share of a gigabyte, and a core."""


class Taken(StrEnum):
    """As what a file is looked at."""

    PAPER = "paper"
    TABLE = "table"


REFUSALS = (errors.FileTypeNotTaken, errors.FileUnreadable, errors.FileNotPlain, errors.ImageTooLarge)
REFUSALS_OF = {Taken.PAPER: REFUSALS, Taken.TABLE: (errors.TableUnreadable,)}


class Inspectors:
    """Inspections of one process, a few at a time."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def clean(self, file: IO[bytes], out: IO[bytes], *, taken: Taken = Taken.PAPER) -> str:
        """Write what is taken of `file` to `out`; its media type. Raises `REFUSALS_OF` what it is taken for."""
        async with self._free:
            verdict = await _inspect(file, out, taken=taken)
        if "type" in verdict:
            return verdict["type"]
        raise _table_refusal(verdict) if taken is Taken.TABLE else _refusal(verdict)


async def _inspect(file: IO[bytes], out: IO[bytes], *, taken: Taken) -> dict[str, str]:
    file.flush()
    file.seek(0)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "shared.plumbing.files.inspection",
        taken.value,
        stdin=file,
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
        # Nothing of ours: no key, no address, no path to them.
        env={"LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(SECONDS):
            _, said = await process.communicate()
    except TimeoutError:
        said = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        # It ended in a bound, or in a bug of a decoder: either way the file is not one that can be opened.
        return {"refused": errors.FileUnreadable.code}
    verdict: dict[str, str] = json.loads(said.splitlines()[-1])
    return verdict


def _refusal(verdict: dict[str, str]) -> errors.Refusal:
    kind = next(kind for kind in REFUSALS if kind.code == verdict["refused"])
    if kind is errors.FileNotPlain:
        refusal = kind(field="file", what=verdict["en"])
        refusal.facts_ar = {"what": verdict["ar"]}
        return refusal
    return kind(field="file", limit=MOST_POINTS // 1_000_000) if kind is errors.ImageTooLarge else kind(field="file")


def _table_refusal(verdict: dict[str, str]) -> errors.Refusal:
    # Without words it ended in a bound of its process.
    refusal = errors.TableUnreadable(field="file", what=verdict.get("en") or "it is damaged or too large")
    refusal.facts_ar = {"what": verdict.get("ar") or "هو تالف أو أكبر من الحد"}
    return refusal
