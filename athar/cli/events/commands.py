"""The commands, and how what they found is shown."""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.table import Column, Table

from athar.catalogue import SERVICES
from athar.cli.events.lag import NEWEST, Gap, gaps_of
from athar.cli.events.story import Line, case_id_of, story_of
from athar.cli.events.tail import LOOK_SECONDS, follow
from athar.cli.installation import DATA, Data, find, known, opened
from athar.cli.words import counted, instant, lasting, wide
from shared.plumbing.tell_again import tell_again
from shared.plumbing.timers import TIMER
from shared.plumbing.trail import Told

app = typer.Typer(no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


@app.command()
def story(
    case: Annotated[str, typer.Argument(help="The case's id, or its reference.")],
    data: Data = DATA,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Every fact and timer about a case, across the services, in order of time. What they say is not shown."""

    async def read() -> list[Line]:
        async with opened() as runtimes:
            return await story_of(runtimes, await case_id_of(runtimes, case))

    find(data)
    lines = asyncio.run(read())
    if not lines:
        typer.echo(f"Nothing was told about “{case}”.", err=True)
        raise typer.Exit(1)
    if as_json:
        for line in lines:
            typer.echo(_json(asdict(line)))
        return
    table = Table("when (UTC)", "told by", "who", "what", "seq", *(f"→ {name}" for name in SERVICES))
    for line in lines:
        became = {arrival.service: arrival.words for arrival in line.arrivals}
        cells = (became.get(name, "") for name in SERVICES)
        table.add_row(instant(line.at), line.service, line.who, line.what, str(line.seq or ""), *cells)
    wide().print(table)
    typer.echo("Under each service: how long it took from told, or due, to effect; else where it stands there.")


@app.command()
def tail(
    data: Data = DATA,
    service: Annotated[str | None, typer.Option(help="Only what this service tells.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="Only facts of this type, such as case.referred.")] = None,
    last: Annotated[int, typer.Option(min=0, max=500, help="How many of the past are shown first.")] = 10,
    stay: Annotated[bool, typer.Option("--follow/--no-follow", help="Go on until Ctrl-C.")] = True,  # noqa: FBT002
) -> None:
    """What the services tell, newest last, until Ctrl-C."""

    async def watch() -> None:
        async with opened([known(service)] if service else SERVICES) as runtimes:
            async for name, told in follow(runtimes, kind=kind, last=last, every=LOOK_SECONDS if stay else 0):
                typer.echo(_told(name, told))

    find(data)
    with suppress(KeyboardInterrupt):
        asyncio.run(watch())


@app.command()
def lag(
    data: Data = DATA,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """How far each consumer is behind each producer, and what waits or lies dead."""

    async def read() -> list[Gap]:
        async with opened() as runtimes:
            return await gaps_of(runtimes)

    find(data)
    gaps = asyncio.run(read())
    if as_json:
        for gap in gaps:
            typer.echo(_json(asdict(gap) | {"waiting": gap.waiting.model_dump()}))
        return
    table = Table("from", "to", *(Column(name, justify="right") for name in _FIGURES))
    for gap in gaps:
        table.add_row(gap.producer, gap.consumer, *_figures(gap), style=None if gap.quiet else "bold")
    wide().print(table)
    if any(gap.unread is None or gap.unacknowledged is None for gap in gaps):
        typer.echo("? is not known: the stream is away, has no such group yet, or removed entries since.")


@app.command()
def again(
    case: Annotated[str, typer.Argument(help="The case's id, or its reference.")],
    data: Data = DATA,
    service: Annotated[str | None, typer.Option(help="Only what this service told.")] = None,
) -> None:
    """Have all that was told about a case published again, for a listener whom an entry never reached whole.

    Who has it already does nothing.
    """

    async def publish() -> int:
        told = 0
        async with opened() as runtimes:
            case_id = await case_id_of(runtimes, case)
            for name in [known(service)] if service else SERVICES:
                async with runtimes[name].database.write() as session:
                    told += await tell_again(session, key=case_id)
        return told

    find(data)
    typer.echo(f"{asyncio.run(publish()):,} facts will be published again.")


_FIGURES = ("unsent", "oldest", "not taken in", "unread", "unacknowledged", "due", "oldest due", "dead", "behind dead")


def _figures(gap: Gap) -> list[str]:
    waiting = gap.waiting
    inside = [counted(waiting.due), _since(waiting.oldest_due), counted(waiting.dead), counted(waiting.behind_dead)]
    if gap.producer == TIMER:
        return [""] * 5 + inside
    missing = f"{gap.not_taken_in:,}" + ("+" if gap.not_taken_in >= NEWEST else "")
    stream = ["?" if figure is None else f"{figure:,}" for figure in (gap.unread, gap.unacknowledged)]
    return [counted(gap.unsent), _since(gap.oldest_unsent), missing, *stream, *inside]


def _told(name: str, told: Told) -> str:
    unsent = "" if told.published else "  (unsent)"
    return f"{instant(told.at)}  {name:<13}  {told.type:<24}  {told.key}  #{told.seq}  {told.who}{unsent}"


def _since(span: timedelta) -> str:
    return lasting(span) if span else "-"


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(type(value).__name__)
