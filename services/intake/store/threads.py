"""The queries about questions as threads."""

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.desk import Clarification
from services.intake.domain.threads import ThreadNote, ThreadTerm
from services.intake.store.moments import BEGINNING, Moment
from shared.plumbing.identity import Scope


async def term_of(session: AsyncSession, clarification_id: str) -> ThreadTerm | None:
    """By when it is to be answered, held for change; none for a question from before there were times."""
    query = select(ThreadTerm).where(ThreadTerm.clarification_id == clarification_id).with_for_update()
    return (await session.exec(query)).first()


async def first_note(session: AsyncSession, clarification_id: str) -> ThreadNote | None:
    """What he asked further first; before the first answer nobody else writes notes."""
    query = select(ThreadNote).where(ThreadNote.clarification_id == clarification_id).order_by(ThreadNote.id).limit(1)
    return (await session.exec(query)).first()


async def clarifications_of(session: AsyncSession, case_id: str) -> list[Clarification]:
    """The questions of a case, oldest first: a handful."""
    query = select(Clarification).where(Clarification.case_id == case_id).order_by(Clarification.id)
    return list((await session.exec(query)).all())


async def terms_of(session: AsyncSession, case_id: str) -> dict[str, ThreadTerm]:
    query = select(ThreadTerm).where(ThreadTerm.case_id == case_id)
    return {term.clarification_id: term for term in (await session.exec(query)).all()}


async def notes_of(session: AsyncSession, case_id: str) -> list[ThreadNote]:
    """All notes of a case's threads, oldest first."""
    query = select(ThreadNote).where(ThreadNote.case_id == case_id).order_by(ThreadNote.id)
    return list((await session.exec(query)).all())


async def open_terms(session: AsyncSession, *, scope: Scope, limit: int, after: Moment = BEGINNING) -> list[ThreadTerm]:
    """A page of the questions that wait, the most pressing first."""
    at, clarification_id = after
    query = (
        select(ThreadTerm)
        .where(
            ThreadTerm.association_id == scope.association_id,
            col(ThreadTerm.answered_at).is_(None),
            col(ThreadTerm.due_at) >= at,
            or_(
                col(ThreadTerm.due_at) > at,
                and_(col(ThreadTerm.due_at) == at, col(ThreadTerm.clarification_id) > clarification_id),
            ),
        )
        .order_by(col(ThreadTerm.due_at), ThreadTerm.clarification_id)
        .limit(limit)
    )
    return list((await session.exec(query)).all())
