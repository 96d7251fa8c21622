"""A question of the applicant as a thread, with the time by which it is answered (`step.clarification`)."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language import errors
from shared.language.calendar import is_working_day, riyadh_day
from shared.language.clauses import Channel
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import within
from shared.plumbing.seal import PersonalColumn

DAYS_TO_ANSWER = 3
REMINDED_BEFORE = timedelta(days=1)
_OPEN = text("answered_at IS NULL")


class Side(StrEnum):
    """Who speaks in a thread."""

    APPLICANT = "applicant"
    RESEARCHER = "researcher"


class ThreadTerm(IntakeTable, table=True):
    """By when a question is to be answered, and through which channel it was; one row a thread."""

    __tablename__ = "clarification_terms"
    __table_args__ = (
        Index(
            "clarification_terms_open",
            "association_id",
            "due_at",
            "clarification_id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        within("cases", by="case_id"),
    )

    clarification_id: str = Field(primary_key=True, foreign_key="clarifications.id")
    association_id: str
    case_id: str = Field(foreign_key="cases.id", index=True)
    due_at: datetime
    reminded_at: datetime | None = None
    overdue_at: datetime | None = None
    answered_at: datetime | None = None
    through: Channel | None = Field(default=None, sa_type=coded(Channel))

    def ask_again(self, *, at: datetime) -> None:
        """He asks further: the time begins anew where nothing waited, and goes on where something did."""
        if self.answered_at is not None:
            self.due_at, self.answered_at, self.through = due_after(at), None, None
            self.reminded_at = self.overdue_at = None

    def wait_on(self, *, since: datetime) -> None:
        """The first question is answered, and he asked further before it was: that waits still, for its own time."""
        self.due_at, self.reminded_at, self.overdue_at = due_after(since), None, None

    def check_waits(self) -> None:
        """Raises `RepliedAlready`."""
        if self.answered_at is not None:
            raise errors.RepliedAlready

    def close(self, *, through: Channel | None, at: datetime) -> None:
        self.answered_at, self.through = at, through

    def remind(self, *, of: datetime, overdue: bool, at: datetime) -> bool:
        """Whether there is something to say: not once it was answered, or the time began anew."""
        if self.answered_at is not None or self.due_at != of:
            return False
        if overdue:
            self.overdue_at = at
        else:
            self.reminded_at = at
        return True


class ThreadNote(IntakeTable, table=True):
    """What was said after the first question and its answer, by whom and through which channel."""

    __tablename__ = "clarification_notes"
    __table_args__ = (Index("clarification_notes_thread", "clarification_id", "id"), within("cases", by="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    clarification_id: str = Field(foreign_key="clarifications.id")
    case_id: str = Field(foreign_key="cases.id", index=True)
    subject_id: str | None = Field(default=None, index=True)
    side: Side = Field(sa_type=coded(Side))
    channel: Channel | None = Field(default=None, sa_type=coded(Channel))
    words: str = Field(sa_type=PersonalColumn)
    written_by: str
    written_at: datetime


def due_after(asked_at: datetime, *, days: int = DAYS_TO_ANSWER) -> datetime:
    """The same hour so many working days later."""
    at = asked_at
    while days:
        at += timedelta(days=1)
        days -= is_working_day(riyadh_day(at))
    return at
