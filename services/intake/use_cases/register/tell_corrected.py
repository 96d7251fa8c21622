"""A file says something else from now on: whoever writes to this person is told."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Beneficiary
from shared.language.events import PersonCorrected
from shared.plumbing import outbox
from shared.plumbing.seal import seal


async def tell_corrected(person: Beneficiary, *, session: AsyncSession, now: datetime) -> None:
    """Tell how he is reached, as his file says now. Raises `PersonErased`."""
    told = PersonCorrected(
        association_id=person.association_id,
        subject_id=person.key_id,
        contact=seal(person.contact, subject=person.subject_id),
    )
    await outbox.tell(session, told, at=now)
