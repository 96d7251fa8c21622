"""`python -m benchmarks [PART…]`: measure, show the table, and keep the results with the machine's facts."""

import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.bench import Bench, Sizes
from benchmarks.machine import facts
from benchmarks.report import HEADINGS, lines_of, markdown
from benchmarks.stacks.servers import servers
from shared.plumbing.clock import SystemClock

PARTS = ("cases", "latency", "stream", "catch-up", "start", "growth", "looks", "imports")
RESULTS = Path(__file__).parent / "results"
console = Console(stderr=True)


class Stack(StrEnum):
    """Where to measure."""

    BOTH = "both"
    EMBEDDED = "embedded"
    POSTGRES = "postgres"


def main(
    parts: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(PARTS)}; all when none is named.")] = None,
    stack: Annotated[Stack, typer.Option(help="Growth is measured embedded, unless this says postgres.")] = Stack.BOTH,
    million: Annotated[bool, typer.Option("--million", help="Growth goes on to 1,000,000 cases.")] = False,  # noqa: FBT002
    results: Annotated[Path, typer.Option(help="The folder for the results.")] = RESULTS,
) -> None:
    """Measure Athar, and the floor beside it."""
    chosen = parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        raise typer.BadParameter(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    sizes = Sizes()
    if million:
        sizes = replace(sizes, grown=(*sizes.grown, 1_000_000))
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="athar-bench-")))
        found = opened.enter_context(servers()) if stack is not Stack.EMBEDDED else None
        kinds = () if stack is Stack.BOTH else (stack.value,)
        bench = Bench(folder, sizes, found, _teller(), only=kinds, growth_on_servers=stack is Stack.POSTGRES)
        told = measure(bench, chosen)
    _keep(told, results)
    _show(told)


def measure(bench: Bench, parts: list[str]) -> dict[str, Any]:
    """Every part in turn; plain data."""
    told: dict[str, Any] = {"date": SystemClock().now().isoformat(timespec="seconds"), "machine": facts()}
    for number, part in enumerate(parts, 1):
        began = time.perf_counter()
        bench.say(f"{number}/{len(parts)} {part}")
        told[part] = importlib.import_module(f"benchmarks.parts.{part.replace('-', '_')}").run(bench)
        bench.say(f"  {part} took {time.perf_counter() - began:.0f} s")
    told["load_average_after"] = os.getloadavg()
    return told


def _teller() -> Callable[[str], None]:
    began = time.perf_counter()

    def say(words: str) -> None:
        console.print(f"{time.perf_counter() - began:5.0f} s  {words}", soft_wrap=True, highlight=False)

    return say


def _keep(told: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = told["date"].replace(":", "-").removesuffix("+00-00")
    (folder / f"{name}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    (folder / f"{name}.md").write_text(markdown(told))
    console.print(f"Kept in {folder / name}.json and .md")


def _show(told: dict[str, Any]) -> None:
    table = Table(*HEADINGS)
    for line in lines_of(told):
        table.add_row(*line.cells, style="red" if line.passed is False else None)
    # Wide enough for the table in a file or a pipe too.
    Console(width=None if sys.stdout.isatty() else 160).print(table)


if __name__ == "__main__":
    typer.run(main)
