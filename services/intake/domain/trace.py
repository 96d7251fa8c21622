"""The trace that a case leaves: its timeline, and the evidence for each clause. Both are made of events alone."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.plumbing.scope import scoped, within


class TimelineEntry(IntakeTable, table=True):
    """One fact in a case's file: what, when, who, where, and the clauses that it shows kept."""

    __tablename__ = "timeline_entries"
    __table_args__ = (Index("timeline_of_case", "case_id", "at", "event_id"), within("cases", by="case_id"))

    event_id: str = Field(primary_key=True)
    case_id: str
    association_id: str
    at: datetime
    source: str
    event: str
    person_id: str
    role: str | None = None
    branch_id: str | None = None
    clauses: list[str] = Field(default_factory=list, sa_type=JSON)
    facts: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


class ClauseEvidence(IntakeTable, table=True):
    """How often a clause of an association's policy was shown kept, and where last: one row a clause."""

    __tablename__ = "clause_evidence"
    __table_args__ = scoped()

    association_id: str = Field(primary_key=True)
    clause: str = Field(primary_key=True)
    count: int
    last_event: str
    last_reference: str | None = None
    last_at: datetime
