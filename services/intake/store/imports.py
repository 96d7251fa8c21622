"""Every query about imports."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.imports.run import Import, ImportRow, Outcome
from services.intake.domain.retention import UNNAMED
from shared.language.errors import ImportNotFound
from shared.plumbing.confidential_tables import confidential_cases, confidential_people


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


async def open_request(session: AsyncSession, *, files: Collection[str], service_id: str, by: str) -> str | None:
    """The reference of a request for this service, in one of these files of a person, that has not ended.

    `UNNAMED` for a confidential one that does not name whoever sent the list: a worker reads past his scope.
    """
    query = select(Case.id, Case.reference).where(
        col(Case.beneficiary_id).in_(files), Case.service_id == service_id, col(Case.ended_at).is_(None)
    )
    if (found := (await session.exec(query.limit(1))).first()) is None:
        return None
    case_id, reference = found
    named = select(confidential_people.c.case_id).where(confidential_people.c.person_id == by)
    closed = select(confidential_cases.c.case_id).where(
        confidential_cases.c.case_id == case_id, confidential_cases.c.case_id.not_in(named)
    )
    return reference if (await session.exec(closed)).first() is None else UNNAMED


async def import_places(session: AsyncSession, places: Sequence[str]) -> set[str]:
    """Those of `places` that some import names."""
    found = (await session.exec(select(Import.place).where(col(Import.place).in_(places)))).all()
    return {place for place in found if place is not None}
