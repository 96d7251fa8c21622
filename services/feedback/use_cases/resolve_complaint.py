"""The quality officer answers a complaint."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback import store
from services.feedback.domain.relations import Relation
from shared.plumbing import outbox
from shared.plumbing.identity import Principal


class ResolveComplaint(BaseModel):
    """Answer a complaint."""

    model_config = ConfigDict(frozen=True)

    relation_id: str
    answer: str
    by: Principal


async def resolve_complaint(command: ResolveComplaint, *, session: AsyncSession, now: datetime) -> Relation:
    """Answer. Raises `RelationNotFound` or what else the complaint refuses."""
    complaint = await store.get_complaint(session, command.relation_id, scope=command.by.scope)
    resolved = complaint.resolve(answer=command.answer, by=command.by.person_id, role=command.by.role, at=now)
    await outbox.tell(session, resolved, at=now)
    return complaint
