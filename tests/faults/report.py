"""The account of many runs, as a page."""

import re
from collections import Counter
from pathlib import Path
from statistics import median

from tests.faults.run import Outcome

NUMBER = re.compile(r"\b\d+\b(?= (bytes|of them))")


def write_report(path: Path, outcomes: list[Outcome], *, seed: int) -> None:
    """What was done to the services, and what came of it."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(_lines(outcomes, seed=seed)) + "\n", encoding="utf-8")


def _lines(outcomes: list[Outcome], *, seed: int) -> list[str]:
    lines = ["# Fault runs", "", f"First seed {seed}.", "", *_table(outcomes), "", "## Faults injected", ""]
    faults = Counter(NUMBER.sub("…", fault.split(" after ")[0]) for outcome in outcomes for fault in outcome.faults)
    kills = Counter(f"stopped at {point} ({act})" for outcome in outcomes for _, point, act, _ in outcome.reached)
    lines += [f"- {times} × {fault}" for fault, times in sorted((faults + kills).items())]
    lines += ["", "## Violations", ""]
    broken = [outcome for outcome in outcomes if outcome.violations]
    for outcome in broken:
        lines += [f"### {outcome.kind}, seed {outcome.seed}: {outcome.name}", ""]
        lines += [f"- fault: {fault}" for fault in outcome.faults]
        lines += [f"- {sentence}" for sentence in outcome.violations] + [""]
    return lines if broken else [*lines, "None."]


def _table(outcomes: list[Outcome]) -> list[str]:
    lines = [
        "| stack | runs | cases | answered requests | asked again | deaths | violations | drain median, longest (s) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in sorted({outcome.kind for outcome in outcomes}):
        of = [outcome for outcome in outcomes if outcome.kind == kind]
        drains = [outcome.drain_seconds for outcome in of]
        lines.append(
            f"| {kind} | {len(of)} | {sum(o.cases for o in of)} | {sum(o.answered for o in of)} "
            f"| {sum(o.retried for o in of)} | {sum(o.deaths for o in of)} | {sum(len(o.violations) for o in of)} "
            f"| {median(drains):.1f}, {max(drains):.1f} |"
        )
    return lines
