"""What it costs that every look at a case is durable before its answer leaves: the same reads with it and without."""

import asyncio
import statistics
import time
from typing import Any

import uvloop

from benchmarks.bench import Bench
from benchmarks.client import Client, Timings
from benchmarks.ledger import at_rest, query
from benchmarks.load import run_load
from benchmarks.stacks.running import Running, wait_for
from benchmarks.walk import FRONT

KEPT, UNKEPT = "kept", "unkept"
READERS = (1, 16)
READS = {"a case": "/cases/{case}", "a page of the list": "/cases?limit=50"}
CASES = 50


def run(bench: Bench) -> dict[str, Any]:
    """Milliseconds of each read and reads a second, by how many read at once."""
    found: dict[str, Any] = {}
    for kind in bench.kinds:
        with bench.athar(kind) as kept, bench.athar(kind, module="benchmarks.untrailed") as unkept:
            sides = {KEPT: kept, UNKEPT: unkept}
            known = {name: _some_case(bench, running) for name, running in sides.items()}
            found[kind] = {
                f"{what}, {readers} at once": _compare(bench, sides, known, path, readers)
                for what, path in READS.items()
                for readers in READERS
            }
        for name, one in found[kind].items():
            bench.say(f"  {kind}: {name}: {one[KEPT]['p50']:.2f} ms kept, {one[UNKEPT]['p50']:.2f} ms without")
    return found


def _some_case(bench: Bench, running: Running) -> str:
    run_load(running, clients=4, cases=min(CASES, bench.sizes.most_cases))
    wait_for("rest", lambda: at_rest(running))
    return str(query(running, "intake", "SELECT id FROM cases LIMIT 1")[0][0])


def _compare(
    bench: Bench, sides: dict[str, Running], known: dict[str, str], path: str, readers: int
) -> dict[str, dict[str, float]]:
    rounds: dict[str, list[list[float]]] = {name: [] for name in sides}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    # In turn, so that whatever else the machine does hits both.
    for _ in range(max(bench.sizes.repeats * 2, 2)):
        for name, running in sides.items():
            began = time.perf_counter()
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                rounds[name].append(
                    runner.run(_reads(running, path.format(case=known[name]), readers, bench.sizes.calls))
                )
            seconds[name].append(time.perf_counter() - began)
    told = {}
    for name, some in rounds.items():
        # The first round fills caches.
        times = sorted(one for some_of_round in some[1:] for one in some_of_round)
        told[name] = {
            "p50": statistics.median(times) * 1000,
            "p95": times[int(len(times) * 0.95)] * 1000,
            "a_second": len(times) / sum(seconds[name][1:]),
        }
    return told


async def _reads(running: Running, path: str, readers: int, calls: int) -> list[float]:
    times: list[float] = []

    async def reader() -> None:
        client = Client(running.addresses, running.tokens, Timings())
        for _ in range(max(calls // readers, 1)):
            began = time.perf_counter()
            await client.get("intake", path, role=FRONT)
            times.append(time.perf_counter() - began)
        client.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(readers):
            group.create_task(reader())
    return times
