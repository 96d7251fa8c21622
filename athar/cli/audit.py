"""`athar audit`: whether the trail is whole, what it says, and who was touched."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlmodel.ext.asyncio.session import AsyncSession

from athar.catalogue import SERVICES
from athar.cli.events.story import case_id_of
from athar.cli.installation import DATA, Data, find, known, opened
from athar.cli.words import wide
from shared.plumbing.audit.checking import Broken, broken_in, broken_links, size_of
from shared.plumbing.audit.cutting import TooYoung
from shared.plumbing.audit.cutting import cut as cut_in
from shared.plumbing.audit.reading import Seen, page_of
from shared.plumbing.audit.reading import touched as touched_in
from shared.plumbing.audit.words import case_chain
from shared.plumbing.clock import SystemClock
from shared.plumbing.database import Database
from shared.plumbing.service import Runtime

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True)

SHOWN_BROKEN = 20
TOUCHED_AT_ONCE = 1_000

OneService = Annotated[str | None, typer.Argument(help="The service; all when left out.")]
OfCase = Annotated[str | None, typer.Option("--case", help="A case, by its id or its reference.")]
Instant = Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="In UTC.")]


@app.command()
def verify(service: OneService = None, data: Data = DATA, case: OfCase = None) -> None:
    """Walk every chain, or one case's. Exit 0: all are whole. Exit 1: the first broken link of each that is not."""

    async def walk() -> int:
        broken = 0
        async with opened() as runtimes:
            case_id = None if case is None else await case_id_of(runtimes, case)
            for name in [known(service)] if service else SERVICES:
                look = _whole(name, runtimes[name]) if case_id is None else _case(name, runtimes[name], case_id)
                found = await look
                for one in found[:SHOWN_BROKEN]:
                    typer.echo(f"BROKEN {name} {one}")
                if len(found) > SHOWN_BROKEN:
                    typer.echo(f"BROKEN {name}: {len(found) - SHOWN_BROKEN:,} more chains")
                broken += len(found)
        return broken

    find(data)
    if asyncio.run(walk()):
        raise typer.Exit(1)


async def _whole(name: str, runtime: Runtime) -> list[Broken]:
    total, walked = await size_of(runtime.database), 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) if console.is_terminal else nullcontext() as bar:
        task = bar.add_task(name, total=total) if bar else None

        def step(entries: int) -> None:
            nonlocal walked
            walked += entries
            if bar is not None and task is not None:
                bar.update(task, completed=walked)

        found = [broken async for broken in broken_links(runtime.database, walked=step)]
    if not found:
        typer.echo(f"{name}: {walked:,} entries, every chain is whole.")
    return found


async def _case(name: str, runtime: Runtime, case: str) -> list[Broken]:
    try:
        broken = await broken_in(runtime.database, case_chain(case))
    except LookupError:
        typer.echo(f"{name}: nothing was kept about this case.")
        return []
    if broken is None:
        typer.echo(f"{name}: the chain of this case is whole.")
        return []
    return [broken]


@app.command()
def show(
    service: OneService = None,
    data: Data = DATA,
    case: OfCase = None,
    person: Annotated[str | None, typer.Option("--person", help="What this person of the staff did and saw.")] = None,
    after: Annotated[str, typer.Option(help="Go on behind this entry.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many of each service at most.")] = 50,
) -> None:
    """What was done and looked at, service by service, oldest first, a page at a time."""
    if (case is None) == (person is None):
        raise typer.BadParameter("name a case with --case, or a person with --person")

    async def read(session: AsyncSession, case_id: str | None) -> list[Seen]:
        return await page_of(session, case_id=case_id, person_id=person, after=after, limit=limit)

    found = _everywhere(service, data, read, case=case)
    table = Table("service", "when (UTC)", "who", "role", "did", "what", "case", "answer", "from", "reason", "#")
    for name, entries in found.items():
        for one in entries:
            who = one.person_id or ""
            answer = f"{one.status or ''} {one.code or ''}".strip()
            cells = (one.kind, one.act, one.case_id or "", answer, one.address or "", one.reason or "", str(one.number))
            table.add_row(name, one.machine_at[:19].replace("T", " "), who, one.role or "", *cells)
    if not table.row_count:
        typer.echo("Nothing was kept.")
        return
    wide().print(table)
    for name, entries in found.items():
        if len(entries) == limit:
            about = f"--case {case}" if case else f"--person {person}"
            typer.echo(f"There may be more: athar audit show {name} {about} --after {entries[-1].id}")


@app.command()
def touched(
    association: Annotated[str, typer.Option(help="The association's id.")],
    since: Instant,
    until: Instant,
    service: OneService = None,
    data: Data = DATA,
    by: Annotated[str | None, typer.Option(help="Only by this person of the staff.")] = None,
    branch: Annotated[str | None, typer.Option(help="Only by those who sit in this branch.")] = None,
) -> None:
    """Who was touched: an id a line of every case, person and thing that was seen or changed, for a breach."""

    async def read(session: AsyncSession, _: str | None) -> set[str]:
        ids: list[str] = []
        while True:
            page = await touched_in(
                session,
                association_id=association,
                since=since.replace(tzinfo=UTC),
                until=until.replace(tzinfo=UTC),
                by=by,
                branch_id=branch,
                after=ids[-1] if ids else "",
                limit=TOUCHED_AT_ONCE,
            )
            ids += page
            if len(page) < TOUCHED_AT_ONCE:
                return set(ids)

    found = _everywhere(service, data, read)
    for one in sorted(set().union(*found.values())):
        typer.echo(f"{one}  {', '.join(name for name, ids in found.items() if one in ids)}")


@app.command()
def cut(
    before: Instant,
    service: OneService = None,
    data: Data = DATA,
    by: Annotated[str, typer.Option(help="Who cuts.")] = "",
) -> None:
    """Take away what was written before a day, of each chain's beginning alone; a signed entry says so in its place."""

    async def take_away() -> bool:
        whole = True
        async with opened([known(service)] if service else SERVICES) as runtimes:
            for name, runtime in runtimes.items():
                owner = Database(runtime.own_settings.owner_url() or runtime.own_settings.url(), patience=None)
                gone = 0
                try:
                    async for one in cut_in(
                        owner, before=before.replace(tzinfo=UTC), by=by or getpass.getuser(), now=SystemClock().now()
                    ):
                        gone += one.entries
                        if one.broken is not None:
                            whole = False
                            typer.echo(f"BROKEN {name} {one.broken}; this chain was left as it is")
                finally:
                    await owner.close()
                typer.echo(f"{name}: {gone:,} entries are cut off.")
        return whole

    find(data)
    try:
        whole = asyncio.run(take_away())
    except TooYoung as error:
        raise typer.BadParameter(str(error)) from None
    if not whole:
        raise typer.Exit(1)


def _everywhere(
    service: str | None,
    data: Data,
    read: Callable[[AsyncSession, str | None], Awaitable[T]],
    *,
    case: str | None = None,
) -> dict[str, T]:
    async def all_of_them() -> dict[str, T]:
        found = {}
        async with opened() as runtimes:
            case_id = None if case is None else await case_id_of(runtimes, case)
            for name in [known(service)] if service else SERVICES:
                async with runtimes[name].database.read() as session:
                    found[name] = await read(session, case_id)
        return found

    find(data)
    return asyncio.run(all_of_them())
