"""`athar dead`: messages that could not be taken in, of an embedded stack or of what the environment names."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from athar.catalogue import SERVICES
from athar.cli.installation import DATA, Data, find, known, opened
from athar.cli.words import instant, wide
from shared.language.errors import MessageNotFound
from shared.plumbing import dead_letters
from shared.plumbing.dead_letters import DeadLetter
from shared.plumbing.opened_letter import SHOWN_BYTES, OpenedLetter, reason_and_frames
from shared.plumbing.opened_letter import opened as open_letter
from shared.plumbing.service import Runtime

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True)

OneService = Annotated[str, typer.Argument(help="The service.")]
Number = Annotated[int, typer.Argument(help="The number that `athar dead list` shows.")]
OfService = Annotated[str | None, typer.Option("--service", help="Only of this service.")]
OfType = Annotated[str | None, typer.Option("--type", help="Only of this type, such as case.referred.")]
OfSource = Annotated[str | None, typer.Option("--from", help="Only what this service told; `timer` for timers.")]
OfKey = Annotated[str | None, typer.Option("--key", help="Only about this case.")]


@app.command("list")
def list_dead(
    data: Data = DATA,
    service: OfService = None,
    kind: OfType = None,
    source: OfSource = None,
    key: OfKey = None,
    after: Annotated[int, typer.Option(min=0, help="Go on behind this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many of each service at most.")] = 50,
) -> None:
    """List them, service by service, oldest first, with the reason."""

    async def read() -> dict[str, list[DeadLetter]]:
        found = {}
        async with opened([known(service)] if service else SERVICES) as runtimes:
            for name, runtime in runtimes.items():
                async with runtime.database.read() as session:
                    found[name] = await dead_letters.list_dead(
                        session, after=after, limit=limit, type=kind, source=source, key=key
                    )
        return found

    find(data)
    table = Table("service", "number", "since (UTC)", "from", "type", "key", "seq", "tries", "reason")
    found = asyncio.run(read())
    for name, letters in found.items():
        for letter in letters:
            reason, _ = reason_and_frames(letter.error)
            where = (letter.source, letter.type, letter.key, str(letter.seq or ""), str(letter.attempts), reason)
            table.add_row(name, str(letter.id), instant(letter.received_at), *where)
    if not table.row_count:
        typer.echo("No message is dead.")
        return
    wide().print(table)
    for name, letters in found.items():
        if len(letters) == limit:
            typer.echo(f"There may be more: athar dead list --service {name} --after {letters[-1].id}")


@app.command()
def show(
    service: OneService,
    message: Number,
    data: Data = DATA,
    shown_bytes: Annotated[
        int, typer.Option("--bytes", min=0, help="How many bytes of an unreadable one.")
    ] = SHOWN_BYTES,
) -> None:
    """One of them: the reason, where it broke, who told it, and the shape of what it says, never the words."""

    async def read(runtime: Runtime) -> OpenedLetter:
        async with runtime.database.read() as session:
            return open_letter(await dead_letters.show(session, message_id=message), shown_bytes=shown_bytes)

    letter = _at(service, data, read)
    about = f"{letter.type} from {letter.source} about {letter.key}" + (f", its #{letter.seq}" if letter.seq else "")
    typer.echo(f"{service} {letter.id}: {about}")
    typer.echo(f"  arrived {instant(letter.received_at)} UTC, tried {letter.attempts} times")
    if letter.told is not None:
        typer.echo(f"  told    {instant(letter.told.at)} UTC by {letter.told.by}, version {letter.told.version}")
        typer.echo(f"  trace   {letter.told.traceparent or '-'}")
    typer.echo(f"  reason  {letter.reason}")
    for frame in letter.frames:
        typer.echo(f"    at {frame}")
    for name, kind in letter.data.items():
        typer.echo(f"  field   {name}: {kind}")
    if letter.size is not None:
        typer.echo(f"  bytes   {letter.size:,} were kept")
        for line in letter.dump:
            typer.echo(f"    {line}")


@app.command()
def replay(
    service: Annotated[str | None, typer.Argument(help="The service; every one when left out.")] = None,
    message: Annotated[int | None, typer.Argument(help="One message, by the number that `list` shows.")] = None,
    data: Data = DATA,
    every: Annotated[bool, typer.Option("--all", help="All that can be read.")] = False,  # noqa: FBT002
    kind: OfType = None,
    source: OfSource = None,
    key: OfKey = None,
) -> None:
    """Have dead messages taken in again: one by its number, a kind (--type, --from, --key), or --all."""
    if message is not None and service is not None:
        if every or kind or source or key:
            raise typer.BadParameter("a number names one message; leave the other options out")
        number = message

        async def again(runtime: Runtime) -> None:
            async with runtime.database.write() as session:
                await dead_letters.replay(session, message_id=number, now=runtime.clock.now())

        _at(service, data, again, what="dead message that can be read")
        typer.echo("It will be taken in again.")
        return
    if not (every or kind or source or key):
        raise typer.BadParameter("name a service and a number, or a kind with --type, --from or --key, or say --all")

    async def some() -> int:
        replayed = 0
        async with opened([known(service)] if service else SERVICES) as runtimes:
            for runtime in runtimes.values():
                replayed += await _replay_all(runtime, kind=kind, source=source, key=key)
        return replayed

    find(data)
    typer.echo(f"{asyncio.run(some()):,} will be taken in again.")


@app.command()
def discard(
    service: OneService,
    message: Number,
    reason: Annotated[str, typer.Option(help="Why; kept with the message. No names of people.")],
    data: Data = DATA,
    by: Annotated[str, typer.Option(help="Who gives it up.")] = "",
) -> None:
    """Give a dead message up for good: its case goes on without it. What it would have changed stays undone."""
    if len(reason.strip()) < 3:
        raise typer.BadParameter("say why with --reason")

    async def give_up(runtime: Runtime) -> None:
        async with runtime.database.write() as session:
            await dead_letters.discard(
                session, message_id=message, by=by or getpass.getuser(), because=reason.strip(), now=runtime.clock.now()
            )

    _at(service, data, give_up)
    typer.echo("It is given up; its case goes on.")


def _at(service: str, data: Data, do: Callable[[Runtime], Awaitable[T]], *, what: str = "dead message") -> T:
    """Do it at one service. Raises `typer.BadParameter` where there is no such message."""

    async def there() -> T:
        async with opened([known(service)]) as runtimes:
            return await do(runtimes[service])

    find(data)
    try:
        return asyncio.run(there())
    except MessageNotFound:
        raise typer.BadParameter(f"{service} has no {what} of this number") from None


async def _replay_all(runtime: Runtime, *, kind: str | None, source: str | None, key: str | None) -> int:
    """A transaction for some at a time, so that the service works on in between."""
    replayed = 0
    while True:
        async with runtime.database.write() as session:
            some = await dead_letters.replay_some(session, now=runtime.clock.now(), type=kind, source=source, key=key)
        replayed += some
        if some < dead_letters.AT_ONCE:
            return replayed
