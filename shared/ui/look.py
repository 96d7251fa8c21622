"""Pages out of templates: those of a service, over those that all share."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.ui import assets, bidi, charts, days, words
from shared.ui.forms import Form
from shared.ui.frame import Frame
from shared.ui.icons import icon
from shared.ui.language import COOKIE, Language, language_of, translations

HERE = Path(__file__).parent
MACROS = ("forms", "show", "lists", "charts")
YEAR_SECONDS = 31_536_000
VARIES = "Accept, Accept-Language, Cookie"
"""A page is in the language of who asks. The rest of the headers every answer has (`shared/plumbing/edge`)."""
KEEP = "Athar-Keep"
"""The service worker keeps the pages that say so, and no other."""


class Look:
    """The templates in `folder/templates` and the words in `folder/locale`, over the shared ones."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folders = (HERE,) if folder is None else (folder, HERE)
        self._environments: dict[Language, Environment] = {}
        self._translations: dict[Language, NullTranslations] = {}

    def page(
        self, request: Request, template: str, /, *, frame: Frame | None = None, status_code: int = 200, **facts: Any
    ) -> HTMLResponse:
        """The page in the language of who asks. Raises `jinja2.UndefinedError` where a fact is missing."""
        language, frame = language_of(request), frame or Frame()
        query = QueryParams(
            [*((k, v) for k, v in request.query_params.multi_items() if k != "lang"), ("lang", language.other)]
        )
        text = self.render(template, language=language, frame=frame, switch=f"?{query}", **facts)
        headers = {"Vary": VARIES, "Content-Language": language.value} | ({KEEP: "device"} if frame.keeps else {})
        response = HTMLResponse(text, status_code=status_code, headers=headers)
        if request.query_params.get("lang") == language:
            locked = request.scope["scheme"] == "https"
            response.set_cookie(
                COOKIE, language.value, max_age=YEAR_SECONDS, samesite="lax", httponly=True, secure=locked
            )
        return response

    def render(self, template: str, *, language: Language, frame: Frame, switch: str, **facts: Any) -> str:
        environment = self.environment(language)
        return environment.get_template(template).render(frame=frame, switch=switch, **facts)

    def say(self, request: Request, words: str) -> str:
        """Words that Python marked, in the language of who asks."""
        return self._said(language_of(request)).ugettext(words)

    def _said(self, language: Language) -> NullTranslations:
        if language not in self._translations:
            self._translations[language] = translations(language, self._folders)
        return self._translations[language]

    def environment(self, language: Language) -> Environment:
        """Jinja as every page of this look has it in one language."""
        if language not in self._environments:
            self._environments[language] = self._environment(language)
        return self._environments[language]

    def _environment(self, language: Language) -> Environment:
        environment = Environment(
            loader=FileSystemLoader([folder / "templates" for folder in self._folders]),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # The shared words last, so that a service may not change what another page says.
        environment.install_gettext_translations(self._said(language), newstyle=True)  # type: ignore[attr-defined]
        environment.globals.update(self._globals(language))
        environment.globals["ui"] = SimpleNamespace(
            **{
                name: macro
                for file in MACROS
                for name, macro in vars(environment.get_template(f"ui/{file}.html").module).items()
                if not name.startswith("_")
            }
        )
        return environment

    def _globals(self, language: Language) -> Mapping[str, Any]:
        return {
            "lang": language.value,
            "dir": language.direction,
            "other": language.other.value,
            "asset": assets.address,
            "icon": icon,
            "name": bidi.name,
            "ltr": bidi.ltr,
            "number": bidi.number,
            "long_day": partial(days.long_day, language=language),
            "short_day": partial(days.short_day, language=language),
            "instant": partial(days.instant, language=language),
            "bars_of": charts.bars,
            "columns_of": partial(charts.columns, rtl=language is Language.ARABIC),
            "chart_size": (charts.WIDTH, charts.HEIGHT),
            "statuses": words.STATUSES,
            "roles": words.ROLES,
            "no_form": Form(),
        }
