"""The checklist of a service beside the papers of a request: what is there, what is missing, what runs out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.documents import Document, counting, demand_for, missing_documents, valid_until
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import within
from shared.plumbing.seal import PersonalColumn
from shared.policy.pack import RequiredDocument, Service

WARNED_BEFORE = timedelta(days=14)
GATHERED = timedelta(days=7)
"""What runs out within a week after is told with it: one message, not one a paper."""
WARNED_IN = frozenset({CaseStatus.RECEIVED, CaseStatus.INCOMPLETE, CaseStatus.COMPLETE, CaseStatus.ATTESTED})
"""Before the request goes up: afterwards it was complete when it went, and nobody is asked for the paper again."""


class Agreement(StrEnum):
    """Who agreed that a paper on file serves a new request."""

    APPLICANT = "applicant"
    GUARDIAN = "guardian"


class ReusedPaper(IntakeTable, table=True):
    """A paper of a request that is one on file already: a reference, whose file stays where it is."""

    __tablename__ = "reused_papers"
    __table_args__ = within("cases", by="case_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id", index=True)
    document_id: str = Field(foreign_key="documents.id", unique=True)
    source_id: str = Field(foreign_key="documents.id", index=True)
    """The paper that was given first: a reused paper that is reused leads there as well."""
    subject_id: str | None = Field(default=None, index=True)
    agreed: Agreement = Field(sa_type=coded(Agreement))
    agreed_name: str = Field(sa_type=PersonalColumn)
    noted_by: str
    noted_at: datetime


class PaperWarning(IntakeTable, table=True):
    """That its applicant was told a paper runs out: once."""

    __tablename__ = "paper_warnings"
    __table_args__ = within("cases", by="case_id")

    document_id: str = Field(primary_key=True, foreign_key="documents.id")
    case_id: str = Field(foreign_key="cases.id", index=True)
    warned_at: datetime


class ItemState(StrEnum):
    """Where one item of the checklist stands today."""

    GIVEN = "given"
    RUNS_OUT = "runs_out"
    MISSING = "missing"
    NOT_GIVEN = "not_given"
    """Optional, and not there."""


@dataclass(frozen=True)
class PaperLine:
    """One paper, with its last day where it has one."""

    document: Document
    valid_until: date | None
    valid: bool
    source_id: str | None


@dataclass(frozen=True)
class Item:
    """One item of the checklist and all its papers, the newest last."""

    demand: RequiredDocument
    state: ItemState
    papers: list[PaperLine]


def checklist(
    documents: Sequence[Document],
    *,
    service: Service,
    today: date,
    asked_again: Sequence[str],
    given_when_asked: Collection[str],
    sources: Mapping[str, str],
) -> list[Item]:
    """Each item of the service's checklist as it stands today (`step.completeness`)."""
    missing = missing_documents(
        documents, service=service, today=today, asked_again=asked_again, given_when_asked=given_when_asked
    )

    def line(document: Document, demand: RequiredDocument) -> PaperLine:
        ends = valid_until(document, demand)
        return PaperLine(document, None if ends == date.max else ends, ends >= today, sources.get(document.id))

    items = []
    for demand in service.documents:
        papers = [document for document in documents if document.kind == demand.kind]
        state = _state(papers, demand=demand, missing=demand.kind in missing, today=today)
        items.append(Item(demand, state, [line(document, demand) for document in papers]))
    return items


def _state(papers: Sequence[Document], *, demand: RequiredDocument, missing: bool, today: date) -> ItemState:
    if missing:
        return ItemState.MISSING
    latest = counting(papers, demand)
    if not latest:
        return ItemState.NOT_GIVEN
    ends = min(valid_until(document, demand) for document in latest)
    return ItemState.RUNS_OUT if ends - today <= WARNED_BEFORE else ItemState.GIVEN


def running_out(
    documents: Sequence[Document], *, service: Service, today: date, warned: Collection[str]
) -> dict[str, date]:
    """The papers of which nobody was warned yet, that count today and run out soon: by id, with their last days.

    Nothing while none is near enough; then all that are nearly so, together.
    """
    found: dict[str, date] = {}
    for demand in service.documents:
        if not demand.required:
            continue
        for document in counting([one for one in documents if one.kind == demand.kind], demand):
            ends = valid_until(document, demand)
            soon = today <= ends and ends - today <= WARNED_BEFORE + GATHERED
            if soon and document.id not in warned:
                found[document.id] = ends
    near = any(ends - today <= WARNED_BEFORE for ends in found.values())
    return found if near else {}


def warned_on(document: Document, *, service: Service) -> date | None:
    """The day on which its applicant is told that it runs out; none for a paper that does not, or is not required."""
    demand = demand_for(document.kind, service=service)
    if demand is None or not demand.required:
        return None
    ends = valid_until(document, demand)
    return None if ends == date.max else ends - WARNED_BEFORE


def reusable(documents: Sequence[Document], *, service: Service, today: date) -> list[Document]:
    """Of papers on file in other requests of the same person, those that this service asks for and that are valid."""
    fit = []
    for document in documents:
        demand = demand_for(document.kind, service=service)
        if demand is not None and document.issued_on <= today <= valid_until(document, demand):
            fit.append(document)
    return fit
