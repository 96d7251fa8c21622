"""Getting better: departments evaluate each other, and obstacles are removed."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.feedback import store
from services.feedback.api.bodies import After, Body, Id, Limit, Line, PathId, Remark, Score, Text
from services.feedback.domain.evaluation import Evaluation
from services.feedback.domain.improvement import FoundBy, Improvement
from services.feedback.use_cases.complete_improvement import CompleteImprovement, complete_improvement
from services.feedback.use_cases.evaluate_department import EvaluateDepartment, evaluate_department
from services.feedback.use_cases.open_improvement import OpenImprovement, open_improvement
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="improvements")

STAFF = tuple(role for role in Role if role not in {Role.PLATFORM_OPERATOR, Role.AUDITOR})
"""Everyone who works for an association; the auditor reads, and changes nothing."""
READERS = (Role.QUALITY_OFFICER, Role.AUDITOR, Role.ASSOCIATION_ADMINISTRATOR)


class NewEvaluation(Body):
    """How `department_id` serves `by_department_id`, from 1 (bad) to 5 (good)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "department_id": "sponsorship",
                    "by_department_id": "education",
                    "overall": 4,
                    "note": "تعاون جيد، والملفات تصل كاملة.",
                }
            ]
        },
    )

    department_id: Id
    by_department_id: Id
    overall: Score
    note: Remark | None = None


class EvaluationReceipt(BaseModel):
    """One department's word about another."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    department_id: str
    by_department_id: str
    overall: int
    evaluated_at: datetime


class EvaluationView(EvaluationReceipt):
    """The same with its note."""

    note: str | None


class EvaluationPage(BaseModel):
    """A page, oldest first; `next` is the `after` of the following page."""

    items: list[EvaluationView]
    next: str | None


class NewImprovement(Body):
    """An obstacle to remove: who answers for it, and by when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "خط هاتف ثانٍ",
                    "found_by": "complaint",
                    "owner": "quality_officer-1",
                    "due_on": "2027-01-31",
                }
            ]
        },
    )

    title: Line
    found_by: FoundBy
    owner: Id
    due_on: date


class Completion(Body):
    """What was done."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"result": "شُغّل الخط الثاني."}]})

    result: Text


class ImprovementReceipt(BaseModel):
    """One obstacle on its way out. What was written is not repeated: this answer may be kept to be given again."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    found_by: FoundBy
    owner: str
    due_on: date
    opened_at: datetime
    completed_at: datetime | None


class ImprovementView(ImprovementReceipt):
    """The same with its words."""

    title: str
    result: str | None


class ImprovementPage(BaseModel):
    """A page, oldest first; `next` is the `after` of the following page."""

    items: list[ImprovementView]
    next: str | None


@router.post("/evaluations", status_code=201, summary="Say how another department serves yours")
@refuses(errors.DepartmentUnknown)
async def post_evaluation(
    new: NewEvaluation, session: Session, now: Now, who: Annotated[Principal, allow(*STAFF)]
) -> EvaluationReceipt:
    command = EvaluateDepartment(**new.model_dump(), by=who)
    return EvaluationReceipt.model_validate(await evaluate_department(command, session=session, now=now))


@router.get("/evaluations", summary="What departments say of each other, a page at a time")
async def list_evaluations(
    session: Session, who: Annotated[Principal, allow(*READERS)], after: After = "", limit: Limit = 50
) -> EvaluationPage:
    evaluations = await store.list_page(session, Evaluation, scope=who.scope, after=after, limit=limit)
    items = [EvaluationView.model_validate(evaluation) for evaluation in evaluations]
    return EvaluationPage(items=items, next=evaluations[-1].id if len(evaluations) == limit else None)


@router.post("/improvements", status_code=201, summary="Take up an obstacle that people named")
async def post_improvement(
    new: NewImprovement, session: Session, now: Now, who: Annotated[Principal, allow(Role.QUALITY_OFFICER)]
) -> ImprovementReceipt:
    command = OpenImprovement(**new.model_dump(), by=who)
    return ImprovementReceipt.model_validate(await open_improvement(command, session=session, now=now))


@router.get("/improvements", summary="The improvements, a page at a time")
async def list_improvements(
    session: Session, who: Annotated[Principal, allow(*READERS)], after: After = "", limit: Limit = 50
) -> ImprovementPage:
    improvements = await store.list_page(session, Improvement, scope=who.scope, after=after, limit=limit)
    items = [ImprovementView.model_validate(improvement) for improvement in improvements]
    return ImprovementPage(items=items, next=improvements[-1].id if len(improvements) == limit else None)


@router.post("/improvements/{improvement_id}/completion", status_code=201, summary="Say that the obstacle is gone")
@refuses(errors.ImprovementNotFound, errors.AlreadyResolved)
async def post_completion(
    improvement_id: PathId,
    completion: Completion,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.QUALITY_OFFICER)],
) -> ImprovementReceipt:
    command = CompleteImprovement(improvement_id=improvement_id, result=completion.result, by=who)
    return ImprovementReceipt.model_validate(await complete_improvement(command, session=session, now=now))
