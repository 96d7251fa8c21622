"""What `athar` can be told to do."""

import json
import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from athar.catalogue import SERVICES
from athar.cli import accounts, audit, dead, events, imports, keys, personal, policy
from athar.cli.installation import its_own_settings
from athar.stack import embedded, one
from athar.stack.accounts import FirstAccount
from athar.stack.secrets import make_database_secrets, make_secrets
from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.identity import Principal, issue_token
from shared.plumbing.keys import signing_keys_in
from shared.plumbing.origin import new_id
from shared.policy.adopted import packs

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(policy.app, name="policy", help="The packs: what each association's board adopted.")
app.add_typer(dead.app, name="dead", help="Messages that could not be taken in.")
app.add_typer(accounts.app, name="accounts", help="First accounts, and help for one who cannot get in.")
app.add_typer(keys.app, name="keys", help="The keys that sign tokens, and those that wrap the people's keys.")
app.add_typer(personal.app, name="personal", help="What is held of a person.")
app.add_typer(events.app, name="events", help="What the services tell each other: story, tail, lag.")
app.command("import")(imports.import_table)
app.add_typer(audit.app, name="audit", help="The trail: who did and who looked, and whether it is whole.")


@app.callback()
def each_command(context: typer.Context) -> None:
    """أثر Athar: one case lifecycle for associations."""
    context.with_resource(its_own_settings())


ServiceName = StrEnum("ServiceName", {name.upper(): name for name in SERVICES})  # type: ignore[misc]

Data = Annotated[Path, typer.Option(help="The folder of the installation.", envvar="ATHAR_DATA_DIR")]
DATA = Path(".athar")
console = Console()


@app.command()
def up(
    data: Data = DATA,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.")] = 8080,
) -> None:
    """Start the embedded stack: stream, databases, four services, one address. Ctrl-C stops it; the data stay."""
    embedded.set_up_logs()

    def say(address: str) -> None:
        if (address_file := os.environ.get("ATHAR_ADDRESS_FILE")) is not None:
            # For whoever started us and has to know the port that we took.
            draft = Path(address_file).with_suffix(".draft")
            draft.write_text(address)
            draft.replace(address_file)
        console.print(
            f"[bold]أثر Athar[/] is up at [link]{address}[/]  (data in {data}; Ctrl-C stops it)", soft_wrap=True
        )

    def say_first(made: FirstAccount) -> None:
        console.print(
            f"First administrator of {accounts.words_of(made)}", soft_wrap=True, markup=False, highlight=False
        )

    environment = os.environ.get("ATHAR_ENVIRONMENT", "embedded")
    embedded.run(data, host=host, port=port, environment=environment, say=say, say_first=say_first)
    console.print("Athar has stopped. All data are kept.")


@app.command()
def serve(
    service: ServiceName,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.")] = 8000,
) -> None:
    """Serve one service's HTTP side."""
    embedded.set_up_logs()
    one.serve(service.value, host=host, port=port)


@app.command()
def work(service: ServiceName) -> None:
    """Carry one service's messages: relay, inbox and timers."""
    embedded.set_up_logs()
    one.work(service.value)


@app.command()
def migrate(
    service: Annotated[ServiceName | None, typer.Argument(help="One service; all when left out.")] = None,
) -> None:
    """Bring the databases to this release."""
    one.migrate([service.value] if service else list(SERVICES))
    console.print("The databases are at this release.")


@app.command()
def new_migration(
    service: ServiceName, words: Annotated[str, typer.Argument(help="What it does: “add review deadline”.")]
) -> None:
    """Write the next numbered migration of a service from its models."""
    # Alembic takes a moment to load, and no other command needs it.
    from athar.stack.new_migration import new_migration as make_migration

    console.print(f"Look at {make_migration(SERVICES[service.value], words)} before you commit it.")


@app.command()
def secrets(folder: Annotated[Path, typer.Argument(help="Where the keys shall lie.")]) -> None:
    """Make the keys and database passwords of a production installation; what is there stays."""
    made = make_secrets(folder)
    make_database_secrets(folder)
    console.print(f"Keys and passwords are in {made.folder}. Keep a copy of the seal keys elsewhere.")


@app.command()
def token(
    association: Annotated[str, typer.Option(help="The association's id, such as jamoum-orphans.")],
    role: Annotated[Role, typer.Option(help="The seat.")],
    person: Annotated[str, typer.Option(help="The person's id.")],
    branch: Annotated[str | None, typer.Option(help="The branch; needed for branch roles.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=720, help="How long it lasts.")] = 12,
    data: Data = DATA,
    key: Annotated[Path | None, typer.Option(help="The signing key.", envvar="ATHAR_SIGNING_KEY_FILE")] = None,
) -> None:
    """Print a signed token for one person in one seat."""
    pack = packs().get(association)
    if role is not Role.PLATFORM_OPERATOR:
        if pack is None:
            raise typer.BadParameter(f"there is no association “{association}”; there are {', '.join(packs())}")
        if role in BRANCH_ROLES and branch is None:
            raise typer.BadParameter(f"{role} is a branch role: name its branch with --branch")
        if branch is not None and pack.branch(branch) is None:
            raise typer.BadParameter(f"no branch “{branch}”; there are {', '.join(b.id for b in pack.branches)}")
    path = key or make_secrets(data / "secrets").signing_key
    now = keys.clock_of_environment().now()
    principal = Principal(
        association_id=association, person_id=person, role=role, branch_id=branch, session_id=f"by-hand:{new_id()}"
    )
    typer.echo(
        issue_token(principal, key=signing_keys_in(path).current(now=now), now=now, lasts=timedelta(hours=hours))
    )
    typer.echo(f"End it with: athar accounts end --association {association} {principal.session_id}", err=True)


@app.command()
def openapi(service: ServiceName) -> None:
    """Print a service's OpenAPI document."""
    from shared.plumbing.service import build_app

    typer.echo(json.dumps(build_app(one.runtime_of(service.value), with_worker=False).openapi(), ensure_ascii=False))


@app.command()
def lifecycle() -> None:
    """Print the one table as a Mermaid picture."""
    from shared.language.case_lifecycle import picture

    typer.echo(picture())


@app.command()
def demo(
    quiet: Annotated[bool, typer.Option("--quiet", help="Only the conformance table and what is wrong.")] = False,  # noqa: FBT002
) -> None:
    """Walk cases of all five associations through a throw-away stack, and hold them against the policies."""
    from athar.demo.run import run_demo

    raise typer.Exit(run_demo(console=console, quiet=quiet))
