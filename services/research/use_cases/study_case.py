"""The social researcher holds the data against reality and writes the report."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from services.research.domain import Review
from shared.plumbing import outbox
from shared.plumbing.identity import Principal


class StudyCase(BaseModel):
    """Write the study of a case."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    findings: str
    by: Principal


async def study_case(command: StudyCase, *, session: AsyncSession, now: datetime) -> Review:
    """Study the case. Raises `ReviewNotFound`, `ReviewEnded` or `AlreadyStudied`."""
    review = await store.get_review(session, command.case_id, scope=command.by.scope)
    studied = review.study(findings=command.findings, by=command.by.person_id, at=now)
    await outbox.tell(session, studied, at=now)
    return review
