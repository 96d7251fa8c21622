"""The register of letters, in and out: each with a running number of its year (`channel.letter`)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn, readable


class Direction(StrEnum):
    """Whether a letter came or went."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class RegisteredLetter(IntakeTable, table=True):
    """One letter in the register. What it says of a person lies under his key, where it is about one."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("association_id", "direction", "year", "number"),
        Index("letters_of_branch", "association_id", "branch_id", "direction", "year", "number"),
        scoped(branch="branch_id", case="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    branch_id: str
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    subject_id: str | None = Field(default=None, index=True)
    direction: Direction = Field(sa_type=coded(Direction))
    year: int
    number: int
    their_number: str | None = Field(default=None, sa_type=PersonalColumn)
    dated: date
    attachments: int
    subject: str = Field(sa_type=PersonalColumn)
    correspondent: str = Field(sa_type=PersonalColumn)
    registered_by: str
    registered_at: datetime

    @property
    def shown_number(self) -> str:
        """As it is stamped on the letter."""
        return f"{self.year}/{self.number}"

    def move_to(self, case_id: str, *, subject_id: str | None) -> None:
        """It is about this request now: sealed anew, under the key of whose request it is. Raises `PersonErased`."""
        self.case_id = case_id
        if self.subject_id != subject_id:
            self.subject_id = subject_id
            for field in ("their_number", "subject", "correspondent"):
                if (words := getattr(self, field)) is not None:
                    readable(words)
                    flag_modified(self, field)


class LetterCounter(IntakeTable, table=True):
    """The last number given to a letter of one direction in an association's year."""

    __tablename__ = "letter_counters"
    __table_args__ = scoped()

    association_id: str = Field(primary_key=True)
    direction: Direction = Field(sa_type=coded(Direction), primary_key=True)
    year: int = Field(primary_key=True)
    last: int
