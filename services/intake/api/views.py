"""What intake's answers and requests look like."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from services.intake import seats
from services.intake.domain.channels import Details
from services.intake.domain.people import Applicant, Digits
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel
from shared.language.events import Outcome, Reception

FRONT, READERS = seats.FRONT, seats.READERS

Code = Annotated[str, Field(min_length=1, max_length=100)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]


def answers_a_question(value: object) -> object:
    """Raises `ValueError` for what no form asks: one refusal for the field, not one for each kind that it could be."""
    whole = isinstance(value, int) and abs(value) <= 10**15
    if not whole and not (isinstance(value, str) and len(value) <= 4000):
        raise ValueError("an answer is a text of at most 4000 letters, a whole number, or yes or no")
    return value


Answer = Annotated[Annotated[str, Field(max_length=4000)] | int | bool, BeforeValidator(answers_a_question)]
"""To a question of a form; an empty one is kept as it was typed, and told when the request is handed in."""
Form = Annotated[dict[Code, Answer], Field(max_length=50)]

Proof = Annotated[str, Field(max_length=4000, description="The proof that `GET /people` gave")]
Despite = Annotated[Text, Field(description="Why, though a request for this service is open")]

APPLICANT: JsonDict = {
    "national_id": "1000000008",
    "name": "نورة بنت سالم الحربي",
    "mobile": "0555000111",
    "email": "noura@example.org",
    "language": "ar",
}


def shown(example: JsonDict) -> ConfigDict:
    """The configuration of a body that the API's document shows by `example`."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class Body(BaseModel):
    """A request body: what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class NewCase(Body):
    """A request to begin. The branch is the caller's own when none is named."""

    model_config = shown(
        {
            "channel": "interview",
            "service_id": "school_kit",
            "applicant": APPLICANT,
            "form": {"need": "حقيبة مدرسية لطفلين", "household_size": 4, "school_stage": "الابتدائية"},
        }
    )

    channel: Channel
    service_id: Code
    branch_id: Code | None = None
    applicant: Applicant
    form: Form = {}
    search: Proof | None = None
    despite: Despite | None = None
    arrival: Details | None = None
    """What its channel needs; it may also be recorded later."""


class WebsiteRequest(Body):
    """A request that the applicant himself sends from the association's website or help-request service."""

    model_config = shown(
        {
            "association_id": "jamoum-orphans",
            "channel": "website",
            "service_id": "school_kit",
            "applicant": APPLICANT,
            "form": {"need": "حقيبة مدرسية لطفلين", "household_size": 4, "school_stage": "الابتدائية"},
        }
    )

    association_id: Code
    channel: Annotated[Channel, Field(description="`website` or `help_request`")] = Channel.WEBSITE
    service_id: Code
    applicant: Applicant
    form: Form = {}

    @model_validator(mode="after")
    def only_public_channels(self) -> Self:
        if self.channel not in {Channel.WEBSITE, Channel.HELP_REQUEST}:
            raise ValueError("the public door takes the channels website and help_request")
        return self


class TimeGiven(Reception):
    """The time that was given to him."""

    model_config = ConfigDict(extra="forbid")


class Received(Body):
    """How he was received; absent where nobody spoke with him."""

    model_config = shown(
        {
            "reception": {
                "started_at": "2026-11-22T06:00:00Z",
                "ended_at": "2026-11-22T06:25:00Z",
                "questions_answered": 3,
            }
        }
    )

    reception: TimeGiven | None = None

    @model_validator(mode="after")
    def ends_after_it_began(self) -> Self:
        if self.reception is not None and self.reception.ended_at <= self.reception.started_at:
            raise ValueError("the reception ends before it began")
        return self


class NewDocument(Body):
    """One paper."""

    model_config = shown(
        {"kind": "national_id", "number": "1000000008", "issued_on": "2024-01-01", "expires_on": "2034-01-01"}
    )

    kind: Code
    number: Digits | None = None
    issued_on: date
    expires_on: date | None = None


class Question(Body):
    """What is unclear to the applicant."""

    model_config = shown({"question": "هل يلزم عقد إيجار موثق؟"})

    question: Text


class Explanation(Body):
    """What the social researcher answers; `misconception_corrected` when it set a wrong idea right.

    `through` is how he was told, where somebody told him beside the message.
    """

    model_config = shown({"answer": "لا يلزم؛ يكفي إثبات العنوان الوطني.", "misconception_corrected": True})

    answer: Text
    misconception_corrected: bool = False
    through: Channel | None = None


class Grounds(Body):
    """Why he asks again."""

    model_config = shown({"grounds": "تغيّر دخل الأسرة بعد القرار؛ أرفقت التعريف الجديد."})

    grounds: Text


class Handover(Body):
    """The service in somebody's hand, and how that is shown."""

    model_config = shown(
        {"delivered_on": "2026-11-22", "received_by": "نورة بنت سالم الحربي", "proof": "توقيع على محضر التسليم رقم 12"}
    )

    delivered_on: date
    received_by: Line
    proof: Text


class KnownBenefit(Body):
    """What the service did for him."""

    model_config = shown({"useful": True, "note": "انتظم الطفلان في المدرسة."})

    useful: bool
    note: Text


class ToolText(Body):
    """An edition of a tool."""

    model_config = shown({"edition": "2", "title": "دليل خدمات البحث الاجتماعي", "text": "تبدأ الدراسة بزيارة منزلية."})

    edition: Code
    title: Line
    text: Annotated[str, Field(min_length=1, max_length=100_000)]


class NewCirculation(Body):
    """The policy in a new edition, and what changed."""

    model_config = shown({"edition": "2", "summary": "أضيفت قناة مناديب المكاتب الفرعية."})

    edition: Code
    summary: Text


class CaseView(BaseModel):
    """A case as the desk sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    reference: str
    association_id: str
    branch_id: str
    service_id: str
    department_id: str
    channel: Channel
    status: CaseStatus
    opened_at: datetime
    assigned_to: str | None
    round: int
    missing: list[str]
    referred_at: datetime | None
    answer_not_before: datetime | None
    outcome: Outcome | None
    answered_at: datetime | None
    delivered_on: date | None
    benefit_documented_at: datetime | None
    ended_at: datetime | None


class CasePage(BaseModel):
    """A page of cases; `next` is the `after` of the following page."""

    items: list[CaseView]
    next: str | None


class Receipt(BaseModel):
    """What the applicant keeps of a request that he sent himself."""

    reference: str
    status: CaseStatus


class DocumentView(BaseModel):
    """A paper, without its number."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    issued_on: date
    expires_on: date | None


class ClarificationView(BaseModel):
    """A question and its answer."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    question: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None
    answered_through: Channel | None


class TimelineView(BaseModel):
    """One fact in a case's file, with its day in both calendars."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    day: str
    source: str
    event: str
    person_id: str
    role: str | None
    branch_id: str | None
    clauses: list[str]
    facts: dict[str, str]


class ToolView(BaseModel):
    """A tool in the edition in force."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    tool: str
    edition: str
    title: str
    text: str
    published_at: datetime


class CirculationView(BaseModel):
    """An edition of the policy on its way round."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    edition: str
    summary: str
    circulated_at: datetime


class ClauseLine(BaseModel):
    """A clause that the association adopted, and the evidence found for it; none is a gap."""

    clause: str
    ar: str
    en: str
    count: int
    last_event: str | None
    last_reference: str | None
    last_at: datetime | None


class Conformance(BaseModel):
    """Clause by clause, whether the policy is kept."""

    association_id: str
    lines: list[ClauseLine]
    gaps: int
