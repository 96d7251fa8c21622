"""What would have been sent: the deliveries of the console gateway."""

from datetime import datetime

from sqlmodel import Field

from services.notifications.domain.base import NotificationsTable
from shared.language.events import Medium
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import within
from shared.plumbing.seal import PersonalColumn


class ConsoleDelivery(NotificationsTable, table=True):
    """A letter that was shown instead of sent; one a reference, as a good provider keeps it."""

    __tablename__ = "console_deliveries"
    __table_args__ = within("messages", by="reference")

    id: str = Field(default_factory=new_id, primary_key=True)
    reference: str = Field(unique=True)
    subject_id: str | None = Field(default=None, index=True)
    medium: Medium = Field(sa_type=coded(Medium))
    recipient: str = Field(sa_type=PersonalColumn)
    subject: str = Field(sa_type=PersonalColumn)
    body: str = Field(sa_type=PersonalColumn)
    delivered_at: datetime
