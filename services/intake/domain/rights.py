"""A person's request about his own data, with its thirty days (Personal Data Protection Law art. 4; regulation art. 3).

Recorded even when it was only spoken; answered once it is known who asks; a guardian may ask for whom he answers for.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.language.events import Right, RightsAnswered, RightsDue, RightsExtended, RightsRequested
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn

TIME_TO_ANSWER = timedelta(days=30)
TIME_MORE = timedelta(days=30)
REMINDED_BEFORE = timedelta(days=5)
_OPEN = text("answered_at IS NULL")


class Asker(StrEnum):
    """Who asks."""

    PERSON = "person"
    GUARDIAN = "guardian"


class Manner(StrEnum):
    """How it was asked."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


class Proof(StrEnum):
    """By what it is known who asks; of a guardian, also that he is it."""

    NONE = "none"
    DOCUMENT_SEEN = "document_seen"
    NATIONAL_SIGN_IN = "national_sign_in"
    CALLED_BACK = "called_back"


class RightsRequest(IntakeTable, table=True):
    """One request, from the day it was made to its answer. It outlives the person's key, without a word of his."""

    __tablename__ = "rights_requests"
    __table_args__ = (
        Index("rights_requests_page", "association_id", "id"),
        Index("rights_requests_open", "association_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        scoped(),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    subject_id: str | None = Field(default=None, index=True)
    right: Right = Field(sa_type=coded(Right))
    asker: Asker = Field(sa_type=coded(Asker))
    guardian: str | None = Field(default=None, sa_type=PersonalColumn)
    manner: Manner = Field(sa_type=coded(Manner))
    proof: Proof = Field(sa_type=coded(Proof))
    words: str | None = Field(default=None, sa_type=PersonalColumn)
    taken_by: str
    asked_at: datetime
    due_at: datetime
    extended_at: datetime | None = None
    extension_reason: str | None = Field(default=None, sa_type=PersonalColumn)
    reminded_at: datetime | None = None
    fulfilled: bool | None = None
    answer: str | None = Field(default=None, sa_type=PersonalColumn)
    answered_by: str | None = None
    answered_at: datetime | None = None
    erased_at: datetime | None = None
    """When his key was destroyed; until then the erasure is on its way."""

    def ask(self) -> RightsRequested:
        """Take it down."""
        return RightsRequested(**self._request(), due_at=self.due_at)

    def prove(self, proof: Proof) -> None:
        """Note by what it is known who asks. Raises `RightsRequestAnswered`."""
        self._still_open()
        self.proof = proof

    def extend(self, *, reason: str, at: datetime) -> RightsExtended:
        """Thirty days more, once and in time. Raises `AlreadyExtended`, `ExtendedTooLate`, `RightsRequestAnswered`."""
        self._still_open()
        if self.extended_at is not None:
            raise errors.AlreadyExtended
        if at > self.due_at:
            raise errors.ExtendedTooLate(due_on=riyadh_day(self.due_at))
        self.extended_at, self.extension_reason, self.due_at = at, reason, self.due_at + TIME_MORE
        return RightsExtended(**self._request(), due_at=self.due_at)

    def remind(self, *, of: datetime, at: datetime) -> RightsDue | None:
        """The time is nearly over; nothing where it was answered or extended since."""
        if self.answered_at is not None or self.due_at != of:
            return None
        self.reminded_at = at
        return RightsDue(**self._request(), due_at=self.due_at)

    def refuse(self, *, answer: str, by: str, at: datetime) -> RightsAnswered:
        """Say no, with the reason. Raises `RightsRequestAnswered`."""
        return self._answer(fulfilled=False, answer=answer, by=by, at=at)

    def fulfil(self, right: Right, *, answer: str | None, by: str, at: datetime) -> RightsAnswered:
        """Do what was asked. Raises `IdentityUnproven`, `RightsRequestOfAnotherKind` or `RightsRequestAnswered`."""
        self._still_open()
        if self.right is not right:
            refusal = errors.RightsRequestOfAnotherKind(kind=self.right.value)
            refusal.facts_ar = {"kind": KINDS_AR[self.right]}
            raise refusal
        if self.proof is Proof.NONE:
            raise errors.IdentityUnproven(field="proof")
        return self._answer(fulfilled=True, answer=answer, by=by, at=at)

    def _answer(self, *, fulfilled: bool, answer: str | None, by: str, at: datetime) -> RightsAnswered:
        self._still_open()
        self.fulfilled, self.answer, self.answered_by, self.answered_at = fulfilled, answer, by, at
        return RightsAnswered(**self._request(), fulfilled=fulfilled)

    def _still_open(self) -> None:
        if self.answered_at is not None:
            raise errors.RightsRequestAnswered

    def _request(self) -> dict[str, Any]:
        return {
            "association_id": self.association_id,
            "subject_id": self.subject_id,
            "request_id": self.id,
            "right": self.right,
        }


KINDS_AR = {Right.ACCESS: "اطلاع", Right.CORRECTION: "تصحيح", Right.ERASURE: "محو"}


class OtherPerson(IntakeTable, table=True):
    """Somebody who complained or suggested and has a key of his own for it: he may ask for his right as well."""

    __tablename__ = "other_people"
    __table_args__ = scoped()

    subject_id: str = Field(primary_key=True)
    association_id: str
    relation_id: str
    known_since: datetime
