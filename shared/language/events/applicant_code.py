"""A code that intake made for an applicant, which notifications has to send."""

from enum import StrEnum

from pydantic import AwareDatetime

from shared.language.events.base import Event, Sealed, Source


class CodePurpose(StrEnum):
    """What the applicant does with his code."""

    FOLLOW = "follow"
    ATTEST = "attest"


class ApplicantCodeMade(Event):
    """A code was made for an applicant; it is worth nothing after `ends_at`, and is sent at once or never."""

    type = "applicant_code.made"
    source = Source.INTAKE

    code_id: str
    subject_id: str | None = None
    """Whose key the mobile and the code lie under."""
    purpose: CodePurpose
    language: str
    mobile: Sealed
    code: Sealed
    ends_at: AwareDatetime

    @property
    def key(self) -> str:
        return self.code_id
