"""Every query about imports."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.imports.run import Import, ImportRow, Outcome
from shared.language.errors import ImportNotFound
from shared.plumbing.confidential_tables import confidential_cases, confidential_people

OPEN_AT_MOST = 50
"""Requests for one service that a person has open: one, or after years of lists a few."""


async def find_import(session: AsyncSession, import_id: str) -> Import | None:
    """The import, held for change; within the session's scope."""
    return (await session.exec(select(Import).where(Import.id == import_id).with_for_update())).first()


async def get_import(session: AsyncSession, import_id: str) -> Import:
    """The import, held for change. Raises `ImportNotFound`."""
    if (found := await find_import(session, import_id)) is None:
        raise ImportNotFound
    return found


async def see_import(session: AsyncSession, import_id: str) -> Import:
    """The import, to be shown: whoever works on it does not wait. Raises `ImportNotFound`."""
    found = (await session.exec(select(Import).where(Import.id == import_id))).first()
    if found is None:
        raise ImportNotFound
    return found


async def list_imports(session: AsyncSession, *, association_id: str, after: str, limit: int) -> list[Import]:
    """A page of the association's imports, oldest first."""
    query = select(Import).where(Import.association_id == association_id, Import.id > after)
    return list((await session.exec(query.order_by(Import.id).limit(limit))).all())


async def list_import_rows(
    session: AsyncSession, import_id: str, *, outcome: Outcome | None, after: int, limit: int
) -> list[ImportRow]:
    """A page of what became of the rows, in the order of the file."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number > after)
    if outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    return list((await session.exec(query.order_by(col(ImportRow.number)).limit(limit))).all())


async def forget_trial(session: AsyncSession, import_id: str, *, first: int, last: int) -> None:
    """What a check said of these rows makes room for what is now said of them; what was taken in stays."""
    gone = delete(ImportRow).where(
        col(ImportRow.import_id) == import_id,
        col(ImportRow.number).between(first, last),
        col(ImportRow.trial).is_(True),
    )
    await session.exec(gone.execution_options(synchronize_session=False))


async def rows_marked(session: AsyncSession, import_id: str, marks: Collection[str], *, before: int) -> dict[str, int]:
    """Those of `marks` that a row above `before` has, with its number."""
    if not marks:
        return {}
    query = select(ImportRow.mark, ImportRow.number).where(
        ImportRow.import_id == import_id, col(ImportRow.mark).in_(marks), ImportRow.number < before
    )
    return {mark: number for mark, number in (await session.exec(query)).all() if mark is not None}


@dataclass(frozen=True)
class OpenRequest:
    """A request that has not ended; its reference, where whoever sent the list may see it."""

    case_id: str
    branch_id: str
    reference: str | None


async def open_requests(
    session: AsyncSession, *, files: Collection[str], service_id: str, by: str
) -> list[OpenRequest]:
    """Those for this service in these files of one person. A worker reads past the sender's scope."""
    query = select(Case.id, Case.branch_id, Case.reference).where(
        col(Case.beneficiary_id).in_(files), Case.service_id == service_id, col(Case.ended_at).is_(None)
    )
    found = (await session.exec(query.limit(OPEN_AT_MOST))).all()
    if not found:
        return []
    named = select(confidential_people.c.case_id).where(confidential_people.c.person_id == by)
    query_closed = select(confidential_cases.c.case_id).where(
        confidential_cases.c.case_id.in_([case_id for case_id, _, _ in found]),
        confidential_cases.c.case_id.not_in(named),
    )
    closed = set((await session.exec(query_closed)).all())
    return [OpenRequest(id_, branch, None if id_ in closed else reference) for id_, branch, reference in sorted(found)]


async def import_places(session: AsyncSession, places: Sequence[str]) -> set[str]:
    """Those of `places` that some import names."""
    found = (await session.exec(select(Import.place).where(col(Import.place).in_(places)))).all()
    return {place for place in found if place is not None}
