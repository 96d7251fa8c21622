"""A person says for what he may be written to, or takes it back."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import store
from services.notifications.domain.consent import Consent, Purpose, Way
from shared.language.errors import PersonNotFound
from shared.plumbing.identity import Principal


class NoteConsent(BaseModel):
    """Note a yes or a no."""

    model_config = ConfigDict(frozen=True)

    subject_id: str
    purpose: Purpose
    given: bool
    way: Way
    by: Principal


async def note_consent(command: NoteConsent, *, session: AsyncSession, now: datetime) -> Consent:
    """Note it. Raises `PersonNotFound` or `ConsentNotNeeded`."""
    await _check_person(command.subject_id, session=session)
    consent = Consent(
        subject_id=command.subject_id,
        association_id=command.by.association_id,
        purpose=command.purpose,
        given=command.given,
        way=command.way,
        noted_by=command.by.person_id,
        said_at=now,
    )
    consent.check()
    session.add(consent)
    return consent


async def see_consents(subject_id: str, *, session: AsyncSession) -> list[Consent]:
    """The newest word for each purpose. Raises `PersonNotFound`."""
    await _check_person(subject_id, session=session)
    newest = [await store.newest_consent(session, subject_id=subject_id, purpose=purpose) for purpose in Purpose]
    return [consent for consent in newest if consent is not None]


async def _check_person(subject_id: str, *, session: AsyncSession) -> None:
    """Whoever is written to here has a contact here. Raises `PersonNotFound`."""
    if not await store.has_contact(session, subject_id):
        raise PersonNotFound
