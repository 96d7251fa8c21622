"""The applicant's questions, and the social researcher's answers."""

from typing import Annotated

from services.intake.api.views import FRONT, ClarificationView, Explanation, Question
from services.intake.use_cases.clarify_case import (
    AnswerClarification,
    AskClarification,
    answer_clarification,
    ask_clarification,
)
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="clarifications")


@router.post("/cases/{case_id}/clarifications", status_code=201, summary="Refer the applicant's question")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder)
async def post_clarification(
    case_id: str, question: Question, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ClarificationView:
    command = AskClarification(case_id=case_id, question=question.question, by=who)
    return ClarificationView.model_validate(await ask_clarification(command, session=session, now=now))


@router.post("/cases/{case_id}/clarifications/{clarification_id}/answer", summary="Explain the rules to the applicant")
@refuses(
    errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.ClarificationNotFound, errors.AlreadyAnswered
)
async def post_answer(
    case_id: str,
    clarification_id: str,
    explanation: Explanation,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.SOCIAL_RESEARCHER)],
) -> ClarificationView:
    command = AnswerClarification(
        case_id=case_id, clarification_id=clarification_id, by=who, **explanation.model_dump()
    )
    return ClarificationView.model_validate(await answer_clarification(command, session=session, now=now))
