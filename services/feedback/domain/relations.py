"""Complaints and suggestions of every party that the policy names (`policy.parties`; ISO 10002)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Index, Table, false
from sqlmodel import Field

from services.feedback.domain.base import FeedbackTable
from shared.language.errors import AlreadyResolved, SensitiveComplaint
from shared.language.events import (
    ComplaintReceived,
    ComplaintResolved,
    ContactShown,
    Party,
    SuggestionReceived,
)
from shared.language.incompatible import Act, check_compatible
from shared.language.roles import SYSTEM, Role
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.personal import shown_if
from shared.plumbing.scope import scoped
from shared.plumbing.seal import ERASED, PersonalColumn, seal


class RelationKind(StrEnum):
    """Not satisfied, or with an idea."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


def _not_sensitive(relations: Table) -> ColumnElement[bool]:
    """What a sensitive complaint says is its officer's alone."""
    return ~relations.c.sensitive


class Relation(FeedbackTable, table=True):
    """What one party said to the association, and for a complaint, how it was answered."""

    __tablename__ = "relations"
    __table_args__ = (
        Index("relations_page", "association_id", "kind", "id"),
        shown_if(_not_sensitive, scoped(case="case_id")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    subject_id: str | None = Field(default=None, index=True)
    kind: RelationKind = Field(sa_type=coded(RelationKind))
    party: Party = Field(sa_type=coded(Party))
    # A subject is free text too: people put names into it.
    subject: str = Field(sa_type=PersonalColumn)
    text: str = Field(sa_type=PersonalColumn)
    contact: str | None = Field(default=None, sa_type=PersonalColumn)
    case_id: str | None = None
    """The case that it is about, where it is about one: who may not see the case does not see this."""
    about_person: str | None = None
    """The member of the staff that it is about: he does not answer it."""
    sensitive: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """What it says is for the officer of such complaints; that there is one, others see."""
    received_by: str
    received_at: datetime
    answer: str | None = Field(default=None, sa_type=PersonalColumn)
    resolved_by: str | None = None
    resolved_at: datetime | None = None

    def receive(self) -> ComplaintReceived | SuggestionReceived:
        """Take it in: whoever said it, and through whichever door."""
        told = ComplaintReceived if self.kind is RelationKind.COMPLAINT else SuggestionReceived
        return told(**self._relation())

    def speaks_to(self, role: Role) -> bool:
        """Whether the words are for him: a sensitive complaint's are for its officer alone."""
        return not self.sensitive or role is Role.SENSITIVE_COMPLAINTS_OFFICER

    def resolve(self, *, answer: str, by: str, role: Role, at: datetime) -> ComplaintResolved:
        """Answer a complaint (ISO 10002 §7.8).

        Raises `AlreadyResolved`, `SensitiveComplaint`, or `AboutYourself` for whom it is about.
        """
        if not self.speaks_to(role):
            raise SensitiveComplaint
        check_compatible(
            Act.ANSWER_COMPLAINT, by=by, did={Act.BE_COMPLAINED_OF: [self.about_person] if self.about_person else []}
        )
        if self.resolved_at is not None:
            raise AlreadyResolved
        self.answer, self.resolved_by, self.resolved_at = answer, by, at
        return ComplaintResolved(**self._relation())

    def end_with_its_party(self, *, at: datetime) -> None:
        """Whoever complained was erased: nobody can read it any more, nor answer him. It does not count as answered."""
        self.answer, self.resolved_by, self.resolved_at = ERASED, SYSTEM.person_id, at

    def show_contact(self, *, reason: str) -> ContactShown:
        """Somebody sees how the party is reached, and says why."""
        return ContactShown(**self._relation(), reason=seal(reason, subject=self.subject_id))

    def _relation(self) -> dict[str, Any]:
        return {
            "association_id": self.association_id,
            "relation_id": self.id,
            "party": self.party,
            "subject_id": self.subject_id,
        }
