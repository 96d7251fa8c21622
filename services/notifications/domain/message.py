"""The rules of a message: queued once, sent once, failed only for good, and then sent again only by a person."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.notifications.domain.base import Language, NotificationsTable
from services.notifications.domain.contact import Contact
from services.notifications.domain.letter import Letter
from services.notifications.timers import SendDue
from shared.language.errors import MessageNotFailed
from shared.language.events import CaseEvent, Medium, MessageFailed, MessageSent
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn, readable

GIVE_UP_AFTER = timedelta(days=3)
"""A case does not wait longer for a gateway that is down: a person has to reach the applicant another way."""

TRY_AGAIN_AFTER = timedelta(minutes=15)
GAVE_UP = "gave_up"
RECIPIENT_ERASED = "recipient_erased"


class MessageStatus(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"

    @property
    def ar(self) -> str:
        return STATUSES[self]


STATUSES = {MessageStatus.QUEUED: "تنتظر الإرسال", MessageStatus.SENT: "أُرسلت", MessageStatus.FAILED: "تعذّر إرسالها"}


class Message(NotificationsTable, table=True):
    """One message about one fact, by one medium."""

    __tablename__ = "messages"
    __table_args__ = (
        # However often a fact comes, it makes one message a medium.
        UniqueConstraint("causing_event_id", "medium"),
        Index("messages_page", "association_id", "id"),
        Index("messages_case", "association_id", "case_id", "id"),
        scoped(case="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    causing_event_id: str
    case_id: str
    subject_id: str | None = Field(default=None, index=True)
    association_id: str
    reference: str
    template: str
    language: Language = Field(sa_type=coded(Language))
    medium: Medium = Field(sa_type=coded(Medium))
    recipient: str = Field(sa_type=PersonalColumn)
    subject: str = Field(sa_type=PersonalColumn)
    body: str = Field(sa_type=PersonalColumn)
    secret: str | None = Field(default=None, sa_type=PersonalColumn)
    """What an open page must not show: with the survey code anybody could answer in the applicant's place."""
    status: MessageStatus = Field(default=MessageStatus.QUEUED, sa_type=coded(MessageStatus))
    attempts: int = 0
    provider_reference: str | None = None
    queued_at: datetime
    sent_at: datetime | None = None
    error: str | None = None

    @classmethod
    def to(
        cls, contact: Contact, *, medium: Medium, recipient: str, about: CaseEvent, causing_event_id: str, at: datetime
    ) -> "Message":
        """A message without its words yet."""
        return cls(
            causing_event_id=causing_event_id,
            case_id=contact.case_id,
            subject_id=contact.subject_id,
            association_id=contact.association_id,
            reference=contact.reference,
            template=about.type.replace(".", "_"),
            language=contact.language,
            medium=medium,
            recipient=recipient,
            subject="",
            body="",
            queued_at=at,
        )

    def letter(self) -> Letter | None:
        """What the gateway is given; nothing once the message is sent or has failed. Raises `PersonErased`."""
        if self.status is not MessageStatus.QUEUED:
            return None
        return Letter(
            reference=self.id,
            subject_id=self.subject_id,
            medium=self.medium,
            recipient=readable(self.recipient),
            subject=self.subject,
            body=self.body,
            queued_at=self.queued_at,
        )

    @property
    def next_try(self) -> SendDue:
        return SendDue(message_id=self.id, after_attempts=self.attempts)

    def attempt_failed(self, *, error: str) -> None:
        """The gateway was down; the message stays queued."""
        if self.status is MessageStatus.QUEUED:
            self.attempts, self.error = self.attempts + 1, error

    def sent(self, *, provider_reference: str | None, at: datetime) -> MessageSent | None:
        """The gateway took it; nothing to tell when that was recorded before."""
        if self.status is not MessageStatus.QUEUED:
            return None
        self.status, self.sent_at, self.attempts, self.error = MessageStatus.SENT, at, self.attempts + 1, None
        self.provider_reference = provider_reference
        return MessageSent(**self._names())

    def refused(self, *, error: str) -> MessageFailed | None:
        """The gateway will never take it; nothing to tell when that was recorded before."""
        if self.status is not MessageStatus.QUEUED:
            return None
        self.attempts += 1
        return self._fail(error)

    def give_up(self, *, at: datetime) -> MessageFailed | None:
        """Stop trying once the gateway has been down for too long."""
        if self.status is not MessageStatus.QUEUED or at - self.queued_at < GIVE_UP_AFTER:
            return None
        return self._fail(GAVE_UP)

    def recipient_erased(self) -> MessageFailed | None:
        """It will never go out; nothing to tell of one that went, or had failed before."""
        return self._fail(RECIPIENT_ERASED) if self.status is MessageStatus.QUEUED else None

    def resend(self, *, at: datetime) -> None:
        """Try again what had failed. Raises `MessageNotFailed`, or `PersonErased`: nobody knows any more where to."""
        if self.status is not MessageStatus.FAILED:
            raise MessageNotFailed(status=self.status)
        readable(self.recipient)
        self.status, self.queued_at, self.error = MessageStatus.QUEUED, at, None

    def _fail(self, error: str) -> MessageFailed:
        self.status, self.error = MessageStatus.FAILED, error
        return MessageFailed(**self._names(), reason=error)

    def _names(self) -> dict[str, Any]:
        return {
            "association_id": self.association_id,
            "case_id": self.case_id,
            "reference": self.reference,
            "subject_id": self.subject_id,
            "message_id": self.id,
            "template": self.template,
            "medium": self.medium,
        }
