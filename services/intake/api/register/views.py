"""What the doors to people's files take and give. Numbers are masked; in clear they are at a door of their own."""

import json
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, Field

from services.intake.api.people import BranchView
from services.intake.api.personal_views import Reason
from services.intake.api.views import Body, Line, shown
from services.intake.domain.people import Beneficiary, Digits
from services.intake.domain.register.checked import Birthday
from services.intake.domain.register.duplicates import Finding, ProposedDuplicate, Side, Sign
from services.intake.domain.register.particulars import MaritalStatus, PersonParticulars, Registration
from services.intake.use_cases.register.register_person import Outcome, Particulars
from services.intake.use_cases.register.show_person import Clear
from shared.plumbing.masks import DOTS, masked
from shared.plumbing.seal import Erased
from shared.policy.adopted import pack_of

Id = Annotated[str, Path(min_length=1, max_length=100)]
AnId = Annotated[str, Field(min_length=1, max_length=100)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
TypedName = Annotated[str, Field(min_length=1, max_length=2000, description="2 to 300 letters, without signs.")]
PARTICULARS: dict[str, Any] = {
    "birthday": {"day": "1410-05-12", "calendar": "hijri"},
    "iban": "SA03 8000 0000 6080 1016 7519",
    "short_address": "RRRD1234",
    "marital_status": "widowed",
}
KEPT_MASKED = ("national_id", "mobile", "email", "iban", "short_address")


class NewPerson(Body):
    """Somebody to register. `search` is the proof that `GET /people` gave when he was looked for.

    `here_because` opens a file that another branch has; `on_device_at` says that he was registered out of the network.
    """

    model_config = shown(
        {
            "national_id": "1000000008",
            "name": "نورة بنت سالم الحربي",
            "mobile": "0555000111",
            **PARTICULARS,
            "search": "gAAAAA…",
        }
    )

    national_id: Digits
    name: TypedName
    mobile: Line | None = None
    email: Email | None = None
    language: Annotated[str, Field(pattern="^(ar|en)$")] = "ar"
    birthday: Birthday | None = None
    iban: Line | None = None
    short_address: Line | None = None
    marital_status: MaritalStatus | None = None
    search: Annotated[str, Field(max_length=4000)] | None = None
    here_because: Reason | None = None
    on_device_at: AwareDatetime | None = None

    @property
    def particulars(self) -> Particulars:
        return Particulars(**{name: getattr(self, name) for name in Particulars.model_fields})


class NewParticulars(Body):
    """What he says today; what is left out stays. `seen` is the `version` that stood before you."""

    model_config = shown({**PARTICULARS, "seen": 1})

    birthday: Birthday | None = None
    iban: Line | None = None
    short_address: Line | None = None
    marital_status: MaritalStatus | None = None
    seen: Annotated[int, Field(ge=0, le=1_000_000)]

    @property
    def particulars(self) -> Particulars:
        return Particulars(**{name: getattr(self, name) for name in Particulars.model_fields})


class RevealFile(Body):
    """What has to be seen in clear, and why."""

    model_config = shown({"fields": ["iban"], "reason": "لتحويل الدفعة إلى حسابه"})

    fields: Annotated[tuple[Clear, ...], Field(min_length=1, max_length=len(Clear))]
    reason: Reason


class RevealedFile(BaseModel):
    """The particulars in clear."""

    values: dict[Clear, str | None]


class ParticularsView(BaseModel):
    """What stands beside name and numbers; of a birthday the year alone."""

    iban: str | None = Field(default=None, examples=["SA038••••519"])
    short_address: str | None = Field(default=None, examples=["••••34"])
    born_in: str | None = Field(default=None, examples=["1989"])
    marital_status: str | None = None
    version: int = 0


class FileView(BaseModel):
    """A person's file; `merged_into` is the one to go on with."""

    id: str
    name: str
    national_id: str = Field(examples=["••••08"])
    mobile: str | None = Field(examples=["+9665••••111"])
    email: str | None
    language: str
    opened_at: datetime
    merged_into: str | None
    particulars: ParticularsView
    branches: list[BranchView]


class PairLine(BaseModel):
    """Two files that may be one person's."""

    id: str
    one_id: str
    other_id: str
    score: int = Field(description="Of a hundred.")
    signs: list[Sign]
    finding: Finding
    kept_id: str | None
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class WholeFile(FileView):
    """A file with what stands beside it."""

    merged: list[str]
    duplicates: list[PairLine]


class RegisteredView(BaseModel):
    """What a registration met. `elsewhere`: a file is there, `call` says whom to call, and nothing of it is shown.

    `differs` names what was typed otherwise than the file says: both are kept, and nothing was overwritten.
    """

    outcome: Outcome
    registration_id: str
    person: FileView | None
    differs: list[str]
    duplicates: list[PairLine]
    call: list[BranchView]


class Taking(Body):
    """Which fields of what was typed are right after all, and why."""

    model_config = shown({"fields": ["mobile"], "reason": "اتصلت بالرقم الجديد وأجابت."})

    fields: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    reason: Reason


class TypedView(BaseModel):
    """A registration as it was typed, its numbers masked."""

    id: str
    said: dict[str, str]
    differs: list[str]
    at_branch: str
    registered_by: str
    registered_at: datetime
    on_device_at: datetime | None


class TypedPage(BaseModel):
    """A page; `next` is the `after` of the following page."""

    items: list[TypedView]
    next: str | None


class NewPair(Body):
    """Two files that you hold for one person's."""

    model_config = shown({"one": "0192-file-one", "other": "0192-file-other"})

    one: AnId
    other: AnId


class Merge(Body):
    """Which of the two is gone on with, and why they are one person's. Nothing is moved or lost."""

    model_config = shown({"keep": "one", "reason": "تحولت إقامته إلى هوية وطنية؛ رأيت البطاقتين."})

    keep: Side
    reason: Reason


class Because(Body):
    """Why."""

    model_config = shown({"reason": "أخوان؛ رأيت هويتيهما."})

    reason: Reason


class SideView(BaseModel):
    """One of the two; of a file that is another branch's, whom to call and nothing else."""

    person: FileView | None
    call: list[BranchView]


class PairView(PairLine):
    """Two files side by side, with the words of what was decided."""

    sides: list[SideView]
    reason: str | None
    undone_reason: str | None


class PairPage(BaseModel):
    """A page; `next` is the `after` of the following page."""

    items: list[PairLine]
    next: str | None


def branch_views(ids: list[str] | tuple[str, ...], *, association_id: str) -> list[BranchView]:
    pack = pack_of(association_id)
    return [BranchView(id=branch.id, name=branch.name.model_dump()) for branch in pack.branches if branch.id in ids]


def file_view(person: Beneficiary, own: PersonParticulars | None, branches: list[str]) -> FileView:
    return FileView(
        id=person.id,
        name=person.name,
        national_id=masked(person.national_id),
        mobile=hidden(person.mobile),
        email=hidden(person.email),
        language=person.language,
        opened_at=person.opened_at,
        merged_into=person.merged_into,
        particulars=ParticularsView()
        if own is None
        else ParticularsView(
            iban=hidden(own.iban),
            short_address=hidden(own.short_address),
            born_in=year_of(own.birthday),
            marital_status=own.marital_status,
            version=own.version,
        ),
        branches=branch_views(branches, association_id=person.association_id),
    )


def pair_line(pair: ProposedDuplicate) -> PairLine:
    return PairLine(**pair.model_dump(include=set(PairLine.model_fields)))


def typed_view(row: Registration) -> TypedView:
    said: dict[str, str] = {}
    if not isinstance(row.typed, Erased):
        words = json.loads(row.typed)
        words |= words.pop("particulars", {})
        if "birthday" in words:
            words["birthday"] = f"{words['birthday']['day'][:4]}-{DOTS} ({words['birthday']['calendar']})"
        said = {name: masked(str(word)) if name in KEPT_MASKED else str(word) for name, word in words.items()}
    kept = row.model_dump(include={"id", "differs", "at_branch", "registered_by", "registered_at", "on_device_at"})
    return TypedView(said=said, **kept)


def hidden(value: str | None) -> str | None:
    return None if value is None else masked(value)


def year_of(day: str | None) -> str | None:
    """The year of a birthday, which tells two people apart and says no more."""
    if day is None or isinstance(day, Erased):
        return day
    return str(date.fromisoformat(day).year)
