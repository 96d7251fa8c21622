"""The body decides: the committee by its votes, a department by its own word. The answer waits for its day."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from services.research.domain import Review, ReviewStatus, Verdict
from services.research.timers import AnswerDue
from services.research.use_cases.answer_case import answer_case
from shared.language.errors import DocumentNotOnChecklist
from shared.language.events import CaseDecided, CaseReturned
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of, service_of


class DecideByVotes(BaseModel):
    """Close the committee's vote on a case."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    reason: str
    missing: tuple[str, ...] = ()
    by: Principal


class DecideByDepartment(BaseModel):
    """Decide a case in the department that owns its service."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    verdict: Verdict
    reason: str
    missing: tuple[str, ...] = ()
    by: Principal


async def decide_by_votes(command: DecideByVotes, *, session: AsyncSession, now: datetime) -> Review:
    """Decide as the majority voted. Raises `QuorumNotReached`, `VotesTied` and what else the review refuses."""
    review = await store.get_review(session, command.case_id, scope=command.by.scope)
    _check_kinds(command.missing, review)
    committee = pack_of(review.association_id).committee
    event = review.decide_by_votes(
        await store.votes_on(session, review.id),
        quorum=committee.quorum if committee else 1,
        reason=command.reason,
        missing=command.missing,
        by=command.by.person_id,
        at=now,
        did=await store.done_by(session, review),
    )
    await _tell(review, event, session=session, now=now)
    return review


async def decide_by_department(command: DecideByDepartment, *, session: AsyncSession, now: datetime) -> Review:
    """Decide for the department. Raises `StudyMissing`, `NotImpartial` and what else the review refuses."""
    review = await store.get_review(session, command.case_id, scope=command.by.scope)
    _check_kinds(command.missing, review)
    event = review.decide_by_department(
        command.verdict,
        reason=command.reason,
        missing=command.missing,
        by=command.by.person_id,
        at=now,
        did=await store.done_by(session, review),
    )
    await _tell(review, event, session=session, now=now)
    return review


def _check_kinds(missing: tuple[str, ...], review: Review) -> None:
    """What is missing travels in clear: names of papers on the checklist, never words about a person."""
    if not missing:
        return
    checklist = service_of(pack_of(review.association_id), review.service_id).documents
    for kind in missing:
        if kind not in {demand.kind for demand in checklist}:
            kinds = ", ".join(demand.kind for demand in checklist)
            refusal = DocumentNotOnChecklist(field="missing", kind="…", checklist=kinds)
            refusal.facts_ar = {"checklist": tuple(demand.name for demand in checklist)}
            raise refusal


async def _tell(review: Review, event: CaseDecided | CaseReturned, *, session: AsyncSession, now: datetime) -> None:
    await outbox.tell(session, event, at=now)
    if review.status is ReviewStatus.DECIDED:
        if now >= review.answer_not_before:
            await answer_case(review, session=session, now=now)
        else:
            await set_timer(session, AnswerDue(review_id=review.id), due_at=review.answer_not_before, now=now)
