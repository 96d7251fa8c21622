"""From a commit in one service to the effect in the next, idle and at half of the full load.

On PostgreSQL the server notes when each transaction was committed: the request's own row (its kept answer) against the
inbox row of the listening service, which is written last when it is done. On SQLite an onlooker in a process of its own
looks at the files every millisecond, and notes by the monotonic clock when it first sees each.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.ledger import query
from benchmarks.load import Load, percentiles, run_load
from benchmarks.onlooker import HOPS
from benchmarks.stacks.running import Running, end, spawn, wait_for

FEWEST, MOST_ALONE = 2, 30
"""Cases: at least so many, and at most so many by one walker alone, who leaves the stack idle between his steps."""
STEP_OF = {"case.referred": "referral", "case.answered": "decision", "case.closed": "closing"}
BAR_MS = 50


def run(bench: Bench) -> dict[str, Any]:
    """Percentiles in milliseconds for Athar and the floor."""
    return {kind: _on(bench, kind) for kind in bench.kinds}


def _on(bench: Bench, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, stack in (("floor", bench.floor), ("athar", bench.athar)):
        with stack(kind) as running:
            warm = run_load(running, clients=FEWEST, cases=FEWEST)
            full = bench.rates.get(kind if name == "athar" else f"floor {kind}", warm.rate)
            found[name] = {
                "idle": _measure(running, clients=1, rate=None, cases=_cases(bench, warm.rate / 2, MOST_ALONE)),
                "half_load": _measure(running, clients=64, rate=full / 2, cases=_cases(bench, full / 2)),
                "full_rate_taken": full,
            }
        for when in ("idle", "half_load"):
            bench.say(f"  {kind}, {name}, {when}: p99 {found[name][when]['all']['p99']} ms")
    found["ratio_p99_half_load"] = found["athar"]["half_load"]["all"]["p99"] / max(
        found["floor"]["half_load"]["all"]["p99"], 0.01
    )
    return found


def _cases(bench: Bench, rate: float, most: int | None = None) -> int:
    """As many as fill the time."""
    cases = max(FEWEST, int(rate * bench.sizes.latency_seconds))
    return cases if most is None else min(cases, most)


def _measure(running: Running, *, clients: int, rate: float | None, cases: int) -> dict[str, Any]:
    if running.on_sqlite:
        times = _seen_by_onlooker(running, clients=clients, cases=cases, rate=rate)
    else:
        load = run_load(running, clients=clients, cases=cases, at_rate=rate)
        times = _noted_by_postgres(running, load)
    everything = [seconds for of_one in times.values() for seconds in of_one]
    return {"begun_a_second": rate, "all": percentiles(everything)} | {
        hop: percentiles(seconds) for hop, seconds in times.items()
    }


def _seen_by_onlooker(running: Running, *, clients: int, cases: int, rate: float | None) -> dict[str, list[float]]:
    out = running.folder / "seen.json"
    out.unlink(missing_ok=True)
    files = [url.partition("///")[2] for url in running.databases.values()]
    folder = str(Path(files[0]).parent)
    onlooker = spawn(running.folder / "onlooker.log", ["-m", "benchmarks.onlooker", folder, str(out)], {})
    try:
        ready = out.with_suffix(".ready")
        wait_for("the onlooker", lambda: ready.exists() or onlooker.poll() is not None)
        run_load(running, clients=clients, cases=cases, at_rate=rate)
    finally:
        ready.unlink(missing_ok=True)
        _stop(onlooker)
    times: dict[str, list[float]] = json.loads(out.read_text())
    return times


def _stop(process: subprocess.Popen[bytes]) -> None:
    end([process])


def _noted_by_postgres(running: Running, load: Load) -> dict[str, list[float]]:
    names = {case_id: name for name, case_id in load.case_ids.items()}
    committed = {
        service: _instants(running, service, "idempotent_answers", "idempotency_key")
        for service in ("intake", "research")
    }
    times: dict[str, list[float]] = {}
    for source, type_, target in HOPS:
        done = query(
            running,
            target,
            "SELECT key, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM inbox_messages"  # noqa: S608
            f" WHERE type = '{type_}' AND state = 'done'",
        )
        for case_id, instant in done:
            if (name := names.get(case_id)) is not None:
                began = committed[source][f"{name}:{STEP_OF[type_]}"]
                times.setdefault(f"{type_} → {target}", []).append(float(instant) - began)
    return times


def _instants(running: Running, service: str, table: str, column: str) -> Mapping[str, float]:
    sql = f"SELECT {column}, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM {table}"  # noqa: S608
    return {row[0]: float(row[1]) for row in query(running, service, sql)}
