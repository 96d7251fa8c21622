"""What was written of a person without a network, beside what his file says: both are shown, and neither just wins."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.names import parts_of, skeleton
from services.intake.domain.people import Applicant, Beneficiary
from shared.language.errors import ValuesDiffer
from shared.plumbing.masks import masked
from shared.plumbing.seal import RING, readable

FIELDS = ("name", "mobile", "email")
WORDS_AR = {"name": "الاسم", "mobile": "الجوال", "email": "البريد الإلكتروني"}


class Choice(StrEnum):
    """Which of two values is right."""

    ON_FILE = "on_file"
    TYPED = "typed"


@dataclass(frozen=True)
class Settled:
    """A choice, and a keyed hash of the value on file that it was made about."""

    choice: Choice
    seen: str


@dataclass(frozen=True)
class Difference:
    """One field with two values."""

    field: str
    on_file: str
    typed: str

    @property
    def on_file_shown(self) -> str:
        """As a page shows it: whoever types a stranger's number learns no telephone number by it."""
        return self.on_file if self.field == "name" else masked(self.on_file)

    @property
    def seen(self) -> str:
        """Says which value on file was shown, and not the value itself."""
        return RING.index(f"difference\n{self.field}\n{self.on_file}")


def differences(person: Beneficiary, applicant: Applicant) -> list[Difference]:
    """Where both say something and not the same; two spellings of one name are the same. Raises `PersonErased`."""
    pairs = [(field, getattr(person, field), getattr(applicant, field)) for field in FIELDS]
    return [
        Difference(field, readable(on_file), typed)
        for field, on_file, typed in pairs
        if on_file and typed and not _same(field, readable(on_file), typed)
    ]


def settle(person: Beneficiary, applicant: Applicant, settled: Mapping[str, Settled]) -> Applicant:
    """The particulars as they were chosen. Raises `ValuesDiffer` while one is not, or its file changed since."""
    open_ones, chosen = [], {"name": readable(person.name)}
    found = {difference.field: difference for difference in differences(person, applicant)}
    for field, difference in found.items():
        answer = settled.get(field)
        if answer is None or answer.seen != difference.seen:
            open_ones.append(field)
        else:
            chosen[field] = difference.on_file if answer.choice is Choice.ON_FILE else difference.typed
    if open_ones:
        refusal = ValuesDiffer(field=f"settle.{open_ones[0]}", fields=", ".join(open_ones))
        refusal.facts_ar = {"fields_ar": "، ".join(WORDS_AR[field] for field in open_ones)}
        raise refusal
    return applicant.model_copy(update=chosen | {"language": person.language})


def _same(field: str, one: str, other: str) -> bool:
    if field != "name":
        return one == other
    return one == other or [skeleton(part) for part in parts_of(one)] == [skeleton(part) for part in parts_of(other)]
