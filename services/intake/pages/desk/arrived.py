"""How somebody came, in words: what was written down of his channel, with the time that he waited and was given."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request

from services.intake.domain.channels import Details
from services.intake.pages.desk.arriving import ASKED
from services.intake.pages.step import LOOK
from shared.language.clauses import Channel
from shared.ui import Language, language_of
from shared.ui.bidi import ltr, name
from shared.ui.days import instant, short_day
from shared.ui.language import mark

YES, NO = mark("Urgent: it cannot wait"), mark("It can wait")
LEFT_TO_RIGHT = frozenset({"mobile", "number"})
_KEPT_APART = frozenset({"day"})


def rows_of(request: Request, details: Details) -> list[tuple[str, Any]]:
    """Label and value of all that was written down; what was left empty is left out."""
    language = language_of(request)
    rows = []
    for asked in ASKED[Channel(details.channel)]:
        value = None if asked.kind in _KEPT_APART else getattr(details, asked.name)
        if value not in (None, ""):
            shown = _shown(request, asked.kind, asked.options or {}, value, language=language)
            rows.append((LOOK.say(request, asked.words), shown))
    return rows


def _shown(request: Request, kind: str, options: Mapping[str, str], value: Any, *, language: Language) -> Any:
    if kind == "choice":
        return LOOK.say(request, options[value])
    if kind == "yes":
        return LOOK.say(request, YES if value else NO)
    if isinstance(value, datetime):
        return instant(value, language=language)
    if kind == "date":
        return short_day(value, language=language)
    return ltr(value) if kind in LEFT_TO_RIGHT else name(value)
