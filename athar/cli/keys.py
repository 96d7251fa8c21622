"""`athar keys`: the keys that wrap the people's keys."""

from pathlib import Path
from typing import Annotated

import typer

from athar.cli.installation import DATA, find
from shared.plumbing.settings import Settings
from shared.plumbing.vault import VAULT

app = typer.Typer(no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The keys that wrap the people's keys."""


@app.command()
def rewrap(
    data: Annotated[Path, typer.Option(help="The folder of an embedded installation.", envvar="ATHAR_DATA_DIR")] = DATA,
) -> None:
    """Wrap every person's key by the newest of the seal keys; it may be broken off and begun again."""
    find(data)
    settings = Settings()
    url = settings.vault()
    if url is None:
        raise typer.BadParameter("the settings name no vault (ATHAR_VAULT_URL)")
    VAULT.open_at(url, keys=settings.keys())
    try:
        typer.echo(f"{sum(VAULT.rewrap()):,} keys are wrapped anew.")
    finally:
        VAULT.close()
