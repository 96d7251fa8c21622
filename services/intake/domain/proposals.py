"""Reaching first (`goal.proactive`): whom a branch may turn to before he asks, and what became of it."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.case import Case
from shared.language import errors
from shared.language import events as e
from shared.language.events import ProposalKind
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn
from shared.policy.pack import Pack

EXPIRES_WITHIN = timedelta(days=30)
"""How long before its end a paper is told of: a national id is renewed in days, a court's deed in weeks."""

_OPEN = text("settled_at IS NULL")


class Way(StrEnum):
    """How the branch reached him."""

    MESSAGE = "message"
    SPOKEN = "spoken"


class Proposal(IntakeTable, table=True):
    """One reason to turn to a person, made once; the case is the one by which the branch knows him."""

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("association_id", "mark"),
        Index("proposals_open", "association_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("proposals_of_branch", "association_id", "branch_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("proposals_of_case", "case_id"),
        scoped(branch="branch_id", case="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    branch_id: str
    case_id: str = Field(foreign_key="cases.id")
    reference: str
    subject_id: str | None = Field(default=None, index=True)
    kind: ProposalKind = Field(sa_type=coded(ProposalKind))
    mark: str
    """What it is about: of one mark there is one proposal for ever, so what was dismissed does not come back."""
    service_id: str | None = None
    because: str | None = None
    """For a service that fits: the one that he was served with."""
    document_kind: str | None = None
    due_on: date | None = None
    made_at: datetime
    way: Way | None = Field(default=None, sa_type=coded(Way))
    """Nothing for one that was dismissed."""
    reason: str | None = Field(default=None, sa_type=PersonalColumn)
    settled_by: str | None = None
    settled_at: datetime | None = None

    def act(self, case: Case, *, way: Way, reason: str | None, by: str, at: datetime) -> e.ProposalEvent:
        """He is written to, or was spoken to. Raises `ProposalSettled` or `NothingToSend`."""
        if way is Way.MESSAGE and self.kind is ProposalKind.FOLLOW_UP_DUE:
            raise errors.NothingToSend(field="way")
        self._settle(reason, by=by, at=at)
        self.way = way
        if way is Way.SPOKEN:
            return e.ProposalActedOn(**self._names(case, e.ProposalActedOn))
        return e.ProposalSent(
            **self._names(case, e.ProposalSent),
            service_id=self.service_id,
            document_kind=self.document_kind,
            due_on=self.due_on,
        )

    def dismiss(self, case: Case, *, reason: str, by: str, at: datetime) -> e.ProposalDismissed:
        """There is no need. Raises `ProposalSettled`."""
        self._settle(reason, by=by, at=at)
        return e.ProposalDismissed(**self._names(case, e.ProposalDismissed))

    def _settle(self, reason: str | None, *, by: str, at: datetime) -> None:
        if self.settled_at is not None:
            raise errors.ProposalSettled
        self.reason, self.settled_by, self.settled_at = reason, by, at

    def _names(self, case: Case, kind: type[e.CaseEvent]) -> dict[str, Any]:
        return {**case.note(kind), "proposal_id": self.id, "kind": self.kind}


def propose(case: Case, kind: ProposalKind, *, mark: str, at: datetime, **about: Any) -> Proposal:
    """A proposal about whoever's case it is."""
    return Proposal(
        association_id=case.association_id,
        branch_id=case.branch_id,
        case_id=case.id,
        reference=case.reference,
        subject_id=case.subject_id,
        kind=kind,
        mark=f"{kind.value}:{mark}",
        made_at=at,
        **about,
    )


def fitting_services(pack: Pack, *, served: Collection[str], asked: Collection[str]) -> Iterator[tuple[str, str]]:
    """The services that fit who was `served` with others and never asked for them, each with the one that says so."""
    for service in pack.services:
        because = next((one for one in service.fits_after if one in served), None)
        if because is not None and service.id not in asked:
            yield service.id, because
