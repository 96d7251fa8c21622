"""A template of a test's own, rendered as a page's would be."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from shared.ui import Frame, Language, Look

LOOK = Look()


def drawn(source: str, language: Language = Language.ARABIC, **facts: Any) -> str:
    return LOOK.environment(language).from_string(source).render(**facts)


def page(template: str, language: Language = Language.ARABIC, *, frame: Frame | None = None, **facts: Any) -> str:
    return LOOK.render(template, language=language, frame=frame or Frame(), switch="?", **facts)


def request(*, query: str = "", headers: Mapping[str, str] | None = None) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": raw})
