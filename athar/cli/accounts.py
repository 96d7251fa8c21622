"""`athar accounts`: the first account of an association, and the operator's way to help one who cannot get in."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from athar.cli.installation import DATA, Data, find, opened
from athar.stack.accounts import FirstAccount, end_by_hand, make_first_account, reset_account
from shared.language.errors import Refusal
from shared.language.roles import Role
from shared.plumbing.service import Runtime
from shared.policy.adopted import packs

app = typer.Typer(no_args_is_help=True)

T = TypeVar("T")
Association = Annotated[str, typer.Option(help="The association's id, such as jamoum-orphans.")]


def words_of(made: FirstAccount) -> str:
    """What an operator passes on: shown once."""
    return f"{made.association_id}: user name {made.user_name}, one-time password {made.password}"


NOTE = "Shown this once. It has to be changed at the first sign-in, within 72 hours."


@app.command()
def first(
    association: Association,
    role: Annotated[
        Role, typer.Option(help="association_administrator, or platform_operator, whom no association appoints.")
    ] = Role.ASSOCIATION_ADMINISTRATOR,
    data: Data = DATA,
) -> None:
    """Make the first account of an association and print its one-time password; again until it was used."""
    if role not in {Role.ASSOCIATION_ADMINISTRATOR, Role.PLATFORM_OPERATOR}:
        raise typer.BadParameter("other seats are given by the association's administrator")
    made = _in_intake(
        data, association, lambda intake: make_first_account(intake, association_id=association, role=role)
    )
    if made is not None:
        typer.echo(words_of(made))
        typer.echo(NOTE, err=True)


@app.command()
def reset(
    association: Association,
    user_name: Annotated[str, typer.Argument(help="Whose account.")],
    data: Data = DATA,
) -> None:
    """Print a one-time password for an account, without its second factor; its sessions end."""
    made = _in_intake(
        data, association, lambda intake: reset_account(intake, association_id=association, user_name=user_name)
    )
    typer.echo(words_of(made))
    typer.echo(NOTE, err=True)


@app.command()
def end(
    association: Association,
    session: Annotated[str, typer.Argument(help="The session id; `athar token` says that of a token made by hand.")],
    data: Data = DATA,
) -> None:
    """End a session in every service, or the tokens that were made by hand under its id."""
    _in_intake(data, association, lambda intake: end_by_hand(intake, association_id=association, session_id=session))
    typer.echo(f"{session} is over.")


def _in_intake(data: Path, association: str, work: Callable[[Runtime], Awaitable[T]]) -> T:
    find(data)

    async def do() -> T:
        async with opened(["intake"]) as runtimes:
            if association not in packs():
                raise typer.BadParameter(f"there is no association “{association}”; there are {', '.join(packs())}")
            return await work(runtimes["intake"])

    try:
        return asyncio.run(do())
    except Refusal as refusal:
        typer.echo(refusal.sentence("en"), err=True)
        raise typer.Exit(1) from None
