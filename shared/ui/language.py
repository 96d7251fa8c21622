"""The language of a page, and its words: English in the templates, Arabic in `locale/ar.po`, Arabic by default."""

import io
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import Request

COOKIE = "athar_lang"


class Language(StrEnum):
    """A language that pages speak."""

    ARABIC = "ar"
    ENGLISH = "en"

    @property
    def direction(self) -> str:
        return "rtl" if self is Language.ARABIC else "ltr"

    @property
    def other(self) -> "Language":
        return Language.ENGLISH if self is Language.ARABIC else Language.ARABIC


def mark(words: str) -> str:
    """English words in Python that a template will translate: `_(place.words)`."""
    return words


def language_of(request: Request) -> Language:
    """What the address says, else what was chosen before, else what the browser prefers, else Arabic."""
    for told in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if told in set(Language):
            return Language(told)
    return preferred(request.headers.get("accept-language", ""))


def preferred(accept: str) -> Language:
    """The one of our languages that an `Accept-Language` header likes best (RFC 9110 §12.5.4)."""
    best, liked = Language.ARABIC, 0.0
    for part in accept.split(","):
        tag, _, weight = part.partition(";q=")
        try:
            much = float(weight or 1)
        except ValueError:
            continue
        primary = tag.strip().lower().split("-")[0]
        if primary in set(Language) and much > liked:
            best, liked = Language(primary), much
    return best


def translations(language: Language, folders: Sequence[Path]) -> NullTranslations:
    """The words of `folders`, compiled here: a `.po` is small, and what is not kept cannot be out of date."""
    if language is Language.ENGLISH:
        return NullTranslations()
    files = [path for folder in folders if (path := folder / "locale" / f"{language}.po").exists()]
    first, *others = [_compiled(path, language) for path in files]
    for other in others:
        first.merge(other)
    return first


def _compiled(path: Path, language: Language) -> Translations:
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.value))
    compiled.seek(0)
    return Translations(compiled)
