"""A case becomes somebody's work: from then on no other studies it, or speaks for the department."""

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from services.research.domain import Review
from shared.plumbing.identity import Principal


class AssignCase(BaseModel):
    """Assign the study of a case, the department's word, or both."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    researcher: str | None
    decider: str | None
    by: Principal


async def assign_case(command: AssignCase, *, session: AsyncSession) -> Review:
    """Assign. Raises `ReviewNotFound` or `ReviewEnded`."""
    review = await store.get_review(session, command.case_id, scope=command.by.scope)
    review.assign(researcher=command.researcher, decider=command.decider)
    return review
