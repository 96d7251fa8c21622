"""The parts of a policy pack, each refusing what contradicts itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
SnakeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
AssociationCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
HijriDate = Annotated[str, StringConstraints(pattern=r"^1[34]\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|30)$")]
Days = Annotated[int, Field(ge=1)]
Years = Annotated[int, Field(ge=1, le=50)]

Contradiction = tuple[tuple[str | int, ...], str]


def refuse_contradictions(title: str, found: Iterable[Contradiction]) -> None:
    """Raise one ValidationError that tells every contradiction at its place, if there is any."""
    errors = [
        InitErrorDetails(
            type=PydanticCustomError("contradiction", "{sentence}", {"sentence": sentence}), loc=place, input=None
        )
        for place, sentence in found
    ]
    if errors:
        raise ValidationError.from_exception_data(title, errors)


def doubled(names: Sequence[str], *, at: str | None = None, called: str = "id") -> Iterator[Contradiction]:
    """A contradiction for every name that came before, at its own place in the list (the field `at`)."""
    for n, name in enumerate(names):
        if name in names[:n]:
            place = (n, called) if at is None else (at, n, called)
            yield place, f"'{name}' is used twice"


class Part(BaseModel):
    """What all parts share: they never change, and a word they don't know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    """The same words in Arabic and English."""

    ar: Text
    en: Text


class Association(Part):
    """Who adopted the policy. `code` begins the references of its cases."""

    name: Words
    code: AssociationCode
    licence: Text | None = None
    founded: int | None = Field(default=None, ge=1900)
    beneficiaries: Words


class Approval(Part):
    """The board's approval, with the dates that the document prints and, where they quarrel, how."""

    meeting: Text
    gregorian: date | None = None
    hijri: HijriDate | None = None
    as_printed: Text
    contradiction: Words | None = None


class Document(Part):
    """The policy document that the pack puts to work."""

    title: Words
    edition: Text
    approval: Approval


class Branch(Part):
    """An office of the association; one of them is the head office."""

    id: Slug
    name: Words
    head_office: bool = False


class Department(Part):
    """A department, the owner of services."""

    id: Slug
    name: Words


class RequiredDocument(Part):
    """A document on a service's checklist. `valid_for_days` counts from its issue; None: until its own expiry.

    `at_least` so many papers of it make the item whole: a birth certificate a child, three months of a statement.
    """

    kind: SnakeName
    name: Words
    required: bool = True
    at_least: int = Field(default=1, ge=1, le=20)
    valid_for_days: Days | None


class FormField(Part):
    """A question on a service's form (`eligibility.form`)."""

    id: SnakeName
    name: Words
    kind: Literal["text", "integer", "boolean"]
    required: bool = True


class Service(Part):
    """What can be asked for. The benefit is followed up `follow_up_days` after delivery, and at `more_follow_ups`.

    Whoever was served with one of `fits_after` and never asked for this is proposed to the branch (`goal.proactive`).
    """

    id: SnakeName
    name: Words
    department: Slug
    documents: tuple[RequiredDocument, ...]
    form: tuple[FormField, ...]
    follow_up_days: Days
    more_follow_ups: tuple[Days, ...] = ()
    fits_after: tuple[SnakeName, ...] = ()

    @model_validator(mode="after")
    def name_each_item_once(self) -> Self:
        kinds = doubled([document.kind for document in self.documents], at="documents", called="kind")
        fields = doubled([field.id for field in self.form], at="form")
        refuse_contradictions("Service", [*kinds, *fields])
        return self


class Fund(Part):
    """Money kept apart for a purpose, with the account that the document prints, if it prints one."""

    id: Slug
    name: Words
    account: Text | None = None


class Committee(Part):
    """The committee that studies requests, and how many of its members must vote."""

    name: Words
    seats: int = Field(ge=1)
    quorum: int = Field(ge=1)

    @model_validator(mode="after")
    def have_seats_for_the_quorum(self) -> Self:
        if self.quorum > self.seats:
            sentence = f"a quorum of {self.quorum} cannot be reached by {self.seats} seats"
            refuse_contradictions("Committee", [(("quorum",), sentence)])
        return self


class AttestationText(Part):
    """What the applicant signs (`step.attestation`), in the version that he signed."""

    version: Text
    text: Words
    statements: tuple[Words, ...] = Field(min_length=1)


class Retention(Part):
    """For how many years a file is kept after its end, by how it ended; then its erasure is proposed (law art. 18).

    `basis` is the law or rule that asks for it, as a person is told who asked to be erased sooner.
    """

    served_years: Years
    rejected_years: Years
    withdrawn_years: Years
    basis: Words
