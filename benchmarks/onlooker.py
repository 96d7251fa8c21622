"""Looks at the SQLite files of a stack every millisecond, and notes when facts are first seen told, and done elsewhere.

`python -m benchmarks.onlooker FOLDER OUT` until SIGTERM; then OUT holds the seconds of each hop.
"""

import json
import signal
import sqlite3
import sys
import time
from pathlib import Path

HOPS = (
    ("intake", "case.referred", "research"),
    ("intake", "case.referred", "notifications"),
    ("research", "case.answered", "intake"),
    ("intake", "case.closed", "feedback"),
)
"""Which service tells what, and where it takes effect."""
EVERY_SECONDS = 0.001


class Watched:
    """One database file, read afresh only when somebody committed."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self._version = -1
        self._last = self._connection.execute("SELECT coalesce(max(id), 0) FROM outbox_events").fetchone()[0]

    def changed(self) -> bool:
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        changed = version != self._version
        self._version = version
        return bool(changed)

    def told(self) -> list[tuple[str, str]]:
        """Id and type of each event since the last look."""
        sql = "SELECT id, event_id, type FROM outbox_events WHERE id > ? ORDER BY id"
        rows = self._connection.execute(sql, [self._last]).fetchall()
        self._last = rows[-1][0] if rows else self._last
        return [(event_id, type_) for _, event_id, type_ in rows]

    def is_done(self, event_id: str) -> bool:
        sql = "SELECT state = 'done' FROM inbox_messages WHERE event_id = ?"
        row = self._connection.execute(sql, [event_id]).fetchone()
        return row is not None and bool(row[0])


def watch(folder: Path, out: Path) -> None:
    names = {service for source, _, target in HOPS for service in (source, target)}
    databases = {name: Watched(folder / f"{name}.db") for name in names}
    waiting: dict[tuple[str, str], tuple[float, str]] = {}
    times: dict[str, list[float]] = {}
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    out.with_suffix(".ready").touch()
    while not stopped:
        now = time.perf_counter()
        changed = {name for name, database in databases.items() if database.changed()}
        for name in changed & {"intake", "research"}:
            for event_id, type_ in databases[name].told():
                for source, of_type, target in HOPS:
                    if source == name and of_type == type_:
                        waiting[event_id, target] = (now, f"{type_} → {target}")
        for (event_id, target), (since, hop) in list(waiting.items()):
            if target in changed and databases[target].is_done(event_id):
                times.setdefault(hop, []).append(now - since)
                del waiting[event_id, target]
        time.sleep(EVERY_SECONDS)
    out.write_text(json.dumps(times))


if __name__ == "__main__":
    watch(Path(sys.argv[1]), Path(sys.argv[2]))
