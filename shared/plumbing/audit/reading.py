"""What the trail can be asked: a page about a case, a person or an association, and who was touched."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, Select, cast, func, select, true, union
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.errors import PersonErased
from shared.language.events import SealedText
from shared.plumbing.audit.entry import Kind, written
from shared.plumbing.audit.tables import entries
from shared.plumbing.audit.words import REVEAL_OF_SENSITIVE
from shared.plumbing.confidential_tables import confidential_cases, confidential_people
from shared.plumbing.scoped_session import conditions_in
from shared.plumbing.seal import unseal

UNREADABLE = "unreadable: sealed by none of our keys"
CONFIDENTIAL = "confidential: for those alone who may see what it is about"
SLACK = timedelta(seconds=2)
"""An id is made a moment before its entry's own instant."""


class Seen(BaseModel):
    """One entry, as an auditor reads it. Texts as they stand: a damaged one must not hide the page around it."""

    id: str
    chain: str
    number: int
    kind: str
    act: str
    route: str | None
    association_id: str | None
    person_id: str | None
    role: str | None
    branch_id: str | None
    session_id: str | None
    case_id: str | None
    object_id: str | None
    subject_id: str | None
    shown: str | None
    at: str
    machine_at: str
    address: str | None
    agent: str | None
    correlation_id: str | None
    reason: str | None
    status: int | None
    code: str | None
    hash: str


async def page_of(
    session: AsyncSession,
    *,
    association_id: str | None = None,
    case_id: str | None = None,
    person_id: str | None = None,
    after: str = "",
    limit: int,
    reader: str | None = None,
) -> list[Seen]:
    """A page of entries, oldest first. `None` for the association is everyone's: for the operator's command alone.

    A reason that was given about a confidential case is a word out of it: a `reader` who is not named on it does not
    see it; nor any reader at a door one about a sensitive complaint.
    """
    query = select(entries).where(entries.c.kind != Kind.BEGAN.value, entries.c.id > after)
    for column, wanted in (("association_id", association_id), ("case_id", case_id), ("person_id", person_id)):
        if wanted is not None:
            query = query.where(entries.c[column] == wanted)
    rows = await (await session.connection()).execute(query.order_by(entries.c.id).limit(limit))
    page = [_seen(row) for row in rows]
    if reader is None:
        return page
    explained = [one for one in page if one.reason is not None]
    closed = await _closed_to(session, {one.case_id for one in explained if one.case_id}, reader=reader)
    for one in explained:
        if one.case_id in closed or one.act == REVEAL_OF_SENSITIVE:
            one.reason = CONFIDENTIAL
    return page


async def _closed_to(session: AsyncSession, case_ids: set[str], *, reader: str) -> set[str]:
    """Those of these cases that are confidential and do not name the reader."""
    if not case_ids:
        return set()
    named = select(confidential_people.c.case_id).where(
        confidential_people.c.person_id == reader, conditions_in(session, confidential_people)
    )
    query = select(confidential_cases.c.case_id).where(
        confidential_cases.c.case_id.in_(case_ids),
        confidential_cases.c.case_id.not_in(named),
        conditions_in(session, confidential_cases),
    )
    return set((await (await session.connection()).scalars(query)).all())


async def touched(
    session: AsyncSession,
    *,
    association_id: str,
    since: datetime,
    until: datetime,
    by: str | None = None,
    branch_id: str | None = None,
    after: str = "",
    limit: int = 1_000,
) -> list[str]:
    """The ids of the cases, people and things that were looked at or changed from `since` to before `until`.

    `by` is one person of the staff, `branch_id` those who sit in a branch. A page at a time, in the order of the ids.
    """
    where = [
        entries.c.association_id == association_id,
        # The id holds the machine's instant, and an index is in its order; the column says it exactly.
        entries.c.id >= first_id_at(since - SLACK),
        entries.c.id < first_id_at(until + SLACK),
        entries.c.machine_at >= written(since),
        entries.c.machine_at < written(until),
        entries.c.kind.in_((Kind.DID.value, Kind.LOOKED.value)),
    ]
    if by is not None:
        where.append(entries.c.person_id == by)
    if branch_id is not None:
        where.append(entries.c.branch_id == branch_id)
    connection = await session.connection()
    named = [
        select(column.label("id")).where(*where, column.is_not(None))
        for column in (entries.c.case_id, entries.c.subject_id, entries.c.object_id)
    ]
    all_of_them = union(*named, _shown(where, sqlite=connection.dialect.name == "sqlite")).subquery()
    query = select(all_of_them.c.id).where(all_of_them.c.id > after).order_by(all_of_them.c.id).limit(limit)
    return list((await connection.scalars(query)).all())


def _shown(where: Sequence[ColumnElement[bool]], *, sqlite: bool) -> Select[Any]:
    """Whatever stood on the pages of lists."""
    each = (
        func.json_each(entries.c.shown) if sqlite else func.jsonb_array_elements_text(cast(entries.c.shown, JSONB))
    ).table_valued("value")
    of_page = entries.join(each, true())
    return select(each.c.value.label("id")).select_from(of_page).where(*where, entries.c.shown.is_not(None))


def first_id_at(instant: datetime) -> str:
    """The smallest id (UUIDv7) that can have been made at `instant`."""
    milliseconds = f"{max(int(instant.timestamp() * 1000), 0):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-0000-0000-000000000000"


def _seen(row: Row[Any]) -> Seen:
    facts = dict(row._mapping)
    if facts["reason"] is not None:
        try:
            facts["reason"] = unseal(SealedText(facts["reason"]))
        except (InvalidToken, PersonErased):
            facts["reason"] = UNREADABLE
    return Seen.model_validate(facts)
