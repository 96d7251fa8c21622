"""What every refusal has: a code, a status, and a sentence in both languages."""

from typing import ClassVar

from shared.language.clauses import Clause


class Refusal(Exception):
    """A rule said no. `facts` fill the sentences; they never hold personal data."""

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
        return self.en.format(**self.facts) if language == "en" else self.ar.format(**(self.facts | self.facts_ar))
