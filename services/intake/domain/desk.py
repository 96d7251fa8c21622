"""What lies on the desk beside the requests: clarifications, attestations, benefits, tools, and the policy itself."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.intake.domain.attesting import Manner
from services.intake.domain.base import IntakeTable
from shared.language.clauses import Channel, Tool
from shared.language.errors import AlreadyAnswered
from shared.language.roles import SYSTEM
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped, within
from shared.plumbing.seal import ERASED, PersonalColumn


class Clarification(IntakeTable, table=True):
    """A question of the applicant, which goes to the social researcher (`step.clarification`)."""

    __tablename__ = "clarifications"
    __table_args__ = (Index("clarifications_case", "case_id", "id"), within("cases", by="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    subject_id: str | None = Field(default=None, index=True)
    question: str = Field(sa_type=PersonalColumn)
    asked_at: datetime
    answer: str | None = Field(default=None, sa_type=PersonalColumn)
    misconception_corrected: bool = False
    answered_by: str | None = None
    answered_at: datetime | None = None
    answered_through: Channel | None = Field(default=None, sa_type=coded(Channel))

    def take_answer(
        self, answer: str, *, misconception_corrected: bool, through: Channel | None, by: str, at: datetime
    ) -> None:
        """Raises `AlreadyAnswered`: the first answer stands."""
        if self.answered_at is not None:
            raise AlreadyAnswered
        self.answer, self.misconception_corrected = answer, misconception_corrected
        self.answered_by, self.answered_at, self.answered_through = by, at, through

    def end_with_its_applicant(self, *, at: datetime) -> None:
        """Whoever asked was erased: nobody can read it any more, nor be answered."""
        self.answer, self.answered_by, self.answered_at = ERASED, SYSTEM.person_id, at


class Attestation(IntakeTable, table=True):
    """The applicant's signature under a text, for data with this digest (`step.attestation`)."""

    __tablename__ = "attestations"
    __table_args__ = within("cases", by="case_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id", index=True)
    subject_id: str | None = Field(default=None, index=True)
    text_version: str
    data_digest: str
    signed_name: str = Field(sa_type=PersonalColumn)
    taken_by: str
    signed_at: datetime
    text_digest: str | None = None
    manner: Manner | None = Field(default=None, sa_type=coded(Manner))
    code_bound_to: str | None = None
    """The digest of text, data and signature that a code by SMS confirmed, where one did."""
    witness: str | None = Field(default=None, sa_type=PersonalColumn)
    guardian: str | None = Field(default=None, sa_type=PersonalColumn)
    kinship: str | None = Field(default=None, sa_type=PersonalColumn)
    reason: str | None = Field(default=None, sa_type=PersonalColumn)
    drawing_place: str | None = Field(default=None, index=True)
    """Where the drawn signature lies, sealed, among the files of papers."""
    drawing_key: str | None = Field(default=None, sa_type=PersonalColumn)
    drawing_digest: str | None = None


class Delivery(IntakeTable, table=True):
    """The service in the beneficiary's hand, and how that is shown (`step.delivery`)."""

    __tablename__ = "deliveries"
    __table_args__ = within("cases", by="case_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id", unique=True)
    subject_id: str | None = Field(default=None, index=True)
    received_by: str = Field(sa_type=PersonalColumn)
    proof: str = Field(sa_type=PersonalColumn)
    delivered_by: str
    recorded_at: datetime


class Benefit(IntakeTable, table=True):
    """What the service did for him (`eligibility.benefit`)."""

    __tablename__ = "benefits"
    __table_args__ = within("cases", by="case_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id", index=True)
    subject_id: str | None = Field(default=None, index=True)
    useful: bool
    note: str = Field(sa_type=PersonalColumn)
    documented_by: str
    documented_at: datetime


class ToolEdition(IntakeTable, table=True):
    """A tool of the policy as it was published; the newest is in force (`tool.*`)."""

    __tablename__ = "tool_editions"
    __table_args__ = (
        UniqueConstraint("association_id", "tool", "edition"),
        Index("tool_editions_newest", "association_id", "tool", "id"),
        scoped(),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    tool: Tool = Field(sa_type=coded(Tool))
    edition: str
    title: str
    text: str
    published_by: str
    published_at: datetime


class Circulation(IntakeTable, table=True):
    """The policy in an edition, sent round to the staff (`policy.review`)."""

    __tablename__ = "circulations"
    __table_args__ = (UniqueConstraint("association_id", "edition"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    edition: str
    summary: str
    circulated_by: str
    circulated_at: datetime


class Acknowledgement(IntakeTable, table=True):
    """A member of the staff has read a circulation."""

    __tablename__ = "acknowledgements"
    __table_args__ = within("circulations", by="circulation_id")

    circulation_id: str = Field(primary_key=True, foreign_key="circulations.id")
    person_id: str = Field(primary_key=True)
    acknowledged_at: datetime


class ReferenceCounter(IntakeTable, table=True):
    """The last number given to a request of an association in a year."""

    __tablename__ = "reference_counters"
    __table_args__ = scoped()

    association_id: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int
