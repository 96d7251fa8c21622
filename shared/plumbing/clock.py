"""The only place that asks the machine what time it is. Everything else is handed `now`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the instant that rules reckon with, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock: for leases always, for rules in production."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place


class ShiftedClock:
    """The machine's clock moved forward by the seconds written in a file: for demonstrations and tests.

    Every process of a stack reads the same file, so all of them move at once. Production refuses to start with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=float(self._path.read_text() or 0))


def shift_clock(path: Path, *, by: timedelta) -> None:
    """Move a `ShiftedClock` forward, for all who read it, in one step."""
    seconds = (float(path.read_text() or 0) if path.exists() else 0.0) + by.total_seconds()
    draft = path.with_suffix(".draft")
    draft.write_text(repr(seconds))
    draft.replace(path)
