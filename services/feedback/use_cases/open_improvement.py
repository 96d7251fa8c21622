"""The quality officer takes up an obstacle that people named."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback.domain.improvement import FoundBy, Improvement
from shared.plumbing import outbox
from shared.plumbing.identity import Principal


class OpenImprovement(BaseModel):
    """Take up an obstacle, with an owner and a day."""

    model_config = ConfigDict(frozen=True)

    title: str
    found_by: FoundBy
    owner: str
    due_on: date
    by: Principal


async def open_improvement(command: OpenImprovement, *, session: AsyncSession, now: datetime) -> Improvement:
    """Open. Raises `Malformed` when the day is past."""
    improvement = Improvement(
        association_id=command.by.association_id,
        title=command.title,
        found_by=command.found_by,
        owner=command.owner,
        due_on=command.due_on,
        opened_by=command.by.person_id,
        opened_at=now,
    )
    opened = improvement.open()
    session.add(improvement)
    await outbox.tell(session, opened, at=now)
    return improvement
