"""How people come: a first contact, which may become a request, and the record of how each request came."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Index, text
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.channels import Details, Notes, channel_of
from services.intake.domain.people import Mobile, Name
from shared.language import errors
from shared.language import events as e
from shared.language.clauses import Channel
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped, within
from shared.plumbing.seal import PersonalColumn, readable

_TO_CALL = text("call_back_at IS NOT NULL AND called_back_at IS NULL")


class ContactWords(BaseModel):
    """What was said at a first contact: who, how he is reached, what he needs, and what the channel needs."""

    model_config = ConfigDict(frozen=True)

    name: Name | None = None
    mobile: Mobile | None = None
    need: Notes = ""
    arrival: Details


class FirstContact(IntakeTable, table=True):
    """Somebody reached a branch, and it is no request yet. Its words go with it into the request that it becomes."""

    __tablename__ = "first_contacts"
    __table_args__ = (
        Index("first_contacts_of_association", "association_id", "id"),
        Index("first_contacts_of_branch", "association_id", "branch_id", "id"),
        Index(
            "first_contacts_to_call",
            "association_id",
            "call_back_at",
            "id",
            sqlite_where=_TO_CALL,
            postgresql_where=_TO_CALL,
        ),
        Index(
            "first_contacts_to_call_of_branch",
            "association_id",
            "branch_id",
            "call_back_at",
            "id",
            sqlite_where=_TO_CALL,
            postgresql_where=_TO_CALL,
        ),
        scoped(branch="branch_id", case="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    branch_id: str
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    subject_id: str | None = Field(default=None, index=True)
    channel: Channel = Field(sa_type=coded(Channel))
    words: str | None = Field(default=None, sa_type=PersonalColumn)
    """`ContactWords`; none once it became a request."""
    key_id: str
    """The key that its words lay under first: copies of them may still, so it goes when its person is erased."""
    letter_id: str | None = Field(default=None, foreign_key="letters.id")
    call_back_at: datetime | None = None
    called_back_at: datetime | None = None
    called_back_by: str | None = None
    taken_by: str
    taken_at: datetime

    def take(self) -> e.ContactTaken:
        return e.ContactTaken(
            association_id=self.association_id,
            contact_id=self.id,
            branch_id=self.branch_id,
            channel=self.channel,
            subject_id=self.subject_id,
        )

    def open_words(self) -> ContactWords:
        """What was said, while it is no request. Raises `ContactIsRequest` or `PersonErased`."""
        if self.words is None or self.case_id is not None:
            raise errors.ContactIsRequest
        return ContactWords.model_validate_json(readable(self.words))

    def note_call(self, *, by: str, at: datetime) -> None:
        """He was called back. Raises `NobodyToCall`."""
        if self.call_back_at is None or self.called_back_at is not None:
            raise errors.NobodyToCall
        self.called_back_at, self.called_back_by = at, by

    def forget_call(self) -> None:
        """Whoever was promised a call is erased: nobody is left whom to call."""
        if self.called_back_at is None:
            self.call_back_at = None

    def become(self, case_id: str, *, subject_id: str | None) -> None:
        """Hand its words to the request: they stay in one place, under the key of whose request it is."""
        self.case_id, self.subject_id, self.words = case_id, subject_id, None


class Arrival(IntakeTable, table=True):
    """How one request came: what its channel needs, kept with the case, whoever's hands it goes through."""

    __tablename__ = "arrivals"
    __table_args__ = within("cases", by="case_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id", unique=True)
    subject_id: str | None = Field(default=None, index=True)
    channel: Channel = Field(sa_type=coded(Channel))
    words: str = Field(sa_type=PersonalColumn)
    """`ContactWords`: what the channel needs, and what was said at the first contact where there was one."""
    waited_seconds: int | None = None
    given_seconds: int | None = None
    contact_id: str | None = Field(default=None, foreign_key="first_contacts.id")
    letter_id: str | None = Field(default=None, foreign_key="letters.id")
    taken_by: str
    taken_at: datetime

    @property
    def said(self) -> ContactWords:
        """Raises `PersonErased`."""
        return ContactWords.model_validate_json(readable(self.words))


def arrival_of(
    said: ContactWords, *, case_id: str, subject_id: str | None, channel: Channel, by: str, at: datetime
) -> Arrival:
    """The record of how a request came. Raises `ArrivalOfAnotherChannel`."""
    details = said.arrival
    if channel_of(details) is not channel:
        raise errors.ArrivalOfAnotherChannel(field="arrival.channel", clause=channel.clause, channel=channel)
    return Arrival(
        case_id=case_id,
        subject_id=subject_id,
        channel=channel,
        words=said.model_dump_json(),
        waited_seconds=None if details.waited is None else int(details.waited.total_seconds()),
        given_seconds=None if details.given is None else int(details.given.total_seconds()),
        taken_by=by,
        taken_at=at,
    )
