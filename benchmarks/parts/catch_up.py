"""A consumer was away for an hour: how long it needs for what was told meanwhile.

The hour is one of 10,000 cases a day within eight hours: 1,250 cases with seven facts each. Research is started on the
stream that holds them all, and each case's referral opens a review.
"""

import time
from typing import Any

from benchmarks.bench import Bench
from benchmarks.ledger import query
from benchmarks.parts.stream import stages
from benchmarks.stacks.running import Running, wait_for

DONE = "SELECT count(*) FROM inbox_messages WHERE state = 'done'"
LOOK_EVERY = 0.1
WORKERS = {"athar": ("-m", "athar", "work", "research"), "floor": ("-m", "benchmarks.floor", "work", "research")}


def run(bench: Bench) -> dict[str, Any]:
    """Seconds from the consumer's first effect to the last, and from its start."""
    return {kind: _on(bench, kind) for kind in bench.kinds}


def _on(bench: Bench, kind: str) -> dict[str, Any]:
    number = bench.sizes.catch_up_events
    found: dict[str, Any] = {"events": number}
    for side in ("floor", "athar"):
        with bench.tables_only(kind) as running:
            stages(running, side=side, what="publish", number=number)
            found[side] = _drain(running, side, number)
        bench.say(f"  {kind}, {side}: {number} events caught up in {found[side]['seconds']:.1f} s")
    found["ratio"] = found["floor"]["seconds"] / found["athar"]["seconds"]
    return found


def _drain(running: Running, side: str, number: int) -> dict[str, float]:
    began = time.perf_counter()
    running.spawn("work", *WORKERS[side])
    wait_for("the first effect", lambda: _done(running) > 0, every=LOOK_EVERY, within=120)
    first, before = time.perf_counter(), _done(running)
    wait_for("the last effect", lambda: _done(running) == number, every=LOOK_EVERY, within=600)
    last = time.perf_counter()
    return {
        "seconds": last - began,
        "seconds_from_first_effect": last - first,
        "events_a_second": (number - before) / max(last - first, LOOK_EVERY),
    }


def _done(running: Running) -> int:
    return int(query(running, "research", DONE)[0][0])
