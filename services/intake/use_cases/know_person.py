"""Somebody complained or suggested: he has a key of his own, and may ask for his rights by it."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.rights import OtherPerson
from services.intake.store.rights import find_other_person
from shared.language.events import RelationEvent


async def know_person(event: RelationEvent, *, session: AsyncSession, now: datetime) -> None:
    """Note whose key it is; a relation from before persons had keys has none."""
    if event.subject_id is None or await find_other_person(session, event.subject_id) is not None:
        return
    session.add(
        OtherPerson(
            subject_id=event.subject_id,
            association_id=event.association_id,
            relation_id=event.relation_id,
            known_since=now,
        )
    )
