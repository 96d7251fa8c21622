"""What intake tells about a person's own data: his rights (Personal Data Protection Law, M/19; regulation art. 3)."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.language.events.base import CaseEvent, Event, Sealed, Source


class Right(StrEnum):
    """What a person asks for (law art. 4)."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"


class SubjectEvent(Event):
    """Something about the data of one person, who is named by the id of his key alone."""

    subject_id: str

    @property
    def key(self) -> str:
        return self.subject_id


class PersonCorrected(SubjectEvent):
    """A person had his particulars put right; who writes to him does so from now on."""

    type = "person.corrected"
    source = Source.INTAKE

    contact: Sealed


class PersonErased(SubjectEvent):
    """A person is to be forgotten: his key is destroyed, and what could still lead to him is taken out everywhere.

    `case_ids` finds the rows from before persons had keys.
    """

    type = "person.erased"
    source = Source.INTAKE

    case_ids: Annotated[tuple[str, ...], Field(max_length=1_000)] = ()


class RightsEvent(SubjectEvent):
    """A step of a request about personal data."""

    request_id: str
    right: Right


class RightsRequested(RightsEvent):
    """A person, or who may act for him, asked for what is his right; the thirty days run."""

    type = "rights.requested"
    source = Source.INTAKE

    due_at: AwareDatetime


class RightsExtended(RightsEvent):
    """The answer takes thirty days more, for a reason that was written down."""

    type = "rights.extended"
    source = Source.INTAKE

    due_at: AwareDatetime


class RightsDue(RightsEvent):
    """The time for the answer is nearly over."""

    type = "rights.due"
    source = Source.INTAKE

    due_at: AwareDatetime


class RightsAnswered(RightsEvent):
    """The request has its answer."""

    type = "rights.answered"
    source = Source.INTAKE

    fulfilled: bool


class ApplicantShown(CaseEvent):
    """Somebody looked at an applicant's particulars in clear, and said why."""

    type = "applicant.shown"
    source = Source.INTAKE

    fields: tuple[str, ...]
    reason: Sealed


class PersonShown(SubjectEvent):
    """Somebody looked at what a person's file says in clear, and said why."""

    type = "person.shown"
    source = Source.INTAKE

    fields: tuple[str, ...]
    reason: Sealed


class PersonRegistered(SubjectEvent):
    """A person was registered at a branch; `new` where no file of his was there before.

    `in_list`: by a list of people, where nobody was shown who is like him.
    """

    type = "person.registered"
    source = Source.INTAKE

    branch_id: str
    new: bool
    in_list: bool = False


class PeopleMerged(SubjectEvent):
    """Two files were found to be one person's: `merged_id` leads to his other one from now on. Nothing was moved."""

    type = "people.merged"
    source = Source.INTAKE

    merged_id: str


class MergeUndone(SubjectEvent):
    """They were two people: `merged_id` is a file of its own again."""

    type = "merge.undone"
    source = Source.INTAKE

    merged_id: str
