"""A person was erased, or had his particulars put right: whom notifications writes to follows."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import store
from services.notifications.domain.base import NotificationsTable
from shared.language.events import PersonCorrected, PersonErased
from shared.plumbing import outbox
from shared.plumbing.personal import scrub


async def forget_person(event: PersonErased, *, session: AsyncSession, now: datetime) -> None:
    """Take out his addresses and what was written to him; a second time changes nothing."""
    for message in await store.queued_for(session, event.subject_id):
        if (failed := message.recipient_erased()) is not None:
            await outbox.tell(session, failed, at=now)
    # The rows first: what follows is written past them.
    await session.flush()
    await scrub(session, NotificationsTable.metadata, subject=event.subject_id, case_ids=event.case_ids)
    await store.forget_references(session, event.subject_id)


async def correct_person(event: PersonCorrected, *, session: AsyncSession) -> None:
    """Write to him as he is reached now; what was sent stays as it was sent. Raises `PersonErased`."""
    for contact in await store.contacts_of(session, event.subject_id):
        contact.correct(event)
