"""What each of the eight channels needs of whoever takes a request by it (`channel.*`).

One shape a channel: a field that is another channel's is refused, and so is one that is missing.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.intake.domain.people import Mobile, Name
from shared.language.calendar import riyadh_day
from shared.language.clauses import Channel
from shared.language.errors import Malformed

CLOCKS_DIFFER_BY = timedelta(minutes=10)
LONGEST_TALK = timedelta(hours=12)
LONGEST_WAIT = timedelta(hours=12)
LONGEST_OFFLINE = timedelta(days=90)
"""A visit may be written without a network; what is older was not kept by any device of ours."""
LONGEST_PROMISE = timedelta(days=366)

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Notes = Annotated[str, StringConstraints(max_length=4000)]
Link = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=500)]


class _Details(BaseModel):
    """What every channel's shape has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def check(self, *, now: datetime) -> None:
        """Raises `Malformed` for an instant that cannot be."""

    @property
    def waited(self) -> timedelta | None:
        """How long he waited before somebody had time for him, where that is known."""
        return None

    @property
    def given(self) -> timedelta | None:
        """How long he was given (`step.reception`), where that is known."""
        return None

    @property
    def call_back(self) -> datetime | None:
        """When he was promised a call."""
        return None

    @property
    def talk(self) -> tuple[datetime, datetime] | None:
        """From when until when somebody spoke with him."""
        return None


class InterviewDetails(_Details):
    """Face to face: when he came in, when somebody sat down with him, until when, and what was noted."""

    channel: Literal["interview"]
    came_at: AwareDatetime
    started_at: AwareDatetime
    ended_at: AwareDatetime
    notes: Notes = ""

    @model_validator(mode="after")
    def comes_before_he_is_received(self) -> Self:
        if not self.came_at <= self.started_at < self.ended_at:
            raise ValueError("he comes, is received, and then goes")
        if self.ended_at - self.started_at > LONGEST_TALK or self.started_at - self.came_at > LONGEST_WAIT:
            raise ValueError("it took longer than an office is open")
        return self

    def check(self, *, now: datetime) -> None:
        _check_lately(self.ended_at, field="ended_at", now=now)

    @property
    def waited(self) -> timedelta:
        return self.started_at - self.came_at

    @property
    def given(self) -> timedelta:
        return self.ended_at - self.started_at

    @property
    def talk(self) -> tuple[datetime, datetime]:
        return self.started_at, self.ended_at


class PhoneDetails(_Details):
    """A call: who called, by which version of the script he was spoken with, and when he is called back."""

    channel: Literal["phone"]
    caller: Name
    caller_is: Literal["applicant", "relative", "neighbour", "other"] = "applicant"
    number: Mobile | None = None
    script_version: Code
    started_at: AwareDatetime
    ended_at: AwareDatetime
    call_back_at: AwareDatetime | None = None
    notes: Notes = ""

    @model_validator(mode="after")
    def ends_after_it_began(self) -> Self:
        if not timedelta() < self.ended_at - self.started_at <= LONGEST_TALK:
            raise ValueError("a call ends after it began, and within half a day")
        return self

    def check(self, *, now: datetime) -> None:
        _check_lately(self.ended_at, field="ended_at", now=now)
        promised = self.call_back_at
        if promised is not None and not self.ended_at < promised <= now + LONGEST_PROMISE:
            raise _malformed("call_back_at", en="it comes after the call, within a year", ar="بعد المكالمة وخلال سنة")

    @property
    def given(self) -> timedelta:
        return self.ended_at - self.started_at

    @property
    def call_back(self) -> datetime | None:
        return self.call_back_at

    @property
    def talk(self) -> tuple[datetime, datetime]:
        return self.started_at, self.ended_at


class SocialDetails(_Details):
    """Social media: the account that wrote, and where what it wrote can be read."""

    channel: Literal["social"]
    platform: Literal["x", "whatsapp", "instagram", "snapchat", "facebook", "tiktok", "telegram", "other"]
    account: Line
    link: Link | None = None
    notes: Notes = ""


class LetterDetails(_Details):
    """A letter: number, date, attachments and subject, as such letters carry them; it enters the register."""

    channel: Literal["letter"]
    number: Line | None = None
    dated: date
    attachments: Annotated[int, Field(ge=0, le=999)]
    subject: Line
    sender: Line

    def check(self, *, now: datetime) -> None:
        if self.dated > riyadh_day(now):
            raise _malformed("dated", en="this day has not come yet", ar="هذا اليوم لم يأتِ بعد")


class HelpRequestDetails(_Details):
    """The help-request service: its own number there, what is needed, and whether it can wait."""

    channel: Literal["help_request"]
    ticket: Code
    need: Notes = ""
    urgent: bool = False


class VolunteeringDetails(_Details):
    """The volunteering service: who of the volunteers brought it, out of which volunteering."""

    channel: Literal["volunteering"]
    volunteer: Name
    opportunity: Line
    notes: Notes = ""


class WebsiteDetails(_Details):
    """The website: the applicant typed it himself, and what he typed is the request."""

    channel: Literal["website"]


class DelegateDetails(_Details):
    """A delegate's visit: where, in words, and when by the clock of his device, which may have had no network."""

    channel: Literal["delegate"]
    place: Line
    device_at: AwareDatetime
    notes: Notes = ""

    def check(self, *, now: datetime) -> None:
        _check_lately(self.device_at, field="device_at", now=now)


Details = Annotated[
    InterviewDetails
    | PhoneDetails
    | SocialDetails
    | LetterDetails
    | HelpRequestDetails
    | VolunteeringDetails
    | WebsiteDetails
    | DelegateDetails,
    Field(discriminator="channel"),
]


def channel_of(details: Details) -> Channel:
    return Channel(details.channel)


def _check_lately(at: datetime, *, field: str, now: datetime) -> None:
    if at > now + CLOCKS_DIFFER_BY:
        raise _malformed(field, en="it has not come yet", ar="لم يأتِ بعد")
    if at < now - LONGEST_OFFLINE:
        raise _malformed(field, en="it is older than ninety days", ar="أقدم من تسعين يومًا")


def _malformed(field: str, *, en: str, ar: str) -> Malformed:
    refusal = Malformed(field=f"arrival.{field}", name=field, why=en)
    refusal.facts_ar = {"why": ar}
    return refusal
