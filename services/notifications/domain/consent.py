"""For what a person may be written to: the service itself asks nobody; what else there is asks him first.

Personal Data Protection Law art. 25, regulation art. 28–29: consent before advertising or awareness, a clear way out.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field

from services.notifications.domain.base import NotificationsTable
from shared.language.errors import ConsentNotNeeded
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped


class Purpose(StrEnum):
    """Why somebody is written to."""

    SERVICE = "service"
    AWARENESS = "awareness"
    ADVERTISING = "advertising"
    BENEFIT_STORY = "benefit_story"


class Way(StrEnum):
    """How he said it."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


PURPOSES: dict[str, Purpose] = {"proposal_sent": Purpose.AWARENESS}
"""The templates that serve another purpose than the service itself: he did not ask for what they tell him."""


class Consent(NotificationsTable, table=True):
    """One yes or no. Rows are added and never changed; the newest of a purpose counts."""

    __tablename__ = "consents"
    __table_args__ = (Index("consents_newest", "subject_id", "purpose", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    subject_id: str
    association_id: str
    purpose: Purpose = Field(sa_type=coded(Purpose))
    given: bool
    way: Way = Field(sa_type=coded(Way))
    noted_by: str
    said_at: datetime

    def check(self) -> None:
        """Raises `ConsentNotNeeded` for messages about the service: a no there would leave him without his answer."""
        if self.purpose is Purpose.SERVICE:
            raise ConsentNotNeeded(field="purpose")
