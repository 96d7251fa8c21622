"""Who may act for whom, in what, from which day to which. Both have files: a guardian is looked up like anybody."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language import errors
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn


class Capacity(StrEnum):
    """As what he acts."""

    FATHER = "father"
    MOTHER = "mother"
    GUARDIAN = "guardian"
    """الولي"""
    TRUSTEE = "trustee"
    """الوصي"""
    CUSTODIAN = "custodian"
    """الحاضن"""
    AGENT = "agent"
    """الوكيل"""


class Deed(StrEnum):
    """What he may do."""

    ASK = "ask"
    ATTEST = "attest"
    COLLECT = "collect"
    DATA_RIGHTS = "data_rights"


class Mandate(IntakeTable, table=True):
    """One person acts for another. The paper and the words about it lie under the key of whom he acts for."""

    __tablename__ = "mandates"
    __table_args__ = (Index("mandates_of_agent", "agent_id", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    subject_id: str = Field(foreign_key="beneficiaries.id", index=True)
    agent_id: str = Field(foreign_key="beneficiaries.id")
    capacity: Capacity = Field(sa_type=coded(Capacity))
    deeds: list[str] = Field(default_factory=list, sa_type=JSON)
    paper: str | None = Field(default=None, sa_type=PersonalColumn)
    """The deed or power of attorney: its number and who issued it."""
    valid_from: date
    valid_until: date | None = None
    noted_by: str
    noted_at: datetime
    ended_by: str | None = None
    ended_reason: str | None = Field(default=None, sa_type=PersonalColumn)

    def check(self) -> None:
        """Raises `ActsForHimself` or `DaysOutOfOrder`."""
        if self.agent_id == self.subject_id:
            raise errors.ActsForHimself(field="agent")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise errors.DaysOutOfOrder(field="valid_until")

    def holds(self, deed: Deed, *, on: date) -> bool:
        """Whether he may do this on that day."""
        return deed in self.deeds and self.in_force(on)

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def end(self, *, on: date, reason: str, by: str) -> None:
        """Its last day. Raises `DaysOutOfOrder`: what held in between held."""
        if on < self.valid_from:
            raise errors.DaysOutOfOrder(field="on")
        self.valid_until, self.ended_reason, self.ended_by = on, reason, by
