"""What is unclear to the applicant goes to the social researcher, who answers (`step.clarification`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.desk import Clarification
from services.intake.use_cases.keep_thread import close_term, open_term
from shared.language.clauses import Channel
from shared.language.events import ClarificationAnswered, ClarificationAsked
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.seal import seal


class AskClarification(BaseModel):
    """Refer the applicant's question."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    question: str
    by: Principal


class AnswerClarification(BaseModel):
    """Explain the rules to the applicant."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    clarification_id: str
    answer: str
    misconception_corrected: bool
    through: Channel | None = None
    by: Principal


async def ask_clarification(command: AskClarification, *, session: AsyncSession, now: datetime) -> Clarification:
    """Ask. Raises `StepOutOfOrder` for a draft or an ended case."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    clarification = Clarification(case_id=case.id, subject_id=case.subject_id, question=command.question, asked_at=now)
    session.add(clarification)
    await open_term(clarification, case=case, session=session, now=now)
    asked = ClarificationAsked(**case.note(ClarificationAsked), clarification_id=clarification.id)
    await outbox.tell(session, asked, at=now)
    return clarification


async def answer_clarification(command: AnswerClarification, *, session: AsyncSession, now: datetime) -> Clarification:
    """Answer once. Raises `ClarificationNotFound` or `AlreadyAnswered`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    clarification = await store.get_clarification(session, case_id=case.id, clarification_id=command.clarification_id)
    clarification.take_answer(
        command.answer,
        misconception_corrected=command.misconception_corrected,
        through=command.through,
        by=command.by.person_id,
        at=now,
    )
    await close_term(clarification, through=command.through, session=session, now=now)
    answered = ClarificationAnswered(
        **case.note(ClarificationAnswered),
        clarification_id=clarification.id,
        answer=seal(command.answer, subject=case.subject_id),
        misconception_corrected=command.misconception_corrected,
    )
    await outbox.tell(session, answered, at=now)
    return clarification
