"""Improvements: an obstacle that people named, who removes it, and by when (`goal.trust.improvement`)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from services.feedback.domain.base import FeedbackTable, malformed
from shared.language.calendar import riyadh_day
from shared.language.errors import AlreadyResolved
from shared.language.events import ImprovementCompleted, ImprovementOpened
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import SealedColumn


class FoundBy(StrEnum):
    """Where the obstacle was named."""

    SURVEY = "survey"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class Improvement(FeedbackTable, table=True):
    """One obstacle on its way out."""

    __tablename__ = "improvements"
    __table_args__ = (Index("improvements_page", "association_id", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    title: str = Field(sa_type=SealedColumn)
    found_by: FoundBy = Field(sa_type=coded(FoundBy))
    owner: str
    due_on: date
    opened_by: str
    opened_at: datetime
    result: str | None = Field(default=None, sa_type=SealedColumn)
    completed_by: str | None = None
    completed_at: datetime | None = None

    def open(self) -> ImprovementOpened:
        """Take the obstacle up. Raises `Malformed` when its day is past already (in Riyadh)."""
        if self.due_on < riyadh_day(self.opened_at):
            raise malformed("due_on", ar="هذا اليوم مضى", en="this day is past")
        return ImprovementOpened(**self._improvement(), due_on=self.due_on)

    def complete(self, *, result: str, by: str, at: datetime) -> ImprovementCompleted:
        """The obstacle is gone. Raises `AlreadyResolved`."""
        if self.completed_at is not None:
            raise AlreadyResolved
        self.result, self.completed_by, self.completed_at = result, by, at
        return ImprovementCompleted(**self._improvement())

    def _improvement(self) -> dict[str, Any]:
        return {
            "association_id": self.association_id,
            "improvement_id": self.id,
            "found_by": self.found_by.value,
        }
