"""Pages of the desk's lists beside the cases, the newest first by keyset: first contacts, letters, common answers."""

from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.contacts import FirstContact
from services.intake.domain.guide import GuideEntry
from services.intake.domain.letters import Direction, RegisteredLetter
from services.intake.domain.threads import ThreadTerm
from services.intake.store.moments import BEGINNING, Moment
from shared.plumbing.identity import Scope


async def page_of_contacts(
    session: AsyncSession, *, scope: Scope, before: str = "", after: str = "", limit: int
) -> list[FirstContact]:
    query = select(FirstContact).where(FirstContact.association_id == scope.association_id)
    if scope.branch_id is not None:
        query = query.where(FirstContact.branch_id == scope.branch_id)
    return await _page(session, query, col(FirstContact.id), before=before, after=after, limit=limit)


async def page_of_letters(
    session: AsyncSession,
    *,
    scope: Scope,
    direction: Direction,
    year: int,
    before: int | None = None,
    after: int | None = None,
    limit: int,
) -> list[RegisteredLetter]:
    """A page of the register of a year, the last number first."""
    query = select(RegisteredLetter).where(
        RegisteredLetter.association_id == scope.association_id,
        RegisteredLetter.direction == direction,
        RegisteredLetter.year == year,
    )
    if scope.branch_id is not None:
        query = query.where(RegisteredLetter.branch_id == scope.branch_id)
    return await _page(session, query, col(RegisteredLetter.number), before=before, after=after, limit=limit)


async def page_of_entries(
    session: AsyncSession, *, scope: Scope, before: str = "", after: str = "", limit: int
) -> list[GuideEntry]:
    query = select(GuideEntry).where(GuideEntry.association_id == scope.association_id)
    return await _page(session, query, col(GuideEntry.id), before=before, after=after, limit=limit)


async def waiting_questions(
    session: AsyncSession, *, scope: Scope, limit: int, after: Moment = BEGINNING
) -> list[tuple[ThreadTerm, Case]]:
    """A page of the questions that wait, each with its case, the most pressing first."""
    at, clarification_id = after
    query = (
        select(ThreadTerm, Case)
        .join(Case, col(Case.id) == col(ThreadTerm.case_id))
        .where(ThreadTerm.association_id == scope.association_id, col(ThreadTerm.answered_at).is_(None))
        .where(
            col(ThreadTerm.due_at) >= at,
            or_(
                col(ThreadTerm.due_at) > at,
                and_(col(ThreadTerm.due_at) == at, col(ThreadTerm.clarification_id) > clarification_id),
            ),
        )
        .order_by(col(ThreadTerm.due_at), col(ThreadTerm.clarification_id))
        .limit(limit)
    )
    return [(term, case) for term, case in (await session.exec(query)).all()]


async def _page(
    session: AsyncSession, query: Any, key: Any, *, before: str | int | None, after: str | int | None, limit: int
) -> list[Any]:
    """Those below `before`, or those just above `after`."""
    if after:
        return list(reversed((await session.exec(query.where(key > after).order_by(key).limit(limit))).all()))
    if before:
        query = query.where(key < before)
    return list((await session.exec(query.order_by(key.desc()).limit(limit))).all())
