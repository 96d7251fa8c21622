"""`make faults`: many runs, a progress bar, a report; ends with 1 when a promise was broken."""

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from shared.plumbing.stop_points import StopPoint
from tests.faults.ground import SqliteTemplates
from tests.faults.places import SqlitePlace
from tests.faults.processes import open_nursery
from tests.faults.report import write_report
from tests.faults.run import Outcome
from tests.faults.stop_plans import StopPlan, stops_at

LARGEST_SEED = 1_000_000
REPORT = Path(".faults/report.md")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--stack", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--keep", type=Path, default=None, help="a folder for the runs that went wrong")
    options = parser.parse_args()
    logging.getLogger("athar").setLevel(logging.ERROR)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(LARGEST_SEED)
    alone = options.seed is not None and options.runs == 1
    kinds = ("sqlite", "postgresql") if options.stack == "both" else (options.stack,)
    keep = options.keep or Path(tempfile.mkdtemp(prefix="athar-faults-"))
    keep.mkdir(parents=True, exist_ok=True)
    # Whoever ends us early ends the containers as well.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    outcomes = asyncio.run(_all(kinds, seed=seed, runs=options.runs, alone=alone, folder=keep))
    broken = [outcome for outcome in outcomes if outcome.violations]
    console = Console()
    console.print(f"{len(outcomes)} runs, {sum(len(o.violations) for o in outcomes)} violations; the report: {REPORT}")
    for outcome in broken:
        again = f"make faults RUNS=1 STACK={outcome.kind} SEED={outcome.seed}"
        console.print(f"[red]{outcome.name}[/]: {outcome.violations[0]}\n  {again}\n  {outcome.folder}", soft_wrap=True)
    return 1 if broken else 0


async def _all(kinds: tuple[str, ...], *, seed: int, runs: int, alone: bool, folder: Path) -> list[Outcome]:
    outcomes: list[Outcome] = []
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        async with open_nursery() as nursery, asyncio.TaskGroup() as group:
            for kind in kinds:
                task = progress.add_task(kind, total=runs + (0 if alone else len(StopPoint) + (kind == "postgresql")))

                async def one_kind(kind: str = kind, task: Any = task) -> None:
                    async with _place(kind, folder, nursery) as place:
                        async for outcome in _runs(place, seed=seed, runs=runs, alone=alone, folder=folder):
                            outcomes.append(outcome)
                            write_report(REPORT, outcomes, seed=seed)
                            wrong = sum(bool(o.violations) for o in outcomes if o.kind == kind)
                            progress.update(
                                task, advance=1, description=f"{kind}, {wrong} wrong, last seed {outcome.seed}"
                            )

                group.create_task(one_kind())
    return outcomes


async def _runs(place: Any, *, seed: int, runs: int, alone: bool, folder: Path) -> AsyncIterator[Outcome]:
    """First every stop point in every service, then what the seeds draw."""
    own = folder / f"plans-{place.kind}"
    own.mkdir(exist_ok=True)
    for point in () if alone else StopPoint:
        plan = StopPlan(stops_at([point]), own)
        outcome = await place.run(seed=seed, trouble=plan.trouble, stops=plan.stops, switches=plan.switches)
        outcome.name = f"stop at {point.value} in each service"
        outcome.violations += [f"{missed} was never reached" for missed in plan.missed(outcome.reached)]
        yield outcome
    for name, trouble in () if alone else place.long_troubles.items():
        outcome = await place.run(seed=seed, trouble=trouble)
        outcome.name = name
        yield outcome
    for number in range(runs):
        yield await place.run(seed=seed + number)


@asynccontextmanager
async def _place(kind: str, folder: Path, nursery: Any) -> AsyncIterator[Any]:
    (templates := folder / f"templates-{kind}").mkdir(exist_ok=True)
    sqlite = SqliteTemplates(templates)
    if kind == "sqlite":
        await sqlite.make()
        yield SqlitePlace(folder, nursery, sqlite)
    else:
        from tests.faults.postgres import open_postgres_place

        async with open_postgres_place(folder, nursery, sqlite.secrets) as place:
            yield place


if __name__ == "__main__":
    sys.exit(main())
