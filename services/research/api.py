"""Research over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.research import store
from services.research.domain import ReviewStatus, Verdict
from services.research.use_cases.assign_case import AssignCase, assign_case
from services.research.use_cases.cast_vote import CastVote, cast_vote
from services.research.use_cases.decide_case import (
    DecideByDepartment,
    DecideByVotes,
    decide_by_department,
    decide_by_votes,
)
from services.research.use_cases.study_case import StudyCase, study_case
from shared.language import errors
from shared.language.clauses import ReviewingBody
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="research")

BODY = (Role.SOCIAL_RESEARCHER, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.DEPARTMENT_DECIDER, Role.AUDITOR)
ASSIGNERS = (Role.COMMITTEE_CHAIR, Role.ASSOCIATION_ADMINISTRATOR)
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Person = Annotated[str, Field(min_length=1, max_length=100)]
Missing = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(max_length=50)]


class ReviewView(BaseModel):
    """One round before the reviewing body. The verdict is for the body alone until it is answered."""

    model_config = ConfigDict(from_attributes=True)

    case_id: str
    reference: str
    round: int
    branch_id: str
    service_id: str
    department_id: str
    reviewing_body: ReviewingBody
    status: ReviewStatus
    referred_at: datetime
    answer_not_before: datetime
    studied_at: datetime | None
    researcher: str | None
    decider: str | None
    verdict: Verdict | None
    decided_at: datetime | None
    answered_at: datetime | None


class ReviewPage(BaseModel):
    """A page of reviews; `next` is the `after` of the following page."""

    items: list[ReviewView]
    next: str | None


class ReviewFile(ReviewView):
    """A review with the applicant's file and the study."""

    file: str
    findings: str | None


class Study(BaseModel):
    """The researcher's report."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"findings": "زيارة منزلية؛ البيانات مطابقة."}]}
    )

    findings: Text


class Ballot(BaseModel):
    """A member's vote."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"verdict": "accepted", "reason": "الحاجة ثابتة."}]}
    )

    verdict: Verdict
    reason: Text


class CommitteeDecision(BaseModel):
    """The chair closes the vote; the majority is the verdict. `missing` is for a return."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "قررت اللجنة بالأغلبية."}]})

    reason: Text
    missing: Missing = ()


class DepartmentDecision(CommitteeDecision):
    """The department's own word."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"verdict": "accepted", "reason": "مستوفٍ للشروط."}]}
    )

    verdict: Verdict


class Assignment(BaseModel):
    """Whose work it is: the study, the department's word, or both; what is left out stays as it was."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"researcher": "social_researcher-1"}]})

    researcher: Person | None = None
    decider: Person | None = None


@router.get("/reviews", summary="The body's work, a page at a time")
async def list_reviews(
    session: Session,
    who: Annotated[Principal, allow(*BODY)],
    status: ReviewStatus | None = None,
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ReviewPage:
    reviews = await store.list_reviews(session, scope=who.scope, status=status, after=after, limit=limit)
    items = [ReviewView.model_validate(review) for review in reviews]
    return ReviewPage(items=items, next=reviews[-1].id if len(reviews) == limit else None)


@router.get("/cases/{case_id}/review", summary="A case before the body, with its file")
@refuses(errors.ReviewNotFound)
async def show_review(case_id: str, session: Session, who: Annotated[Principal, allow(*BODY)]) -> ReviewFile:
    return ReviewFile.model_validate(await store.see_review(session, case_id, scope=who.scope))


@router.post("/cases/{case_id}/assignment", status_code=201, summary="Say whose work a case is")
@refuses(errors.ReviewNotFound, errors.ReviewEnded)
async def post_assignment(
    case_id: str, assignment: Assignment, session: Session, who: Annotated[Principal, allow(*ASSIGNERS)]
) -> ReviewView:
    command = AssignCase(case_id=case_id, by=who, **assignment.model_dump())
    return ReviewView.model_validate(await assign_case(command, session=session))


@router.post("/cases/{case_id}/study", status_code=201, summary="Write the study that a decision needs")
@refuses(errors.ReviewNotFound, errors.ReviewEnded, errors.AlreadyStudied, errors.AssignedToAnother)
async def post_study(
    case_id: str, study: Study, session: Session, now: Now, who: Annotated[Principal, allow(Role.SOCIAL_RESEARCHER)]
) -> ReviewView:
    command = StudyCase(case_id=case_id, findings=study.findings, by=who)
    return ReviewView.model_validate(await study_case(command, session=session, now=now))


@router.post("/cases/{case_id}/votes", status_code=201, summary="Vote on a studied case")
@refuses(
    errors.ReviewNotFound,
    errors.ReviewEnded,
    errors.StudyMissing,
    errors.WrongReviewingBody,
    errors.NotImpartial,
    errors.TookTheRequest,
    errors.AlreadyVoted,
)
async def post_vote(
    case_id: str,
    ballot: Ballot,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR)],
) -> ReviewView:
    command = CastVote(case_id=case_id, verdict=ballot.verdict, reason=ballot.reason, by=who)
    return ReviewView.model_validate(await cast_vote(command, session=session, now=now))


@router.post("/cases/{case_id}/committee-decision", status_code=201, summary="Close the committee's vote")
@refuses(
    errors.ReviewNotFound,
    errors.ReviewEnded,
    errors.StudyMissing,
    errors.WrongReviewingBody,
    errors.NotImpartial,
    errors.TookTheRequest,
    errors.QuorumNotReached,
    errors.VotesTied,
    errors.DocumentNotOnChecklist,
    errors.ServiceUnknown,
)
async def post_committee_decision(
    case_id: str,
    decision: CommitteeDecision,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.COMMITTEE_CHAIR)],
) -> ReviewView:
    command = DecideByVotes(case_id=case_id, reason=decision.reason, missing=decision.missing, by=who)
    return ReviewView.model_validate(await decide_by_votes(command, session=session, now=now))


@router.post("/cases/{case_id}/department-decision", status_code=201, summary="Decide in the department")
@refuses(
    errors.ReviewNotFound,
    errors.ReviewEnded,
    errors.StudyMissing,
    errors.WrongReviewingBody,
    errors.NotImpartial,
    errors.TookTheRequest,
    errors.AssignedToAnother,
    errors.DocumentNotOnChecklist,
    errors.ServiceUnknown,
)
async def post_department_decision(
    case_id: str,
    decision: DepartmentDecision,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.DEPARTMENT_DECIDER)],
) -> ReviewView:
    command = DecideByDepartment(
        case_id=case_id, verdict=decision.verdict, reason=decision.reason, missing=decision.missing, by=who
    )
    return ReviewView.model_validate(await decide_by_department(command, session=session, now=now))
