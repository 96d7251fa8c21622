"""Events a second through the relay alone, the take-in alone and the worker alone.

The facts are referrals into research, so that each has one row of effect.
"""

import json
from typing import Any

from benchmarks.bench import Bench
from benchmarks.beside import beside
from benchmarks.stacks.running import Running
from benchmarks.stages import run_stages

STAGES = ("relay", "take_in", "worker")


def run(bench: Bench) -> dict[str, Any]:
    """Events a second of both sides, and the ratio."""
    return {kind: _on(bench, kind) for kind in bench.kinds}


def _on(bench: Bench, kind: str) -> dict[str, Any]:
    number = bench.sizes.events
    took = {}
    for side in ("floor", "athar"):
        with bench.tables_only(kind) as running:
            took[side] = stages(running, side=side, what="each", number=number)
    found: dict[str, Any] = {"events": number}
    for stage in STAGES:
        rates = {side: number / seconds[stage] for side, seconds in took.items()}
        found[stage] = {**rates, "ratio": rates["athar"] / rates["floor"]}
        bench.say(f"  {kind}, {stage}: {rates['athar']:.0f} events/s, the floor {rates['floor']:.0f}")
    return found


def stages(running: Running, *, side: str, what: str, number: int) -> dict[str, float]:
    """The seconds of each stage, measured in a process of its own."""
    out = running.folder / f"{side}-{what}.json"
    beside(running.environment, run_stages, side, what, number, out)
    took: dict[str, float] = json.loads(out.read_text())
    return took
