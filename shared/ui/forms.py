"""What a person typed, and what is wrong with it: nothing of it is lost by a refusal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hijridate import Hijri

from shared.language.errors import Refusal
from shared.ui.language import Language

ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
FIRST_GREGORIAN_YEAR = 1600
"""A year before it is a Hijri one: nobody's papers are so old in the one, nor so far ahead in the other."""


@dataclass(frozen=True)
class Form:
    """The values and errors of one form, by the names of its fields; an error of no field is under the empty name."""

    values: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        found = self.values.get(name, "")
        return found if isinstance(found, str) else next(iter(found), "")

    def chosen(self, name: str) -> frozenset[str]:
        found = self.values.get(name, ())
        return frozenset({found} if isinstance(found, str) else found)

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    @classmethod
    def refused(
        cls, values: Mapping[str, str | Sequence[str]], refusal: Refusal, *, language: Language, beside: str
    ) -> "Form":
        """The form again, with the refusal's words at the field that it is about, else at the field `beside`."""
        return cls(values=values, errors={refusal.field or beside: refusal.sentence(language.value)})


def western(text: str) -> str:
    """`٠٥٠١٢٣` as `050123`: people type whichever digits their keyboard has."""
    return text.translate(ARABIC_DIGITS)


def day_in(values: Mapping[str, str | Sequence[str]], name: str) -> date | None:
    """The day of a date field's three inputs, Hijri or Gregorian by its year; `None` where nothing was typed.

    Raises `ValueError` where it is no day.
    """
    form = Form(values=values)
    parts = [western(form.value(f"{name}_{part}")).strip() for part in ("year", "month", "day")]
    if not any(parts):
        return None
    if not all(re.fullmatch(r"\d{1,4}", part) for part in parts):
        raise ValueError(f"{name} is no day")
    year, month, day = (int(part) for part in parts)
    try:
        return (
            date(year, month, day)
            if year >= FIRST_GREGORIAN_YEAR
            else date.fromisoformat(Hijri(year, month, day).to_gregorian().isoformat())
        )
    except OverflowError as error:
        raise ValueError(f"{name} is no day") from error
