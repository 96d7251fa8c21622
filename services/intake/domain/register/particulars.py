"""What a person's file holds beside his name and numbers, and each registration as it was typed."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.people import Beneficiary, Contact
from services.intake.domain.register.checked import Calendar
from shared.language.errors import ChangedMeanwhile
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import RING, Erased, PersonalColumn, readable


class MaritalStatus(StrEnum):
    """As the social research asks it."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"
    ABANDONED = "abandoned"


class PersonParticulars(IntakeTable, table=True):
    """One row a person, under his own key."""

    __tablename__ = "person_particulars"
    __table_args__ = (Index("particulars_by_iban", "association_id", "iban_index"), scoped())

    subject_id: str = Field(primary_key=True, foreign_key="beneficiaries.id")
    association_id: str
    iban: str | None = Field(default=None, sa_type=PersonalColumn)
    iban_index: str | None = None
    """By which another file with the same account is found."""
    short_address: str | None = Field(default=None, sa_type=PersonalColumn)
    birthday: str | None = Field(default=None, sa_type=PersonalColumn)
    birthday_calendar: Calendar | None = Field(default=None, sa_type=coded(Calendar))
    marital_status: str | None = Field(default=None, sa_type=PersonalColumn)
    version: int = 0
    changed_by: str
    changed_at: datetime

    @property
    def born_on(self) -> date | None:
        """The birthday; none where it was never said, or is erased."""
        return None if self.birthday is None or isinstance(self.birthday, Erased) else date.fromisoformat(self.birthday)

    def change(self, values: Mapping[str, str], *, seen: int, by: str, at: datetime) -> None:
        """Take what is said now. Raises `ChangedMeanwhile` where somebody else changed it since it was seen."""
        if seen != self.version:
            raise ChangedMeanwhile(field="seen")
        self._take(values, by=by, at=at)

    def fill_gaps(self, values: Mapping[str, str], *, by: str, at: datetime) -> list[str]:
        """Take what was not known, and name what is known otherwise: that stays as it is until somebody decides."""
        known = {field: getattr(self, field) for field in values}
        if gaps := {field: value for field, value in values.items() if known[field] is None}:
            self._take(gaps, by=by, at=at)
        return sorted(field for field, value in values.items() if known[field] not in {None, value})

    def forget(self) -> None:
        """No hash of his stays."""
        self.iban_index = None

    def _take(self, values: Mapping[str, str], *, by: str, at: datetime) -> None:
        for field, value in values.items():
            setattr(self, field, value)
        if "iban" in values:
            self.iban_index = RING.index(f"iban:{values['iban']}")
        self.version, self.changed_by, self.changed_at = self.version + 1, by, at


class Registration(IntakeTable, table=True):
    """One registration as it was typed: two who register one person at once both keep what they wrote.

    So is what a request says of somebody who has a file; of a confidential one those named alone see it.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        Index("registrations_of_person", "subject_id", "id"),
        Index("registrations_of_case", "case_id"),
        scoped(case="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    subject_id: str = Field(foreign_key="beneficiaries.id")
    typed: str = Field(sa_type=PersonalColumn)
    differs: list[str] = Field(default_factory=list, sa_type=JSON)
    """The fields that say otherwise than the file did."""
    at_branch: str
    registered_by: str
    registered_at: datetime
    on_device_at: datetime | None = None
    case_id: str | None = None
    """The request in which it was said; nothing where he was registered without one."""

    def reached(self, contact: Contact) -> Contact:
        """How he is reached about this request: as he said there, and for the rest as his file says.

        Raises `PersonErased`.
        """
        said = json.loads(readable(self.typed))
        return contact.model_copy(update={field: said[field] for field in Contact.model_fields if said.get(field)})


def differing(person: Beneficiary, typed: Mapping[str, str | None], *, gaps: bool = False) -> list[str]:
    """What of his name and numbers was typed otherwise than it is known; with `gaps`, what was not known as well."""
    known = {field: getattr(person, field) for field in typed}
    same = {field: {value} if gaps else {None, value} for field, value in typed.items()}
    return sorted(field for field, value in typed.items() if value is not None and known[field] not in same[field])
