"""What every refusal has: a code, a status, and a sentence in both languages."""

from datetime import date
from enum import Enum
from typing import ClassVar

from shared.language.calendar import short_day
from shared.language.clauses import Clause

COMMAS = {"ar": "، ", "en": ", "}


class Refusal(Exception):
    """A rule said no. `facts` fill the sentences; they never hold personal data.

    A fact that has words (a role, a channel, a name of the policy) is given itself, not its code; so is a day.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    ar: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, *, field: str | None = None, clause: Clause | None = None, **facts: object) -> None:
        self.field = field
        self.clause = clause
        self.facts = facts
        self.facts_ar: dict[str, object] = {}
        """What the Arabic sentence says otherwise, where a fact is itself words."""
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        facts = self.facts if language == "en" else self.facts | self.facts_ar
        sentence = self.en if language == "en" else self.ar
        return sentence.format(**{name: said(fact, language) for name, fact in facts.items()})


def said(fact: object, language: str) -> object:
    """A fact in the words of one language: each of several, a day in both calendars, a code by what it is called."""
    if isinstance(fact, tuple):
        return COMMAS[language].join(str(said(one, language)) for one in fact)
    if isinstance(fact, date):
        return short_day(fact, language=language)
    words = getattr(fact, language, None)
    if isinstance(words, str):
        return words
    return str(fact).replace("_", " ") if isinstance(fact, Enum) else fact
