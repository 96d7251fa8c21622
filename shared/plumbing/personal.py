"""What one service holds of one person: shown to him who asks for it, and taken out when he is erased.

Both go by the column `subject_id` that every table with personal columns has, so that no table can be forgotten.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import (
    ColumnElement,
    MetaData,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import ApplicantShown, ContactShown, PersonShown
from shared.plumbing import outbox
from shared.plumbing.audit import record
from shared.plumbing.audit.words import REVEAL, REVEAL_OF_SENSITIVE
from shared.plumbing.person_seal import PREFIX
from shared.plumbing.scoped_session import conditions_in
from shared.plumbing.seal import SCRUBBED, PersonalColumn
from shared.plumbing.tables import answers
from shared.plumbing.vault import VAULT

SUBJECT = PersonalColumn.SUBJECT
NOT_SHOWN = ("_index", "_digest", "_key")
"""Hashes and keys say nothing to anybody."""
SHOWN_IF = "shown_if"
"""In a table's `info`: which of its rows may be shown already. An answer that is held is held here as well."""


def shown_if(condition: Callable[[Table], ColumnElement[bool]], rows: dict[str, Any]) -> dict[str, Any]:
    """Beside what `scoped` or `within` says of a table's rows: which of them the person may be shown already."""
    return {"info": {**rows["info"], SHOWN_IF: condition}}


class Held(BaseModel):
    """One row that is about a person."""

    table: str
    row: dict[str, Any] = Field(description="Its columns, opened.")


class Holdings(BaseModel):
    """A page of what one service holds of a person; `next` is the `after` of the following page."""

    service: str
    items: list[Held]
    next: str | None


def tables_with_people(metadata: MetaData) -> Iterator[Table]:
    """The tables whose rows are about a person, by name."""
    return (metadata.tables[name] for name in sorted(metadata.tables) if SUBJECT in metadata.tables[name].c)


async def holdings_of(
    session: AsyncSession, metadata: MetaData, *, subject: str, service: str, after: str = "", limit: int
) -> Holdings:
    """A page of all that is about him and may be seen in this scope (law art. 4), table by table. Raises `PartDown`."""
    connection = await session.connection()
    last = after
    last_table, _, last_id = after.partition(":")
    items: list[Held] = []
    for table in tables_with_people(metadata):
        if table.name < last_table:
            continue
        (key,) = table.primary_key.columns
        his = select(table).where(table.c[SUBJECT] == subject, conditions_in(session, table))
        query = his.order_by(key).limit(limit - len(items) + 1)
        if table.name == last_table:
            query = query.where(key > last_id)
        if (shown_if := table.info.get(SHOWN_IF)) is not None:
            query = query.where(shown_if(table))
        for row in (await connection.execute(query)).mappings():
            if len(items) == limit:
                return Holdings(service=service, items=items, next=last)
            shown = {name: value for name, value in row.items() if not str(name).endswith(NOT_SHOWN)}
            items.append(Held(table=table.name, row=shown))
            last = f"{table.name}:{row[key.name]}"
    return Holdings(service=service, items=items, next=None)


async def scrub(session: AsyncSession, metadata: MetaData, *, subject: str, case_ids: Collection[str]) -> None:
    """Take the person's words out of every table; the rows stay, as counts and proofs.

    His key is destroyed beside this, which is what reaches copies. Here it is the rows from before persons had keys,
    found by their case, and a vault that is one day restored from an older copy.
    """
    # In this process at once; others forget within `KEPT_SECONDS`.
    VAULT.forget(subject)
    connection = await session.connection()
    for table in tables_with_people(metadata):
        words = [column for column in table.c if isinstance(column.type, PersonalColumn)]
        if words:
            gone = {column: case((column.is_(None), null()), else_=literal(SCRUBBED, Text)) for column in words}
            await connection.execute(update(table).where(_about(table, subject, case_ids)).values(gone))
    await _scrub_answers(connection, subject)


async def _scrub_answers(connection: AsyncConnection, subject: str) -> None:
    """The kept answers about him, with the hash of what was asked. The key they came under stays taken.

    It looks at every kept answer: of thirty days, and for an erasure alone.
    """
    head = f"{PREFIX}{subject}.".encode()
    his = func.substr(answers.c.body, 1, len(head)) == head
    # A stranger's stands under the hash of what he typed: it goes whole.
    await connection.execute(delete(answers).where(his, answers.c.person_id.startswith("anyone/")))
    await connection.execute(update(answers).where(his).values(body=SCRUBBED.encode(), request_digest=""))


def _about(table: Table, subject: str, case_ids: Collection[str]) -> ColumnElement[bool]:
    his = table.c[SUBJECT] == subject
    old = table.c.get("case_id", table.c.id if table.name == "cases" else None)
    if old is None or not case_ids:
        return his
    return or_(his, and_(table.c[SUBJECT].is_(None), old.in_(case_ids)))


async def note_reveal(
    session: AsyncSession,
    told: ApplicantShown | ContactShown | PersonShown,
    *,
    reason: str,
    at: datetime,
    sensitive: bool = False,
) -> None:
    """Somebody saw personal data in clear and said why: no answer leaves before that is written.

    It is told as a fact, which stands in the case's file with who it was; and it stands in the trail. Why he saw what
    is `sensitive`, the trail's readers at a door are not shown.
    """
    act = REVEAL_OF_SENSITIVE if sensitive else REVEAL
    await record(session, act=act, reason=reason, case_id=getattr(told, "case_id", None), person_id=told.subject_id)
    await outbox.tell(session, told, at=at)
