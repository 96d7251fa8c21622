"""What every event has: a type, a teller, a key, and the clauses that it shows kept."""

from enum import StrEnum
from typing import Annotated, ClassVar, NewType

from pydantic import BaseModel, ConfigDict, Field

from shared.language.clauses import Clause


class Source(StrEnum):
    """The service that tells an event, on a stream of its own."""

    INTAKE = "intake"
    RESEARCH = "research"
    NOTIFICATIONS = "notifications"
    FEEDBACK = "feedback"


class Outcome(StrEnum):
    """What the reviewing body says to the applicant."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Ending(StrEnum):
    """How a case came to its end; whoever came to one is asked how it was."""

    SERVED = "served"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Party(StrEnum):
    """Whose relation with the association the policy governs (`policy.parties`)."""

    BENEFICIARY = "beneficiary"
    SUPPORTER = "supporter"
    VOLUNTEER = "volunteer"
    OTHER = "other"


SealedText = NewType("SealedText", str)
Sealed = Annotated[SealedText, Field(json_schema_extra={"format": "sealed"})]
"""Personal data under the key of whom they are about: only a service that may ask the vault reads them."""

Rating = Annotated[int, Field(ge=1, le=5)]


class Event(BaseModel):
    """One fact. `key` is what it happened to; facts of one source and key stay in order."""

    model_config = ConfigDict(frozen=True)

    type: ClassVar[str]
    source: ClassVar[Source]
    version: ClassVar[int] = 1
    clauses: ClassVar[frozenset[Clause]] = frozenset()

    association_id: str

    @property
    def key(self) -> str:
        raise TypeError(f"{type(self).__name__} does not say what it happened to")

    def evidence(self) -> frozenset[Clause]:
        """The policy clauses that this very fact shows kept."""
        return self.clauses


class CaseEvent(Event):
    """Something that happened to one case."""

    case_id: str
    reference: str
    subject_id: str | None = None
    """Whose case it is, by the id of his key: it says nothing of him, and nothing at all once he is erased."""

    @property
    def key(self) -> str:
        return self.case_id
