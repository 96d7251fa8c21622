"""What the doors for a person's own data take and give."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from services.intake.api.views import Body, Line, Text, shown
from services.intake.domain.people import Correction, Digits
from services.intake.domain.rights import Asker, Manner, Proof
from services.intake.use_cases.show_applicant import Particular
from shared.language.events import Right
from shared.plumbing.masks import masked

Reason = Annotated[str, Field(min_length=3, max_length=1000)]


class ApplicantView(BaseModel):
    """Whose a case is. Numbers and addresses are masked; in clear they are at a door of their own."""

    model_config = ConfigDict(from_attributes=True)

    subject_id: str | None
    name: str
    national_id: str = Field(examples=["••••08"])
    mobile: str | None = Field(examples=["+9665••••111"])
    email: str | None = Field(examples=["n••••@example.org"])
    language: str

    @field_validator("national_id", "mobile", "email")
    @classmethod
    def mask(cls, value: str | None) -> str | None:
        return None if value is None else masked(value)


class Reveal(Body):
    """What has to be seen in clear, and why."""

    model_config = shown({"fields": ["mobile"], "reason": "للاتصال به لاستكمال المستندات"})

    fields: Annotated[tuple[Particular, ...], Field(min_length=1, max_length=len(Particular))]
    reason: Reason


class Revealed(BaseModel):
    """The particulars in clear."""

    values: dict[Particular, str | None]


class NewRightsRequest(Body):
    """What a person asks. He is named by the id of his file, or by his national id."""

    model_config = shown(
        {
            "national_id": "1000000008",
            "right": "access",
            "asker": "person",
            "manner": "spoken",
            "proof": "document_seen",
            "words": "أريد نسخة من كل ما لديكم عني.",
        }
    )

    subject_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    national_id: Digits | None = None
    right: Right
    asker: Asker = Asker.PERSON
    guardian: Line | None = None
    manner: Manner
    proof: Proof = Proof.NONE
    words: Text | None = None

    @model_validator(mode="after")
    def names_one_person(self) -> Self:
        if (self.subject_id is None) == (self.national_id is None):
            raise ValueError("name the person once: by subject_id or by national_id")
        if (self.asker is Asker.GUARDIAN) != (self.guardian is not None):
            raise ValueError("a guardian is named where he asks, and there alone")
        return self


class IdentityProof(Body):
    """By what it is known who asks."""

    model_config = shown({"proof": "document_seen"})

    proof: Proof

    @field_validator("proof")
    @classmethod
    def is_one(cls, proof: Proof) -> Proof:
        if proof is Proof.NONE:
            raise ValueError("say by what it is known")
        return proof


class Extension(Body):
    """Why it takes longer; he is told."""

    model_config = shown({"reason": "الملف ورقي وموزع على فرعين، ويلزم جمعه."})

    reason: Reason


class Reply(Body):
    """What he is answered."""

    model_config = shown({"fulfilled": True, "answer": "سُلّمت له نسخة من بياناته."})

    fulfilled: bool
    answer: Text


class Corrected(Body):
    """What is put right."""

    model_config = shown({"correction": {"mobile": "0555000222"}, "answer": "صُحح رقم الجوال."})

    correction: Correction
    answer: Text | None = None


class RightsView(BaseModel):
    """Where a request stands. What was said is not repeated."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    subject_id: str
    right: Right
    asker: Asker
    manner: Manner
    proof: Proof
    taken_by: str
    asked_at: datetime
    due_at: datetime
    extended_at: datetime | None
    reminded_at: datetime | None
    fulfilled: bool | None
    answered_by: str | None
    answered_at: datetime | None
    erased_at: datetime | None


class RightsPage(BaseModel):
    """A page of requests, oldest first; `next` is the `after` of the following page."""

    items: list[RightsView]
    next: str | None


class Outspoken(RightsView):
    """A request with its words."""

    guardian: str | None
    words: str | None
    extension_reason: str | None
    answer: str | None


class OverPage(BaseModel):
    """A page of the ids of people whose keeping is over; `next` is the `after` of the following page, even of none."""

    items: list[str]
    next: str | None
