"""What the demonstration prints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from athar.demo.checks import Findings
from athar.demo.walk import Walk
from shared.language.calendar import RIYADH
from shared.language.clauses import Clause

WIDE_ENOUGH = 150


def wide(console: Console) -> Console:
    """The console, or where nobody looks at it (a pipe, a log) one on which the tables do not fold."""
    return console if console.is_terminal else Console(width=WIDE_ENOUGH, file=console.file)


def print_timelines(console: Console, walk: Walk, findings: Findings) -> None:
    """Every case's file: when (in both calendars), what, who, where, and the clauses that it shows kept."""
    for walker in walk.walkers:
        table = Table(
            title=f"{walker.reference} · {walker.channel.value} · {walker.service.name.ar} · {walker.fate.value}",
            title_justify="left",
            box=None,
            padding=(0, 1),
        )
        for column in ("day", "time", "fact", "who", "where", "clauses"):
            table.add_column(column, overflow="fold")
        for entry in findings.timelines[walker.reference]:
            table.add_row(
                entry["day"],
                datetime.fromisoformat(entry["at"]).astimezone(RIYADH).strftime("%H:%M"),
                " ".join([entry["event"], *_facts(entry["facts"])]),
                entry["person_id"],
                entry["branch_id"] or ("-" if entry["role"] is None else "head office"),
                " ".join(entry["clauses"]),
            )
        console.print(table)
        console.print()


def print_conformance(console: Console, findings: Sequence[Findings]) -> None:
    """Clause by clause and association by association: how often it was shown kept, and where last."""
    table = Table(
        title="Conformance · المطابقة: how often each clause was shown kept · the last case or fact; · is not adopted",
        title_justify="left",
    )
    table.add_column("clause", no_wrap=True)
    for found in findings:
        table.add_column(found.association_id, justify="right")
    lines = {found.association_id: {line["clause"]: line for line in found.conformance} for found in findings}
    for clause in Clause:
        table.add_row(clause, *(_cell(lines[found.association_id].get(clause)) for found in findings))
    console.print(table)


def _cell(line: dict[str, Any] | None) -> str:
    if line is None:
        return "·"
    if not line["count"]:
        return "[bold red]no evidence[/]"
    # A case's running number, or where no case is concerned what the fact was about.
    where = line["last_reference"].rpartition("-")[2] if line["last_reference"] else line["last_event"].split(".")[0]
    return f"{line['count']} · {where}"


def _facts(facts: dict[str, str]) -> list[str]:
    return [value for name, value in facts.items() if name not in {"round", "floor_days", "text_version"} and value]
