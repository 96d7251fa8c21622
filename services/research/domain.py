"""The rules of a review: study first, then a decision by those who may, then an answer on its day."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.language import errors
from shared.language.clauses import Clause, ReviewingBody
from shared.language.events import CaseAnswered, CaseDecided, CaseReturned, CaseStudied, Outcome, Referral
from shared.language.incompatible import Act, check_compatible
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.personal import shown_if
from shared.plumbing.scope import scoped, within
from shared.plumbing.seal import PersonalColumn, readable, seal


class ResearchTable(SQLModel, registry=registry()):
    """The tables of research."""


Did = Mapping[Act, Collection[str]]
"""Who did what to a case, in this round and those before."""


class Verdict(StrEnum):
    """What a member, or the body, says of a case."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETURNED = "returned"


class ReviewStatus(StrEnum):
    """Where a review stands. `decided` holds an answer that may not be told yet."""

    OPEN = "open"
    STUDIED = "studied"
    DECIDED = "decided"
    ANSWERED = "answered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def ar(self) -> str:
        return STATUSES[self]


STATUSES = {
    ReviewStatus.OPEN: "مفتوح",
    ReviewStatus.STUDIED: "مدروس",
    ReviewStatus.DECIDED: "مبتوت فيه",
    ReviewStatus.ANSWERED: "مُجاب",
    ReviewStatus.RETURNED: "مُعاد",
    ReviewStatus.WITHDRAWN: "مسحوب",
}


def _not_held(reviews: Table) -> ColumnElement[bool]:
    """A verdict that waits for its day is the body's alone (`step.committee_notice`)."""
    return reviews.c.status != ReviewStatus.DECIDED


def _on_what_is_not_held(votes: Table) -> ColumnElement[bool]:
    reviews = votes.metadata.tables["reviews"]
    ended = (ReviewStatus.ANSWERED, ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN)
    return votes.c.review_id.in_(select(reviews.c.id).where(reviews.c.status.in_(ended)))


class Vote(ResearchTable, table=True):
    """One member's vote, with his reason."""

    __tablename__ = "votes"
    __table_args__ = (
        UniqueConstraint("review_id", "person_id"),
        shown_if(_on_what_is_not_held, within("reviews", by="review_id")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    review_id: str = Field(foreign_key="reviews.id")
    subject_id: str | None = Field(default=None, index=True)
    person_id: str
    verdict: Verdict = Field(sa_type=coded(Verdict))
    reason: str = Field(sa_type=PersonalColumn)
    cast_at: datetime


class Review(ResearchTable, table=True):
    """One round before the reviewing body; a returned or appealed case has another."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("case_id", "round"),
        Index("reviews_of_association", "association_id", "id"),
        Index("reviews_queue", "association_id", "status", "id"),
        shown_if(_not_held, scoped(branch="branch_id", case="case_id")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str
    subject_id: str | None = Field(default=None, index=True)
    round: int
    reference: str
    association_id: str
    branch_id: str
    service_id: str
    department_id: str
    reviewing_body: ReviewingBody = Field(sa_type=coded(ReviewingBody))
    file: str = Field(sa_type=PersonalColumn)
    handled_by: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    researcher: str | None = None
    """To whom the study is assigned; anybody's where it is to nobody."""
    decider: str | None = None
    """To whom the department's word is assigned."""
    referred_at: datetime
    floor_days: int
    answer_not_before: datetime
    status: ReviewStatus = Field(default=ReviewStatus.OPEN, sa_type=coded(ReviewStatus))
    findings: str | None = Field(default=None, sa_type=PersonalColumn)
    studied_by: str | None = None
    studied_at: datetime | None = None
    verdict: Verdict | None = Field(default=None, sa_type=coded(Verdict))
    reason: str | None = Field(default=None, sa_type=PersonalColumn)
    decided_by: str | None = None
    decided_at: datetime | None = None
    answered_at: datetime | None = None

    @classmethod
    def of(cls, referral: Referral, *, file: str) -> "Review":
        """A round begins with what the branch sent up."""
        return cls(
            file=file,
            **referral.model_dump(exclude={"file"}),
        )

    def assign(self, *, researcher: str | None, decider: str | None) -> None:
        """Say whose work it is; what is left out stays as it was. Raises `ReviewEnded` once it is decided."""
        self._still_open(ReviewStatus.OPEN, ReviewStatus.STUDIED)
        self.researcher, self.decider = researcher or self.researcher, decider or self.decider

    def study(self, *, findings: str, by: str, at: datetime) -> CaseStudied:
        """Hold the data against reality (`eligibility.verification`)."""
        self._still_open(ReviewStatus.OPEN, ReviewStatus.STUDIED)
        if self.status is ReviewStatus.STUDIED:
            raise errors.AlreadyStudied
        _check_assigned(self.researcher, by=by)
        self.findings, self.studied_by, self.studied_at, self.status = findings, by, at, ReviewStatus.STUDIED
        return CaseStudied(**self._case(), round=self.round)

    def vote(self, *, verdict: Verdict, reason: str, by: str, at: datetime, votes: Sequence[Vote], did: Did) -> Vote:
        """Cast a vote. Raises `NotImpartial` or `TookTheRequest` for what he `did` to the case before."""
        self._ready_to_decide(ReviewingBody.COMMITTEE)
        check_compatible(Act.VOTE, by=by, did=did)
        if any(vote.person_id == by for vote in votes):
            raise errors.AlreadyVoted
        return Vote(
            review_id=self.id, subject_id=self.subject_id, person_id=by, verdict=verdict, reason=reason, cast_at=at
        )

    def decide_by_votes(
        self,
        votes: Sequence[Vote],
        *,
        quorum: int,
        reason: str,
        missing: tuple[str, ...],
        by: str,
        at: datetime,
        did: Did,
    ) -> CaseDecided | CaseReturned:
        """Close the vote. Raises `QuorumNotReached`, `VotesTied`, or as `vote` for what he `did` before."""
        self._ready_to_decide(ReviewingBody.COMMITTEE)
        check_compatible(Act.DECIDE, by=by, did=did)
        if len(votes) < quorum:
            raise errors.QuorumNotReached(votes=len(votes), quorum=quorum)
        first, *others = Counter(vote.verdict for vote in votes).most_common()
        if others and others[0][1] == first[1]:
            raise errors.VotesTied
        voters = [vote.person_id for vote in votes]
        return self._decide(first[0], reason=reason, missing=missing, by=by, at=at, voters=voters)

    def decide_by_department(
        self,
        verdict: Verdict,
        *,
        reason: str,
        missing: tuple[str, ...],
        by: str,
        at: datetime,
        did: Did,
    ) -> CaseDecided | CaseReturned:
        """The department that owns the service decides, after verification; an appeal by another than who rejected."""
        self._ready_to_decide(ReviewingBody.DEPARTMENT)
        check_compatible(Act.DECIDE, by=by, did=did)
        _check_assigned(self.decider, by=by)
        return self._decide(verdict, reason=reason, missing=missing, by=by, at=at)

    def answer(self, *, at: datetime) -> CaseAnswered | None:
        """Let the held answer go; nothing while its day has not come, or when there is none to tell."""
        if self.status is not ReviewStatus.DECIDED or self.verdict is None or at < self.answer_not_before:
            return None
        self.status, self.answered_at = ReviewStatus.ANSWERED, at
        return CaseAnswered(
            **self._case(),
            round=self.round,
            outcome=Outcome(self.verdict.value),
            reason=seal(readable(self.reason or ""), subject=self.subject_id),
            referred_at=self.referred_at,
            answered_at=at,
            floor_days=self.floor_days,
        )

    def withdraw(self) -> None:
        """The applicant took his request back: nothing more is decided or told."""
        if self.status in {ReviewStatus.OPEN, ReviewStatus.STUDIED, ReviewStatus.DECIDED}:
            self.status = ReviewStatus.WITHDRAWN

    def _decide(
        self,
        verdict: Verdict,
        *,
        reason: str,
        missing: tuple[str, ...],
        by: str,
        at: datetime,
        voters: Sequence[str] = (),
    ) -> CaseDecided | CaseReturned:
        if verdict is Verdict.RETURNED and not missing:
            refusal = errors.Malformed(
                field="missing", name="missing", why="a return names the papers that it asks for"
            )
            refusal.facts_ar = {"why": "الإعادة تسمّي المستندات المطلوبة"}
            raise refusal
        self.verdict, self.reason, self.decided_by, self.decided_at = verdict, reason, by, at
        if verdict is Verdict.RETURNED:
            self.status = ReviewStatus.RETURNED
            return CaseReturned(**self._case(), round=self.round, missing=missing)
        self.status = ReviewStatus.DECIDED
        return CaseDecided(
            **self._case(),
            round=self.round,
            held_until=max(at, self.answer_not_before),
            decided_by=tuple(sorted({by, *voters})),
        )

    def _ready_to_decide(self, body: ReviewingBody) -> None:
        if self.reviewing_body is not body:
            raise errors.WrongReviewingBody(body=self.reviewing_body)
        self._still_open(ReviewStatus.OPEN, ReviewStatus.STUDIED)
        if self.status is ReviewStatus.OPEN:
            raise errors.StudyMissing(clause=Clause.ELIGIBILITY_VERIFICATION)

    def _still_open(self, *statuses: ReviewStatus) -> None:
        if self.status not in statuses:
            raise errors.ReviewEnded(status=self.status)

    def _case(self) -> dict[str, Any]:
        return {
            "association_id": self.association_id,
            "case_id": self.case_id,
            "reference": self.reference,
            "subject_id": self.subject_id,
        }


def _check_assigned(to: str | None, *, by: str) -> None:
    """Raises `AssignedToAnother`."""
    if to is not None and to != by:
        raise errors.AssignedToAnother
