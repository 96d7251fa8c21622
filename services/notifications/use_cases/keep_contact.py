"""A request was handed in: keep how its applicant is reached."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.domain.contact import Contact
from shared.language.events import CaseReceived


async def keep_contact(received: CaseReceived, *, session: AsyncSession) -> None:
    """Keep the contact, in place of one that the case has already."""
    await session.merge(Contact.of(received))
