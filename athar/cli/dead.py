"""`athar dead`: messages that could not be taken in, of an embedded stack or of what the environment names."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from athar.catalogue import SERVICES
from athar.stack import embedded, one
from shared.language.errors import MessageNotFound
from shared.plumbing import operations

app = typer.Typer(no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="The folder of an embedded installation.", envvar="ATHAR_DATA_DIR")]
DATA = Path(".athar")


@app.command("list")
def list_dead(data: Data = DATA) -> None:
    """List them, service by service, with the reason."""

    async def read() -> Table:
        table = Table("service", "id", "from", "type", "key", "tries", "reason")
        for name in SERVICES:
            runtime = one.runtime_of(name)
            after = 0
            async with runtime.database.read() as session:
                while letters := await operations.dead_letters(session, after=after, limit=200):
                    for letter in letters:
                        table.add_row(
                            name,
                            str(letter.id),
                            letter.source,
                            letter.type,
                            letter.key,
                            str(letter.attempts),
                            letter.error,
                        )
                    after = letters[-1].id
            await runtime.close()
        return table

    embedded.set_environment(data, environment="embedded")
    table = asyncio.run(read())
    Console().print(table if table.row_count else "No message is dead.")


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help="The service.")],
    message: Annotated[int, typer.Argument(help="The id that `athar dead list` shows.")],
    data: Data = DATA,
) -> None:
    """Have a dead message taken in again."""
    if service not in SERVICES:
        raise typer.BadParameter(f"there is no service “{service}”; there are {', '.join(SERVICES)}")

    async def again() -> None:
        runtime = one.runtime_of(service)
        try:
            async with runtime.database.write() as session:
                await operations.replay(session, message_id=message, now=runtime.clock.now())
        finally:
            await runtime.close()

    embedded.set_environment(data, environment="embedded")
    try:
        asyncio.run(again())
    except MessageNotFound:
        raise typer.BadParameter(f"{service} has no dead message {message} that can be read") from None
    typer.echo("It will be taken in again.")
