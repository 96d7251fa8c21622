"""`athar personal`: what is held of a person."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from athar.cli.installation import DATA, Data, find, opened
from shared.language.errors import PersonNotFound
from shared.plumbing.identity import Scope
from shared.plumbing.personal import holdings_of
from shared.plumbing.scope import EVERYTHING

app = typer.Typer(no_args_is_help=True)

PAGE = 200


@app.command()
def export(
    person: Annotated[str, typer.Argument(help="The id of his key, `subject_id`, as the desk sees it.")],
    association: Annotated[str, typer.Option(help="The association's id.")],
    data: Data = DATA,
    to: Annotated[Path | None, typer.Option(help="A file to write; it is for him, and for nobody else.")] = None,
) -> None:
    """All that the four services hold of a person, as one JSON document (law art. 4)."""
    find(data)
    try:
        held = asyncio.run(_held(person, association_id=association))
    except PersonNotFound:
        raise typer.BadParameter(f"“{association}” holds nothing of this person") from None
    document = json.dumps({"person": person, "services": held}, ensure_ascii=False, indent=2)
    if to is None:
        typer.echo(document)
        return
    # For its owner alone from its first byte on.
    to.touch(mode=0o600)
    to.write_text(document, encoding="utf-8")
    typer.echo(f"{sum(map(len, held.values()))} rows are in {to}.")


async def _held(person: str, *, association_id: str) -> dict[str, list[dict[str, Any]]]:
    """What each service holds. Raises `PersonNotFound` where the association knows none such."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with opened() as runtimes:
        # His file is the association's: then all that is about him is, confidential cases too, and goes to himself.
        intake = runtimes["intake"]
        async with intake.database.read(scope=Scope(association_id=association_id)) as session:
            tables = intake.service.tables
            if not (await holdings_of(session, tables, subject=person, service="intake", limit=1)).items:
                raise PersonNotFound
        for name, runtime in runtimes.items():
            tables, rows, after = runtime.service.tables, [], ""
            async with runtime.database.read(scope=EVERYTHING) as session:
                while True:
                    page = await holdings_of(session, tables, subject=person, service=name, after=after, limit=PAGE)
                    rows += [held.model_dump(mode="json") for held in page.items]
                    if page.next is None:
                        break
                    after = page.next
            if rows:
                found[name] = rows
    return found
