"""What a template's blanks are filled with, in the language of the reader."""

from collections.abc import Mapping
from datetime import date, datetime

from services.notifications.domain.base import Language
from shared.language.calendar import hijri, in_both_calendars, riyadh_day
from shared.policy.pack import Pack
from shared.policy.parts import Words

Fact = str | Words | date | tuple[str, ...]
"""A word, words in both languages, a day or an instant, or kinds of documents from a checklist."""


def worded(fact: Fact, *, language: Language, names: Mapping[str, Words]) -> str:
    if isinstance(fact, Words):
        return fact.ar if language is Language.ARABIC else fact.en
    if isinstance(fact, datetime):
        return day_words(riyadh_day(fact), language=language)
    if isinstance(fact, date):
        return day_words(fact, language=language)
    if isinstance(fact, tuple):
        items = [worded(names.get(kind, kind), language=language, names=names) for kind in fact]
        return ("، " if language is Language.ARABIC else ", ").join(items)
    return fact


def day_words(day: date, *, language: Language) -> str:
    """The day in both calendars, as the associations' letters write it.

    With slashes: between Arabic letters a reader's phone would turn the parts of 2026-11-22 around.
    """
    if not in_both_calendars(day):
        return day.isoformat().replace("-", "/")
    there, here = hijri(day).replace("-", "/"), day.isoformat().replace("-", "/")
    return f"{there}هـ الموافق {here}م" if language is Language.ARABIC else f"{here} ({there} AH)"


def document_names(pack: Pack, service_id: str) -> dict[str, Words]:
    """The names of what the service's checklist and form ask for, by their kinds."""
    service = pack.service(service_id)
    if service is None:
        return {}
    return {field.id: field.name for field in service.form} | {
        document.kind: document.name for document in service.documents
    }
