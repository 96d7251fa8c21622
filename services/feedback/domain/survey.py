"""The survey: one invitation a case, one answer an invitation, and nothing that leads from the answer to the person."""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Index
from sqlmodel import Field

from services.feedback.domain.base import FeedbackTable
from shared.language.calendar import riyadh_day
from shared.language.errors import AlreadyAnswered
from shared.language.events import CaseClosed, CaseWithdrawn, Ending, Rating, SurveyAnswered, SurveyInvited
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import RING, SealedColumn, seal

CODE_LENGTH = 11
CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0 and o, no 1, i and l, and one case: the code is copied from a screen, and read aloud over the phone."""

_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def make_code() -> str:
    """A fresh code: 54 bits, and short enough for an Arabic SMS of one part."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def index_of_code(typed: str) -> str:
    """The keyed hash of a code, however the person's keyboard wrote it."""
    return RING.index(f"survey:{typed.strip().translate(_ARABIC_DIGITS).lower()}")


class Ratings(BaseModel):
    """How it was, from 1 (bad) to 5 (good)."""

    model_config = ConfigDict(frozen=True)

    overall: Rating
    ease: Rating
    impression: Rating
    respect: Rating
    speed: Rating


class Invitation(FeedbackTable, table=True):
    """One case that came to an end and was asked about, once. The code itself is kept nowhere."""

    __tablename__ = "invitations"
    __table_args__ = (Index("invitations_period", "association_id", "invited_at"), scoped(case="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(unique=True)
    reference: str
    association_id: str
    subject_id: str | None = Field(default=None, index=True)
    ending: Ending = Field(sa_type=coded(Ending))
    department_id: str
    code_index: str = Field(unique=True)
    invited_at: datetime
    answered_at: datetime | None = None

    @classmethod
    def of(cls, case: CaseClosed | CaseWithdrawn, *, ending: Ending, code: str, at: datetime) -> "Invitation":
        return cls(
            case_id=case.case_id,
            reference=case.reference,
            association_id=case.association_id,
            subject_id=case.subject_id,
            department_id=case.department_id,
            ending=ending,
            code_index=index_of_code(code),
            invited_at=at,
        )

    def invite(self, *, code: str) -> SurveyInvited:
        """Ask him: evaluating is his right, however it ended (`goal.trust.evaluation_right`)."""
        return SurveyInvited(
            **self._case(), invitation_id=self.id, ending=self.ending, code=seal(code, subject=self.subject_id)
        )

    def answer(self, *, at: datetime) -> SurveyAnswered:
        """Take his answer. Raises `AlreadyAnswered`: the first one stands."""
        if self.answered_at is not None:
            raise AlreadyAnswered
        self.answered_at = at
        return SurveyAnswered(**self._case(), department_id=self.department_id)

    def _case(self) -> dict[str, Any]:
        return {
            "association_id": self.association_id,
            "case_id": self.case_id,
            "reference": self.reference,
            "subject_id": self.subject_id,
        }


class SurveyAnswer(FeedbackTable, table=True):
    """What somebody said. It names no invitation, and its day alone is kept, so no row says who it was.

    The id is random: ids in the order of their making would line up with the invitations.
    """

    __tablename__ = "survey_answers"
    __table_args__ = (
        Index("survey_answers_period", "association_id", "answered_on"),
        Index("survey_answers_page", "association_id", "id"),
        scoped(),
    )

    id: str = Field(default_factory=lambda: str(uuid4()), primary_key=True)
    association_id: str
    ending: Ending = Field(sa_type=coded(Ending))
    department_id: str
    overall: int
    ease: int
    impression: int
    respect: int
    speed: int
    comment: str | None = Field(default=None, sa_type=SealedColumn)
    answered_on: date

    @classmethod
    def of(cls, invitation: Invitation, ratings: Ratings, *, comment: str | None, at: datetime) -> "SurveyAnswer":
        return cls(
            association_id=invitation.association_id,
            ending=invitation.ending,
            department_id=invitation.department_id,
            comment=comment or None,
            answered_on=riyadh_day(at),
            **ratings.model_dump(),
        )
