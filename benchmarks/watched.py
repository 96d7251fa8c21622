"""`athar`, with its statements and commits counted: `python -m benchmarks.watched up …`.

The counts go to the file that `ATHAR_BENCH_COUNTS` names, each time that a process gets SIGUSR1, and are zero again.
"""

import json
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from athar.cli import app

counts: Counter[str] = Counter()


def _statement(connection: Connection, _: Any, statement: str, *__: Any) -> None:
    service = str(connection.engine.url.database).rpartition("/")[2].removesuffix(".db")
    counts[f"{service} {statement.split(None, 1)[0].lower()}"] += 1


def _committed(connection: Connection) -> None:
    service = str(connection.engine.url.database).rpartition("/")[2].removesuffix(".db")
    counts[f"{service} commit"] += 1


def _write(*_: Any) -> None:
    path = Path(os.environ["ATHAR_BENCH_COUNTS"])
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(counts))
    draft.replace(path)
    counts.clear()


if __name__ == "__main__":
    event.listen(Engine, "before_cursor_execute", _statement)
    event.listen(Engine, "commit", _committed)
    signal.signal(signal.SIGUSR1, _write)
    app()
