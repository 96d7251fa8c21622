"""A person was erased: what he said under his own key is taken out. A survey answer names nobody, and stays."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback.domain.base import FeedbackTable
from shared.language.events import PersonErased
from shared.plumbing.personal import scrub


async def forget_person(event: PersonErased, *, session: AsyncSession) -> None:
    """Take it out; a second time changes nothing."""
    await scrub(session, FeedbackTable.metadata, subject=event.subject_id, case_ids=event.case_ids)
