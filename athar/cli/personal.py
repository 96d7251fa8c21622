"""`athar personal`: what is held of a person, and who was touched by an incident."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from athar.cli.installation import DATA, Data, find, opened
from services.intake.people_store import touched_between
from shared.language.errors import PersonNotFound
from shared.plumbing.identity import Scope
from shared.plumbing.personal import check_association, holdings_of

app = typer.Typer(no_args_is_help=True)

PAGE = 200
Instant = Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="In UTC.")]


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


@app.command()
def touched(
    association: Annotated[str, typer.Option(help="The association's id.")],
    since: Instant,
    until: Instant,
    data: Data = DATA,
    branch: Annotated[str | None, typer.Option(help="Only cases that were changed from this branch.")] = None,
    by: Annotated[str | None, typer.Option(help="Only cases that this member of the staff changed.")] = None,
) -> None:
    """Whose cases were changed in a span of time: whom an incident touches, and has to be told (regulation art. 24)."""
    find(data)

    async def look() -> list[tuple[str, str, str]]:
        async with opened(["intake"]) as runtimes, runtimes["intake"].database.read() as session:
            scope = Scope(association_id=association, branch_id=branch)
            return await touched_between(session, scope=scope, since=_utc(since), until=_utc(until), by=by)

    rows = asyncio.run(look())
    for subject, reference, last in rows:
        typer.echo(f"{subject}  {reference}  {last}")
    typer.echo(f"{len({subject for subject, _, _ in rows})} people, {len(rows)} cases.")


async def _held(person: str, *, association_id: str) -> dict[str, list[dict[str, Any]]]:
    """What each service holds. Raises `PersonNotFound` where none does, or another association does."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with opened() as runtimes:
        for name, runtime in runtimes.items():
            tables, rows, after = runtime.service.tables, [], ""
            async with runtime.database.read() as session:
                if not await check_association(session, tables, subject=person, association_id=association_id):
                    continue
                while True:
                    page = await holdings_of(session, tables, subject=person, service=name, after=after, limit=PAGE)
                    rows += [held.model_dump(mode="json") for held in page.items]
                    if page.next is None:
                        break
                    after = page.next
            found[name] = rows
    if not found:
        raise PersonNotFound
    return found


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)
