"""How a party is reached, in clear: with a reason, which is told."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback import store
from shared.language.errors import SensitiveComplaint
from shared.plumbing.identity import Principal
from shared.plumbing.personal import note_reveal
from shared.plumbing.seal import readable


class ShowContact(BaseModel):
    """Show the contact of a complaint or suggestion."""

    model_config = ConfigDict(frozen=True)

    relation_id: str
    reason: str
    by: Principal


async def show_contact(command: ShowContact, *, session: AsyncSession, now: datetime) -> str | None:
    """The contact, once it is written who asked. Raises `RelationNotFound`, `SensitiveComplaint` or `PersonErased`."""
    relation = await store.get_relation(session, command.relation_id, scope=command.by.scope)
    if not relation.speaks_to(command.by.role):
        raise SensitiveComplaint
    shown = relation.show_contact(reason=command.reason)
    await note_reveal(session, shown, reason=command.reason, at=now, sensitive=relation.sensitive)
    return None if relation.contact is None else readable(relation.contact)
