"""Which column of a table is which field: the headings that are known, and those that somebody chose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.intake.domain.people import Applicant
from shared.language import errors
from shared.policy.pack import Pack

OF_PERSON = tuple(Applicant.model_fields)
OF_REQUEST = ("service", "branch", "channel")
FORM = "form."
NEEDED = ("national_id", "name")

HEADINGS: dict[str, tuple[str, ...]] = {
    "national_id": (
        "رقم الهوية",
        "الهوية",
        "رقم الهوية الوطنية",
        "الهوية الوطنية",
        "السجل المدني",
        "رقم السجل المدني",
        "رقم الإقامة",
        "الإقامة",
        "رقم الهوية/الإقامة",
        "national id",
        "id number",
        "identity number",
        "iqama",
        "iqama number",
    ),
    "name": ("الاسم", "اسم المستفيد", "الاسم الكامل", "الاسم الرباعي", "المستفيد", "name", "full name", "beneficiary"),
    "mobile": (
        "الجوال",
        "رقم الجوال",
        "جوال",
        "رقم الهاتف",
        "الهاتف",
        "هاتف",
        "mobile",
        "mobile number",
        "phone",
        "phone number",
    ),
    "email": ("البريد", "البريد الإلكتروني", "الإيميل", "email", "e-mail", "email address"),
    "language": ("اللغة", "لغة المراسلة", "language"),
    "service": ("الخدمة", "اسم الخدمة", "نوع الخدمة", "البرنامج", "service", "service name", "programme", "program"),
    "branch": ("الفرع", "المكتب", "اسم الفرع", "branch", "office"),
    "channel": ("القناة", "قناة الطلب", "طريقة التقديم", "channel"),
}
"""As lists of associations head them, in both languages; a field's own code is known as well."""
LABELS = {
    "national_id": ("رقم الهوية", "National id"),
    "name": ("الاسم", "Name"),
    "mobile": ("الجوال", "Mobile"),
    "email": ("البريد الإلكتروني", "E-mail"),
    "language": ("اللغة", "Language"),
    "service": ("الخدمة", "Service"),
    "branch": ("الفرع", "Branch"),
    "channel": ("القناة", "Channel"),
}
_LETTERS = str.maketrans({**dict.fromkeys("أإآ", "ا"), "ى": "ي", "ة": "ه", "ـ": None, "_": " ", "-": " "})
_NOT_SAID = re.compile(r"[\u064b-\u0652\u0670\u061c\u200e\u200f\ufeff*:]")


@dataclass(frozen=True)
class Target:
    """A field that a column may fill, as both languages call it."""

    id: str
    ar: str
    en: str


def targets_of(pack: Pack) -> dict[str, Target]:
    """Every field that an import of this association takes, by its id: of a person, of a request, of its forms."""
    found = {
        name: Target(name, *LABELS.get(name, (name, name.replace("_", " ").capitalize())))
        for name in (*OF_PERSON, *OF_REQUEST)
    }
    for service in pack.services:
        for field in service.form:
            found.setdefault(FORM + field.id, Target(FORM + field.id, field.name.ar, field.name.en))
    return found


def folded(heading: str) -> str:
    """A heading without what hands write differently."""
    return " ".join(_NOT_SAID.sub("", heading).translate(_LETTERS).casefold().split())


def guess(heads: Sequence[str], *, pack: Pack) -> dict[str, int]:
    """The columns whose headings are known, by the field; the first of two with the same meaning counts."""
    known: dict[str, str] = {}
    for target in targets_of(pack).values():
        # A field of a person comes before one of a form that has its name.
        for said in (target.id.removeprefix(FORM), target.ar, target.en, *HEADINGS.get(target.id, ())):
            known.setdefault(folded(said), target.id)
    chosen: dict[str, int] = {}
    for place, head in enumerate(heads):
        target_id = known.get(folded(head))
        if target_id is not None:
            chosen.setdefault(target_id, place)
    return chosen


def check_columns(columns: Mapping[str, int], *, heads: Sequence[str], pack: Pack) -> None:
    """Raises `ColumnUnknown`."""
    targets = targets_of(pack)
    for target, place in columns.items():
        if target not in targets:
            raise errors.ColumnUnknown(field="columns", column=target)
        if not 0 <= place < len(heads):
            raise errors.ColumnUnknown(field=f"columns.{target}", column=place + 1)
    if len(set(columns.values())) < len(columns):
        twice = next(place for place in columns.values() if list(columns.values()).count(place) > 1)
        raise errors.ColumnUnknown(field="columns", column=twice + 1)


def check_enough(columns: Mapping[str, int]) -> None:
    """Raises `ColumnsLacking`: without these no row can be taken."""
    if lacking := [target for target in NEEDED if target not in columns]:
        refusal = errors.ColumnsLacking(field="columns", lacking=", ".join(LABELS[target][1] for target in lacking))
        refusal.facts_ar = {"lacking": "، ".join(LABELS[target][0] for target in lacking)}
        raise refusal


def letter(place: int) -> str:
    """A column's letters, as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
