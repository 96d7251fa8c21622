"""The folder of sealed files: a file is whole and durable there before the row that names it, and never half.

incoming/…            drafts; renamed to their place when they are whole, swept after an hour
2026-11-21/3f…        sealed files, by the day of their arrival, under names that say nothing
2026-11-21/swept      the day is over, and what no row names was taken away
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryFile
from typing import IO

from shared.plumbing.files.sealing import new_key, read_sealed, write_sealed

INCOMING, SWEPT = "incoming", "swept"
DRAFT_KEPT = timedelta(hours=1)
ORPHAN_KEPT = timedelta(days=1)
AT_ONCE = 200


@dataclass
class Kept:
    """A sealed file in its place. `taken` once a row names it in the transaction at hand."""

    place: str
    key: bytes
    size: int
    digest: str
    taken: bool = False


class Cabinet:
    """The files of one service."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def spool(self) -> IO[bytes]:
        """A file without a name, for what arrives: it is gone with the process, however that ends."""
        return TemporaryFile(dir=self._made(INCOMING))

    def keep(self, plain: IO[bytes], *, now: datetime) -> Kept:
        """Seal a whole file and bring it to its place, on the disk for good."""
        place = f"{now:%Y-%m-%d}/{token_hex(20)}"
        draft, key = self._made(INCOMING) / token_hex(20), new_key()
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as sealed:
                plain.seek(0)
                size, digest = write_sealed(plain, sealed, key=key)
                sealed.flush()
                os.fsync(sealed.fileno())
            day = self._made(place.partition("/")[0])
            draft.rename(self._folder / place)
            _make_durable(day)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return Kept(place=place, key=key, size=size, digest=digest)

    def open(self, place: str, *, key: bytes, first: int = 0) -> Iterator[bytes]:
        """The plain pieces of the file from the `first` on; `StopIteration` where there are not so many.

        Raises `FileNotFoundError` or `FileDamaged`; of a later piece on the way.
        """
        file = (self._folder / place).open("rb")
        pieces = read_sealed(file, key=key, first=first)
        try:
            opened = next(pieces)
        except BaseException:
            file.close()
            raise
        return _closing(file, opened, pieces)

    def discard(self, place: str) -> None:
        (self._folder / place).unlink(missing_ok=True)

    def days_to_sweep(self, *, now: datetime) -> list[Path]:
        """Drafts of processes that died are taken away; the days that are over and not yet swept are named."""
        for draft in self._files(self._folder / INCOMING):
            if _age(draft, now) > DRAFT_KEPT:
                draft.unlink(missing_ok=True)
        last = f"{now - ORPHAN_KEPT:%Y-%m-%d}"
        days = [day for day in self._files(self._folder) if day.is_dir() and day.name != INCOMING]
        return [day for day in sorted(days) if day.name < last and not (day / SWEPT).exists()]

    def places_on(self, day: Path) -> list[str]:
        return [f"{day.name}/{file.name}" for file in self._files(day) if file.name != SWEPT]

    def mark_swept(self, day: Path) -> None:
        (day / SWEPT).touch()

    def _files(self, folder: Path) -> list[Path]:
        with suppress(FileNotFoundError):
            return list(folder.iterdir())
        return []

    def _made(self, name: str) -> Path:
        folder = self._folder / name
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_durable(self._folder)
        return folder


async def sweep(cabinet: Cabinet, *, now: datetime, named: Callable[[list[str]], Awaitable[set[str]]]) -> int:
    """Take away what died between its place and its row; `named` says which places some row names. How many those were.

    Only days that are over: no request lasts into the day after next, so nobody is about to name one of them.
    """
    taken = 0
    for day in await asyncio.to_thread(cabinet.days_to_sweep, now=now):
        places = await asyncio.to_thread(cabinet.places_on, day)
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            for orphan in set(some) - await named(some):
                cabinet.discard(orphan)
                taken += 1
        cabinet.mark_swept(day)
    return taken


def _closing(file: IO[bytes], first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with file:
        yield first
        yield from pieces


def _age(file: Path, now: datetime) -> timedelta:
    with suppress(FileNotFoundError):
        return timedelta(seconds=now.timestamp() - file.stat().st_mtime)
    return timedelta()


def _make_durable(folder: Path) -> None:
    """Names lie in their folder: without this a power cut may forget the file that the row will name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
