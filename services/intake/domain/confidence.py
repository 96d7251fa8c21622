"""Who made a case confidential or open again, and why."""

from datetime import datetime

from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.plumbing.origin import new_id
from shared.plumbing.scope import within
from shared.plumbing.seal import PersonalColumn


class ConfidenceChange(IntakeTable, table=True):
    """One change of who may see a case, with its reason; the newest is in force. Seen with the case alone."""

    __tablename__ = "confidence_changes"
    __table_args__ = within("cases", by="case_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id", index=True)
    confidential: bool
    subject_id: str | None = Field(default=None, index=True)
    reason: str = Field(sa_type=PersonalColumn)
    changed_by: str
    changed_at: datetime
