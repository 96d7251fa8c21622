"""How an applicant is reached."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict
from sqlmodel import Field

from services.notifications.domain.base import Language, NotificationsTable
from shared.language.events import CaseReceived, Medium, PersonCorrected
from shared.plumbing.columns import coded
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn, unseal


class ContactDetails(BaseModel):
    """What `CaseReceived` carries sealed."""

    model_config = ConfigDict(frozen=True)

    name: str
    mobile: str | None = None
    email: str | None = None
    language: Language = Language.ARABIC


class Contact(NotificationsTable, table=True):
    """The applicant of one case, and the ways to him."""

    __tablename__ = "contacts"
    __table_args__ = scoped(branch="branch_id", case="case_id")

    case_id: str = Field(primary_key=True)
    subject_id: str | None = Field(default=None, index=True)
    association_id: str
    branch_id: str | None = None
    """Where the case is; nothing in rows of before 0010 until intake has told it again (`CaseLocated`)."""
    reference: str
    service_id: str
    """So that what is missing is called as this service's checklist calls it; no message names the service."""
    name: str = Field(sa_type=PersonalColumn)
    mobile: str | None = Field(default=None, sa_type=PersonalColumn)
    email: str | None = Field(default=None, sa_type=PersonalColumn)
    language: Language = Field(sa_type=coded(Language))

    @classmethod
    def of(cls, received: CaseReceived) -> "Contact":
        """Raises `pydantic.ValidationError` when what was sealed is no contact."""
        details = ContactDetails.model_validate_json(unseal(received.contact))
        return cls(
            case_id=received.case_id,
            subject_id=received.subject_id,
            association_id=received.association_id,
            branch_id=received.branch_id,
            reference=received.reference,
            service_id=received.service_id,
            **details.model_dump(),
        )

    def correct(self, corrected: PersonCorrected) -> None:
        """He is reached otherwise from now on. Raises `PersonErased`."""
        details = ContactDetails.model_validate_json(unseal(corrected.contact))
        for field, value in details.model_dump().items():
            setattr(self, field, value)

    def ways(self) -> Iterator[tuple[Medium, str]]:
        """Every medium that reaches him, with his address there."""
        if self.mobile:
            yield Medium.SMS, self.mobile
        if self.email:
            yield Medium.EMAIL, self.email
