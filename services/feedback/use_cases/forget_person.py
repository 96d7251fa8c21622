"""A person was erased: what he said under his own key is taken out. A survey answer names nobody, and stays."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback import store
from services.feedback.domain.base import FeedbackTable
from shared.language.events import PersonErased
from shared.plumbing.personal import scrub


async def forget_person(event: PersonErased, *, session: AsyncSession, now: datetime) -> None:
    """Take it out, and end what is open; a second time changes nothing."""
    for complaint in await store.open_complaints_of(session, event.subject_id):
        complaint.end_with_its_party(at=now)
    # The rows first: what follows is written past them.
    await session.flush()
    await scrub(session, FeedbackTable.metadata, subject=event.subject_id, case_ids=event.case_ids)
