"""`athar import`: a table of people or requests taken in at the machine itself, as the administrator's door does it."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlmodel.ext.asyncio.session import AsyncSession

from athar.cli.installation import DATA, Data, find, opened
from athar.cli.words import wide
from services.intake.domain.imports.columns import folded, letter
from services.intake.domain.imports.run import AT_WORK, Import, ImportStatus, Known, Outcome
from services.intake.store import imports as store
from services.intake.timers import ImportFileGoes, ImportPage
from services.intake.use_cases.imports.begin_import import begin_import
from services.intake.use_cases.imports.carry_on import carry_on, let_go
from services.intake.use_cases.imports.steer_import import (
    ChooseColumns,
    check_import,
    choose_columns,
    discard_import,
    start_import,
)
from shared.language.clauses import Channel
from shared.language.errors import Refusal
from shared.language.roles import Role
from shared.plumbing.clock import SystemClock
from shared.plumbing.files.check import Taken
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.service import Runtime

T = TypeVar("T")

SHOWN_REFUSED = 20


def import_table(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or Excel (.xlsx).")],
    association: Annotated[str, typer.Option(help="The association's id.")],
    data: Data = DATA,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look at every row, and take nothing in.")] = False,  # noqa: FBT002
    column: Annotated[list[str] | None, typer.Option(help="FIELD=HEADING, for a heading that is not known.")] = None,
    known: Annotated[Known, typer.Option(help="What becomes of people who have a file.")] = Known.LEAVE,
    channel: Annotated[Channel | None, typer.Option(help="How the requests came, where no column says it.")] = None,
    service: Annotated[str | None, typer.Option(help="What is asked for, where no column says it.")] = None,
    branch: Annotated[str | None, typer.Option(help="Whose they are, where no column says it.")] = None,
) -> None:
    """Take a table of people or requests in. Exit 0: every row. Exit 1: some were refused, and stand below."""

    async def take() -> int:
        async with opened(["intake"]) as runtimes:
            work = Work(runtimes["intake"], association)
            await work.begin(file)
            await work.choose(_pairs(column), known=known, channel=channel, service=service, branch=branch)
            checked = await work.check()
            await _say(work, checked, "would be")
            if dry_run:
                await work.discard()
                return checked.rows_refused
            done = await work.take_in()
            await _say(work, done, "were")
            return done.rows_refused

    find(data)
    try:
        refused = asyncio.run(take())
    except Refusal as refusal:
        raise typer.BadParameter(refusal.sentence("en")) from None
    if refused:
        raise typer.Exit(1)


class Work:
    """One import, page by page in this process. A worker that runs beside it takes the same pages, each once."""

    def __init__(self, runtime: Runtime, association_id: str) -> None:
        self.runtime = runtime
        self._id = ""
        self._by = Principal(
            association_id=association_id,
            person_id=f"operator:{getpass.getuser()}",
            role=Role.ASSOCIATION_ADMINISTRATOR,
        )

    async def begin(self, file: Path) -> None:
        """Read the table and lay it sealed among the files. Raises `TableUnreadable` or `AssociationUnknown`."""
        cabinet = self.runtime.cabinet
        with file.open("rb") as raw, cabinet.spool() as clean:
            await self.runtime.inspectors.clean(raw, clean, taken=Taken.TABLE)
            kept = cabinet.keep(clean, now=SystemClock().now())
        # A process that dies here leaves a file that no row names: the sweep takes it away.
        async with self._own() as session:
            begun = await begin_import(
                kept,
                file_name=file.name,
                by=self._by,
                cabinet=cabinet,
                session=session,
                now=self.runtime.clock.now(),
            )
            self._id = begun.id

    async def choose(
        self,
        pairs: dict[str, str],
        *,
        known: Known,
        channel: Channel | None,
        service: str | None,
        branch: str | None,
    ) -> None:
        """Add what was said to the columns that are known by their headings. Raises as `choose_columns`."""
        found = await self.look()
        places = {folded(heading): place for place, heading in enumerate(found.headings)}
        chosen = dict(found.columns)
        for field, heading in pairs.items():
            if (place := places.get(folded(heading))) is None:
                raise typer.BadParameter(f"the table has no column “{heading}”; it has {', '.join(found.headings)}")
            chosen = {one: at for one, at in chosen.items() if at != place} | {field: place}
        command = ChooseColumns(
            import_id=self._id,
            columns=chosen,
            known=known,
            channel=channel or found.channel,
            branch_id=branch,
            service_id=service,
        )
        async with self._own() as session:
            await choose_columns(command, session=session)

    async def check(self) -> Import:
        """Look at every row."""
        await self._told(lambda session: check_import(self._id, session=session, now=self.runtime.clock.now()))
        return await self._drive("checked")

    async def take_in(self) -> Import:
        """Take every row in that is right."""
        by, now = self._by.person_id, self.runtime.clock.now()
        await self._told(lambda session: start_import(self._id, by=by, session=session, now=now))
        return await self._drive("taken in")

    async def discard(self) -> None:
        await self._told(lambda session: discard_import(self._id, session=session, now=self.runtime.clock.now()))
        await self._let_go()

    async def look(self) -> Import:
        async with self.runtime.database.read(scope=self._by.scope) as session:
            return await store.see_import(session, self._id)

    async def refused(self) -> list[str]:
        """The first refused rows: row, column, what to do."""
        async with self.runtime.database.read(scope=self._by.scope) as session:
            found = await store.see_import(session, self._id)
            rows = await store.list_import_rows(
                session, self._id, outcome=Outcome.REFUSED, after=0, limit=SHOWN_REFUSED
            )
            heads = found.headings
        lines = []
        for row in rows:
            for fault in row.faults:
                place = fault["column"]
                head = heads[place] if place is not None and place < len(heads) else ""
                where = "—" if place is None else f"{letter(place)} {head}".strip()
                lines.append(f"{row.number}\t{where}\t{fault['en']}")
        return lines

    async def _told(self, tell: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self._own() as session:
            return await tell(session)

    async def _drive(self, what: str) -> Import:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True) if console.is_terminal else nullcontext() as bar:
            found = await self.look()
            task = bar.add_task(what, total=found.total) if bar else None
            while found.status in AT_WORK:
                page = ImportPage(import_id=self._id, turn=found.turn, rows_done=found.rows_done)
                # As a worker takes it: the page and what is due next in one commit.
                async with self.runtime.database.write(scope=EVERYTHING) as session:
                    await carry_on(page, cabinet=self.runtime.cabinet, session=session, now=self.runtime.clock.now())
                found = await self.look()
                if bar is not None and task is not None:
                    bar.update(task, completed=found.rows_done)
        if found.status is ImportStatus.DONE:
            await self._let_go()
        return found

    async def _let_go(self) -> None:
        async with self.runtime.database.write(scope=EVERYTHING) as session:
            await let_go(ImportFileGoes(import_id=self._id), cabinet=self.runtime.cabinet, session=session)

    @asynccontextmanager
    async def _own(self) -> AsyncIterator[AsyncSession]:
        scope = Scope(association_id=self._by.association_id, person_id=self._by.person_id)
        async with self.runtime.database.write(scope=scope) as session:
            yield session


def _pairs(said: list[str] | None) -> dict[str, str]:
    pairs = dict(one.partition("=")[::2] for one in said or [])
    if not all(pairs.values()):
        raise typer.BadParameter("say --column FIELD=HEADING")
    return pairs


async def _say(work: Work, found: Import, were: str) -> None:
    typer.echo(
        f"{found.rows_done:,} of {found.total:,} rows: {found.rows_new:,} {were} new, {found.rows_updated:,} updated, "
        f"{found.rows_left:,} left as they are, {found.rows_refused:,} refused."
    )
    if not found.rows_refused:
        return
    table = Table("row", "column", "what to do")
    for line in await work.refused():
        table.add_row(*line.split("\t"))
    wide().print(table)
    if found.rows_refused > SHOWN_REFUSED:
        typer.echo(f"The first {SHOWN_REFUSED} of {found.rows_refused:,}; the report of the import has all of them.")
