"""The policy, reviewed, goes round to the staff, and they say that they have read it (`policy.review`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.desk import Acknowledgement, Circulation
from shared.language.errors import EditionTaken
from shared.language.events import PolicyAcknowledged, PolicyCirculated
from shared.plumbing import outbox
from shared.plumbing.identity import Principal


class CirculatePolicy(BaseModel):
    """Send an edition of the policy round."""

    model_config = ConfigDict(frozen=True)

    edition: str
    summary: str
    by: Principal


class AcknowledgePolicy(BaseModel):
    """Say that one has read it."""

    model_config = ConfigDict(frozen=True)

    circulation_id: str
    by: Principal


async def circulate_policy(command: CirculatePolicy, *, session: AsyncSession, now: datetime) -> Circulation:
    """Circulate an edition. Raises `EditionTaken`."""
    if await store.has_circulation(session, association_id=command.by.association_id, edition=command.edition):
        raise EditionTaken(field="edition", edition=command.edition)
    circulation = Circulation(
        association_id=command.by.association_id,
        edition=command.edition,
        summary=command.summary,
        circulated_by=command.by.person_id,
        circulated_at=now,
    )
    session.add(circulation)
    told = PolicyCirculated(
        association_id=circulation.association_id, circulation_id=circulation.id, edition=circulation.edition
    )
    await outbox.tell(session, told, at=now)
    return circulation


async def acknowledge_policy(command: AcknowledgePolicy, *, session: AsyncSession, now: datetime) -> None:
    """Acknowledge; a second time does nothing. Raises `CirculationNotFound`."""
    circulation = await store.get_circulation(session, command.circulation_id, scope=command.by.scope)
    person_id = command.by.person_id
    if await store.find_acknowledgement(session, circulation_id=circulation.id, person_id=person_id) is not None:
        return
    session.add(Acknowledgement(circulation_id=circulation.id, person_id=person_id, acknowledged_at=now))
    told = PolicyAcknowledged(
        association_id=circulation.association_id, circulation_id=circulation.id, person_id=person_id
    )
    await outbox.tell(session, told, at=now)
