"""The papers of a request: what the service's checklist asks for, and whether each is valid on the day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Index, text
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language.clauses import Clause
from shared.language.errors import DocumentExpired, DocumentNotOnChecklist
from shared.plumbing.origin import new_id
from shared.plumbing.scope import within
from shared.plumbing.seal import PersonalColumn
from shared.policy.pack import RequiredDocument, Service

_ENDS = text("expires_on IS NOT NULL")


class Document(IntakeTable, table=True):
    """One paper that the applicant gave. A newer one of its kind takes its place, or the place of the oldest."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("documents_case", "case_id", "id"),
        Index("documents_running_out", "expires_on", "id", sqlite_where=_ENDS, postgresql_where=_ENDS),
        within("cases", by="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    subject_id: str | None = Field(default=None, index=True)
    kind: str
    number: str | None = Field(default=None, sa_type=PersonalColumn)
    issued_on: date
    expires_on: date | None = None
    recorded_by: str
    recorded_at: datetime


def valid_until(document: Document, demand: RequiredDocument) -> date:
    """The last day on which the paper counts: its own, or as old as the checklist lets it be."""
    ends = [document.expires_on] if document.expires_on else []
    if demand.valid_for_days is not None:
        ends.append(document.issued_on + timedelta(days=demand.valid_for_days))
    return min(ends, default=date.max)


def demand_for(kind: str, *, service: Service) -> RequiredDocument | None:
    """What the service's checklist says of papers of this kind."""
    return next((demand for demand in service.documents if demand.kind == kind), None)


def counting(papers: Sequence[Document], demand: RequiredDocument) -> Sequence[Document]:
    """Of all papers of a kind, oldest first, those that count: the newest, as many as the checklist asks for."""
    return papers[-demand.at_least :]


def check_still_valid(documents: Sequence[Document], *, service: Service, today: date) -> None:
    """Raises `DocumentExpired` for a required paper that ran out since the check."""
    for demand in service.documents:
        if demand.required:
            for document in counting([one for one in documents if one.kind == demand.kind], demand):
                check_document(document, service=service, today=today)


def check_document(document: Document, *, service: Service, today: date) -> None:
    """Raises `DocumentNotOnChecklist`, or `DocumentExpired` when it is not valid today (`step.completeness`)."""
    demand = demand_for(document.kind, service=service)
    if demand is None:
        checklist = ", ".join(demand.kind for demand in service.documents)
        refusal = DocumentNotOnChecklist(field="kind", kind=document.kind, checklist=checklist)
        refusal.facts_ar = {"checklist": tuple(demand.name for demand in service.documents)}
        raise refusal
    ends = valid_until(document, demand)
    if ends < today:
        raise DocumentExpired(field="expires_on", clause=Clause.STEP_COMPLETENESS, kind=demand.name, expired_on=ends)


def missing_documents(
    documents: Sequence[Document],
    *,
    service: Service,
    today: date,
    asked_again: Sequence[str],
    given_when_asked: Collection[str],
) -> tuple[str, ...]:
    """The kinds that a complete request still lacks today.

    What the reviewing body asked for (`asked_again`) has to have been given since it asked.
    """
    missing = []
    for demand in service.documents:
        papers = counting([document for document in documents if document.kind == demand.kind], demand)
        asked = demand.kind in asked_again
        if len(papers) < demand.at_least:
            # An optional item that was begun is not held against him, unless the body asked for it.
            if demand.required or (asked and (not papers or papers[-1].id in given_when_asked)):
                missing.append(demand.kind)
        elif (demand.required and any(valid_until(document, demand) < today for document in papers)) or (
            asked and papers[-1].id in given_when_asked
        ):
            missing.append(demand.kind)
    return tuple(missing)
