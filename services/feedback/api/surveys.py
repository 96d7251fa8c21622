"""The survey: what the invited person sees and says, and what the quality officer may read of it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.feedback import store
from services.feedback.api.bodies import After, Body, Limit, Remark, Score
from services.feedback.domain import survey_words
from services.feedback.domain.satisfaction import LEAST_ANSWERS
from services.feedback.domain.survey import Ratings, SurveyAnswer
from services.feedback.use_cases.answer_survey import AnswerSurvey, answer_survey
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.audit import about
from shared.plumbing.doors import ANYONE, Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.policy.parts import Words

router = api_router(tag="surveys")


class Question(BaseModel):
    """A question that is answered from 1 to 5; `id` is its field in the reply."""

    id: str
    words: Words


class Step(BaseModel):
    """What a number of the scale means."""

    value: int
    words: Words


class SurveyView(BaseModel):
    """The survey as the invited person sees it. It says nothing of the case but how it ended."""

    association: Words
    ending: Words
    right: Words
    questions: list[Question]
    scale: list[Step]
    comment: Words
    answered: bool


class Reply(Body):
    """How it was, from 1 (bad) to 5 (good)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"overall": 5, "ease": 4, "impression": 5, "respect": 5, "speed": 4, "comment": "جزاكم الله خيرًا"}
            ]
        },
    )

    overall: Score
    ease: Score
    impression: Score
    respect: Score
    speed: Score
    comment: Remark | None = None


class Thanks(BaseModel):
    """The answer was kept."""

    thanks: Words


class AnswerView(BaseModel):
    """What somebody said: no case, no reference, no department, no day."""

    model_config = ConfigDict(from_attributes=True)

    overall: int
    ease: int
    impression: int
    respect: int
    speed: int
    comment: str | None


class AnswerPage(BaseModel):
    """A page of answers in no order that means anything; `next` is the `after` of the following page."""

    items: list[AnswerView]
    next: str | None


@router.get("/public/surveys/{code}", summary="The survey that a code opens")
@refuses(errors.SurveyNotFound, errors.AssociationUnknown)
async def show_survey(code: str, session: Session, _: Annotated[None, ANYONE]) -> SurveyView:
    """Looking answers nothing: phones and scanners open links by themselves."""
    invitation = await store.invitation_by_code(session, code)
    about(session, association_id=invitation.association_id, case_id=invitation.case_id)
    return SurveyView(
        association=pack_of(invitation.association_id).association.name,
        ending=survey_words.ENDINGS[invitation.ending],
        right=survey_words.RIGHT,
        questions=[Question(id=name, words=words) for name, words in survey_words.QUESTIONS.items()],
        scale=[Step(value=value, words=words) for value, words in survey_words.SCALE.items()],
        comment=survey_words.COMMENT,
        answered=invitation.answered_at is not None,
    )


@router.post("/public/surveys/{code}", status_code=201, summary="Say how it was, once")
@refuses(errors.SurveyNotFound, errors.AlreadyAnswered)
async def post_answer(code: str, reply: Reply, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Thanks:
    ratings = Ratings(**reply.model_dump(exclude={"comment"}))
    await answer_survey(AnswerSurvey(code=code, ratings=ratings, comment=reply.comment), session=session, now=now)
    return Thanks(thanks=survey_words.THANKS)


@router.get("/survey-answers", summary="What people said, without who they are, a page at a time")
async def list_answers(
    session: Session,
    who: Annotated[Principal, allow(Role.QUALITY_OFFICER, Role.AUDITOR)],
    after: After = "",
    limit: Limit = 50,
) -> AnswerPage:
    """Empty until three people have answered: a lone answer would be known by its hour."""
    if await store.count_answers(session, scope=who.scope) < LEAST_ANSWERS:
        return AnswerPage(items=[], next=None)
    answers = await store.list_page(session, SurveyAnswer, scope=who.scope, after=after, limit=limit)
    items = [AnswerView.model_validate(answer) for answer in answers]
    return AnswerPage(items=items, next=answers[-1].id if len(answers) == limit else None)
