"""`athar policy`: check a pack, or read it as a person would."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from shared.policy.adopted import packs
from shared.policy.describe import describe
from shared.policy.pack import PackRefused, load_pack

app = typer.Typer(no_args_is_help=True)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A pack in YAML.", exists=True, dir_okay=False)]) -> None:
    """Say whether a pack holds together; what contradicts itself is named with its line."""
    try:
        pack = load_pack(file)
    except PackRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{pack.id}: {len(pack.clauses)} clauses, {len(pack.services)} services; nothing contradicts itself.")


@app.command()
def show(
    association: Annotated[str, typer.Argument(help="The association's id, such as kharj-dawah.")],
    language: Annotated[str, typer.Option(help="en or ar.")] = "en",
) -> None:
    """Print a pack as a person would read it."""
    pack = packs().get(association)
    if pack is None:
        raise typer.BadParameter(f"there is no pack “{association}”; there are {', '.join(packs())}")
    spoken: Literal["ar", "en"] = "ar" if language == "ar" else "en"
    describe(pack, Console(), language=spoken)
