"""The person says how it was."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback import store
from services.feedback.domain.survey import Ratings, SurveyAnswer
from shared.plumbing import outbox


class AnswerSurvey(BaseModel):
    """Answer the survey that a code opens."""

    model_config = ConfigDict(frozen=True)

    code: str
    ratings: Ratings
    comment: str | None = None


async def answer_survey(command: AnswerSurvey, *, session: AsyncSession, now: datetime) -> None:
    """Answer. Raises `SurveyNotFound` or `AlreadyAnswered`."""
    invitation = await store.invitation_by_code(session, command.code)
    answered = invitation.answer(at=now)
    session.add(SurveyAnswer.of(invitation, command.ratings, comment=command.comment, at=now))
    await outbox.tell(session, answered, at=now)
