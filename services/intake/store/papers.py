"""The queries about papers beside those of `store`: what lies on file, what is reused, of what was warned."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.checklist import PaperWarning, ReusedPaper
from services.intake.domain.documents import Document

ON_FILE_AT_MOST = 200


async def papers_on_file(session: AsyncSession, case: Case) -> list[Document]:
    """The papers of the same person in his other requests, the newest first: those alone that the scope may see."""
    if case.subject_id is None:
        return []
    query = (
        select(Document)
        .where(Document.subject_id == case.subject_id, Document.case_id != case.id)
        .order_by(col(Document.id).desc())
        .limit(ON_FILE_AT_MOST)
    )
    return list((await session.exec(query)).all())


async def sources_of(session: AsyncSession, document_ids: Sequence[str]) -> dict[str, str]:
    """Which of these papers are on file elsewhere, and as which document."""
    query = select(ReusedPaper.document_id, ReusedPaper.source_id).where(col(ReusedPaper.document_id).in_(document_ids))
    return dict((await session.exec(query)).all())


async def warned_papers(session: AsyncSession, case_id: str) -> set[str]:
    """The papers of a case of which its applicant was told already."""
    query = select(PaperWarning.document_id).where(PaperWarning.case_id == case_id)
    return set((await session.exec(query)).all())
