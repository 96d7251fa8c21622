"""Complete cases a second over HTTP, and how long each request takes; Athar and the floor in alternating order."""

import statistics
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from benchmarks.bench import Bench
from benchmarks.ledger import at_rest, commits, rows_by_table
from benchmarks.load import Load, run_load
from benchmarks.stacks.running import Running, wait_for

FLOOR, ATHAR = "floor", "athar"
TOO_SLOW_SECONDS = 20
"""A round that took longer is not repeated."""


@dataclass
class Side:
    """Athar or the floor, and what it did."""

    running: Running
    pace: float = 1.0
    loads: list[Load] = field(default_factory=list)
    cpu_ms_a_case: list[float] = field(default_factory=list)


def run(bench: Bench) -> dict[str, Any]:
    """A round of so many clients on one side, then on the other, and again the other way round."""
    return {kind: _on(bench, kind) for kind in bench.kinds}


def _on(bench: Bench, kind: str) -> dict[str, Any]:
    with ExitStack() as stack:
        sides = {
            FLOOR: Side(stack.enter_context(bench.floor(kind))),
            ATHAR: Side(stack.enter_context(bench.athar(kind))),
        }
        written = {name: _written_a_case(side, cases=bench.sizes.warm_up) for name, side in sides.items()}
        by_clients = {}
        for clients in bench.sizes.clients:
            for side in sides.values():
                side.loads, side.cpu_ms_a_case = [], []
            for number in range(bench.sizes.repeats):
                for name in (FLOOR, ATHAR) if number % 2 == 0 else (ATHAR, FLOOR):
                    if number and max(load.seconds for load in sides[name].loads) > TOO_SLOW_SECONDS:
                        continue
                    _round(bench, sides[name], clients)
                    load = sides[name].loads[-1]
                    bench.say(f"  {kind}, {clients} clients, {name}: {load.rate:.1f} cases/s of {load.cases}")
            by_clients[str(clients)] = _compare(sides)
        bench.rates[kind] = max(one[ATHAR]["cases_a_second"] for one in by_clients.values())
        bench.rates[f"{FLOOR} {kind}"] = max(one[FLOOR]["cases_a_second"] for one in by_clients.values())
    return {"by_clients": by_clients, "written_a_case": written}


def _written_a_case(side: Side, *, cases: int) -> dict[str, Any]:
    """Rows, and on PostgreSQL write transactions, that one case by itself leaves; it also tells the pace."""
    running = side.running
    run_load(running, clients=1, cases=cases)
    wait_for("rest", lambda: at_rest(running))
    rows_before, commits_before = rows_by_table(running), commits(running)
    side.pace = run_load(running, clients=1, cases=cases).rate
    wait_for("rest", lambda: at_rest(running))
    rows, after = rows_by_table(running), commits(running)
    by_table = {table: (number - rows_before.get(table, 0)) / cases for table, number in rows.items()}
    return {
        "rows": sum(by_table.values()),
        "by_table": by_table,
        "write_transactions": None if after is None or commits_before is None else (after - commits_before) / cases,
    }


def _round(bench: Bench, side: Side, clients: int) -> None:
    # As many cases as fill the time at the pace that was seen; more clients are given a chance to be faster.
    likely = side.loads[-1].rate if side.loads else side.pace
    cases = max(clients, min(bench.sizes.most_cases, int(likely * bench.sizes.seconds_a_round)))
    before = _cpu(side.running)
    side.loads.append(run_load(side.running, clients=clients, cases=cases))
    side.cpu_ms_a_case.append((_cpu(side.running) - before) / cases * 1000)
    side.pace = max(side.pace, side.loads[-1].rate)
    wait_for("rest", lambda: at_rest(side.running))


def _cpu(running: Running) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in running.all_processes())


def _compare(sides: dict[str, Side]) -> dict[str, Any]:
    told: dict[str, Any] = {name: _told(side) for name, side in sides.items()}
    told["ratio"] = told[ATHAR]["cases_a_second"] / told[FLOOR]["cases_a_second"]
    told["cpu_ratio"] = told[FLOOR]["server_cpu_ms_a_case"] / max(told[ATHAR]["server_cpu_ms_a_case"], 0.01)
    return told


def _told(side: Side) -> dict[str, Any]:
    loads = side.loads
    return {
        "cases_a_second": statistics.median(load.rate for load in loads),
        "rounds": [round(load.rate, 2) for load in loads],
        "cases": sum(load.cases for load in loads),
        "request_ms": {name: statistics.median(load.latency[name] for load in loads) for name in ("p50", "p95", "p99")},
        "step_ms": {step: round(seconds * 1000, 2) for step, seconds in loads[-1].by_step.items()},
        "looks_a_case": sum(load.looks for load in loads) / sum(load.cases for load in loads),
        "client_cpu_ms_a_case": 1000
        * sum(load.client_cpu_seconds for load in loads)
        / sum(load.cases for load in loads),
        "server_cpu_ms_a_case": statistics.median(side.cpu_ms_a_case),
    }
