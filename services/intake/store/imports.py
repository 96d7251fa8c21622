"""Every query about imports."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.imports.run import Import, ImportRow, Outcome
from shared.language.errors import ImportNotFound


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


async def open_request(session: AsyncSession, *, files: Collection[str], service_id: str) -> str | None:
    """The reference of a request for this service, in one of these files of a person, that has not ended."""
    query = select(Case.reference).where(
        col(Case.beneficiary_id).in_(files), Case.service_id == service_id, col(Case.ended_at).is_(None)
    )
    return (await session.exec(query.limit(1))).first()


async def import_places(session: AsyncSession, places: Sequence[str]) -> set[str]:
    """Those of `places` that some import names."""
    found = (await session.exec(select(Import.place).where(col(Import.place).in_(places)))).all()
    return {place for place in found if place is not None}
