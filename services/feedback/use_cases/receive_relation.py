"""A complaint or a suggestion comes in, from the party itself or through a member of the staff."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback.domain.relations import Relation, RelationKind
from shared.language.events import Party
from shared.plumbing import outbox
from shared.plumbing.vault import VAULT
from shared.policy.adopted import pack_of


class ReceiveRelation(BaseModel):
    """Take in what a party says to an association."""

    model_config = ConfigDict(frozen=True)

    association_id: str
    kind: RelationKind
    party: Party
    subject: str
    text: str
    contact: str | None = None
    case_id: str | None = None
    about_person: str | None = None
    sensitive: bool = False
    by: str


async def receive_relation(command: ReceiveRelation, *, session: AsyncSession, now: datetime) -> Relation:
    """Take it in. Raises `AssociationUnknown`."""
    association_id = pack_of(command.association_id).id
    relation = Relation(
        # A key for this relation alone: whether he is a beneficiary, nobody asks.
        subject_id=VAULT.new_person(now=now),
        association_id=association_id,
        kind=command.kind,
        party=command.party,
        subject=command.subject,
        text=command.text,
        contact=command.contact or None,
        case_id=command.case_id,
        about_person=command.about_person,
        sensitive=command.sensitive,
        received_by=command.by,
        received_at=now,
    )
    session.add(relation)
    await outbox.tell(session, relation.receive(), at=now)
    return relation
