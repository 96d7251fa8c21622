"""`athar keys`: the keys that sign tokens, changed while everything runs, and those that wrap the people's keys."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from athar.cli.installation import DATA, Data, find
from athar.stack.secrets import Secrets
from shared.plumbing.clock import ShiftedClock, SystemClock
from shared.plumbing.keys import RETIRES_AT, SIGNS_FROM, read_keys
from shared.plumbing.keys import rotate as rotate_keys
from shared.plumbing.settings import Settings
from shared.plumbing.vault import VAULT

app = typer.Typer(no_args_is_help=True)

LONGEST_TOKEN_HOURS = 720
PUBLISHED_BEFORE = timedelta(minutes=2)
"""Longer than any verifier takes to look again: no token is signed with a key that one of them has not seen."""

Signing = Annotated[Path | None, typer.Option(help="The signing keys.", envvar="ATHAR_INTAKE_SIGNING_KEY_FILE")]
Verification = Annotated[
    Path | None, typer.Option(help="The verification keys.", envvar="ATHAR_VERIFICATION_KEYS_FILE")
]


def clock_of_environment() -> ShiftedClock | SystemClock:
    """The clock that the services read."""
    file = os.environ.get("ATHAR_CLOCK_FILE")
    return ShiftedClock(Path(file)) if file else SystemClock()


@app.command()
def rotate(
    data: Data = DATA,
    signing_key: Signing = None,
    verification_keys: Verification = None,
    keep_hours: Annotated[
        float, typer.Option(min=0.1, help="How long the old keys verify on: as long as the longest token lasts.")
    ] = LONGEST_TOKEN_HOURS,
    stolen: Annotated[  # noqa: FBT002 - as a flag on the command line
        bool, typer.Option("--stolen", help="The old keys end now; whoever is signed in renews or signs in again.")
    ] = False,
) -> None:
    """Publish a new key now, sign with it in two minutes, and retire the old ones after their last token."""
    now = clock_of_environment().now()
    wait, keep = (timedelta(), timedelta()) if stolen else (PUBLISHED_BEFORE, timedelta(hours=keep_hours))
    secrets = Secrets(data / "secrets")
    signing, verification = signing_key or secrets.signing_key, verification_keys or secrets.verification_keys
    if not signing.exists():
        raise typer.BadParameter(f"there is no signing key at {signing}; name the installation with --data")
    kid = rotate_keys(signing, verification, now=now, wait=wait, keep=keep)
    typer.echo(f"{kid} signs from {now + wait:%Y-%m-%d %H:%M:%S} UTC;")
    typer.echo(f"the others retire {now + wait + keep:%Y-%m-%d %H:%M:%S} UTC.")


@app.command()
def show(data: Data = DATA, signing_key: Signing = None) -> None:
    """Which keys sign, from when, and until when they verify."""
    for key in read_keys(signing_key or Secrets(data / "secrets").signing_key):
        begins = _instant(key.get(SIGNS_FROM), "the beginning")
        typer.echo(f"{key.get('kid')}  signs from {begins}  retires {_instant(key.get(RETIRES_AT), 'never')}")


@app.command()
def rewrap(data: Data = DATA) -> None:
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


def _instant(seconds: float | None, otherwise: str) -> str:
    return otherwise if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
