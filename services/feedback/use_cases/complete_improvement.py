"""The obstacle is gone, and what was done about it is written down."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback import store
from services.feedback.domain.improvement import Improvement
from shared.plumbing import outbox
from shared.plumbing.identity import Principal


class CompleteImprovement(BaseModel):
    """Bring an improvement to its end."""

    model_config = ConfigDict(frozen=True)

    improvement_id: str
    result: str
    by: Principal


async def complete_improvement(command: CompleteImprovement, *, session: AsyncSession, now: datetime) -> Improvement:
    """Complete. Raises `ImprovementNotFound` or `AlreadyResolved`."""
    improvement = await store.get_improvement(session, command.improvement_id, scope=command.by.scope)
    completed = improvement.complete(result=command.result, by=command.by.person_id, at=now)
    await outbox.tell(session, completed, at=now)
    return improvement
