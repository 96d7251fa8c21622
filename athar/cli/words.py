"""How figures are shown to an operator."""

from datetime import datetime, timedelta

from rich.console import Console

from shared.plumbing.standing import COUNTED


def lasting(span: timedelta) -> str:
    """A span of time in its two largest units at most: `12 ms`, `3.2 s`, `4 min`, `14 d 3 h`."""
    seconds = span.total_seconds()
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours < 1:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60} min"
    return f"{hours // 24} d {hours % 24} h"


def counted(number: int) -> str:
    """A count that stops at a limit says so."""
    return f"{number:,}+" if number >= COUNTED else f"{number:,}"


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def wide() -> Console:
    """As wide as a table needs where the output is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=200)
