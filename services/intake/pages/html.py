"""How a page is put together: a frame, an alert, a form, its fields with their errors beside them."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from secrets import token_urlsafe
from string import Template
from typing import Literal
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.intake.pages import words
from shared.language.errors import Refusal
from shared.plumbing import browser
from shared.policy.parts import Words

Language = Literal["ar", "en"]
FOLDER = Path(__file__).parent / "static"
ENTRY = "athar-entry"
"""The cookie of a page before there is a session: what is sent comes from a page that this browser was given."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def language_of(request: Request) -> Language:
    return "en" if request.query_params.get("lang") == "en" else "ar"


def base_of(request: Request) -> str:
    """Where this service is under the one origin."""
    base: str = request.scope.get("root_path", "")
    return base


def say(request: Request, sentence: Words) -> str:
    """The words in the page's language, as HTML."""
    return escape(sentence.en if language_of(request) == "en" else sentence.ar)


def next_of(request: Request) -> str:
    """Where to go in the end: a path of ours, as the page was asked with; empty when none."""
    return browser.local(request.query_params.get("next"), otherwise="")


def address(request: Request, path: str, *, then: str = "") -> str:
    """A page of this service, in the same language."""
    query = ({"lang": "en"} if language_of(request) == "en" else {}) | ({"next": then} if then else {})
    return base_of(request) + path + (f"?{urlencode(query)}" if query else "")


def page(
    request: Request, *, title: Words, body: str, alert: str = "", status: int = 200, nonce: str = ""
) -> HTMLResponse:
    """A whole page; `alert` and `body` are HTML."""
    language = language_of(request)
    other: Language = "ar" if language == "en" else "en"
    kept = {"next": next_of(request)} if next_of(request) else {}
    text = _read("frame.html").substitute(
        language=language,
        direction="ltr" if language == "en" else "rtl",
        title=(say(request, words.NOT_DONE) + ": " if alert else "") + say(request, title),
        athar=say(request, words.ATHAR),
        heading=say(request, title),
        base=base_of(request),
        other_language=other,
        other_direction="ltr" if other == "en" else "rtl",
        other_name="English" if other == "en" else "العربية",
        other_query=escape(urlencode({"lang": other, **kept})),
        alert=_read("alert.html").substitute(text=alert) if alert else "",
        body=body,
    )
    response = HTMLResponse(text, status_code=status, headers=HEADERS)
    if nonce and nonce != browser.cookie_of(request, ENTRY):
        browser.set_cookie(request, response, ENTRY, nonce)
    return response


def form(request: Request, *, path: str, fields: str, submit: Words, bound_to: str, then: str | None = None) -> str:
    """A form of this page; `bound_to` is the entry's nonce, or the session's id."""
    return _read("form.html").substitute(
        action=escape(address(request, path)),
        token=browser.form_token(bound_to),
        next=escape(next_of(request) if then is None else then),
        fields=fields,
        submit=say(request, submit),
    )


def text_field(
    request: Request,
    name: str,
    label: Words,
    *,
    kind: str = "text",
    value: str = "",
    autocomplete: str,
    error: Words | None = None,
    more: str = "",
) -> str:
    """One line to type into, with what is wrong about it beside it."""
    return _read("text_field.html").substitute(
        name=name,
        label=say(request, label),
        kind=kind,
        value=escape(value),
        autocomplete=autocomplete,
        typed="auto",
        more=more,
        error=field_error(request, name, error),
        described=described(name, error),
    )


def field_error(request: Request, name: str, error: Words | None) -> str:
    return _read("field_error.html").substitute(name=name, text=say(request, error)) if error else ""


def described(name: str, error: Words | None) -> str:
    return f'aria-invalid="true" aria-describedby="{name}-error"' if error else ""


def select(
    request: Request, name: str, label: Words, *, options: Sequence[tuple[str, str]], value: str, error: Words | None
) -> str:
    """One of a few."""
    first = f'<option value="">{say(request, words.CHOOSE_ASSOCIATION)}</option>'
    rest = "".join(
        f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(shown)}</option>'
        for key, shown in options
    )
    return (
        f'<div class="field"><label for="{name}">{say(request, label)}</label>{field_error(request, name, error)}'
        f'<select id="{name}" name="{name}" required {described(name, error)}>{first}{rest}</select></div>'
    )


def words_of(refusal: Refusal) -> Words:
    return Words(ar=refusal.sentence("ar"), en=refusal.sentence("en"))


def refused_page(request: Request, refusal: Refusal) -> HTMLResponse:
    """What a refusal that is about no field looks like."""
    link = f'<p><a href="{escape(address(request, "/sign-in", then=next_of(request)))}">'
    body = link + say(request, words.SIGN_IN_AGAIN) + "</a></p>"
    alert = say(request, words_of(refusal))
    return page(request, title=words.NOT_DONE, body=body, alert=alert, status=refusal.status)


def nonce_of(request: Request) -> str:
    """The entry's nonce: the browser's, or a new one, which the page then gives it."""
    return browser.cookie_of(request, ENTRY) or token_urlsafe(16)


def comes_from_our_page(request: Request, *, body: bytes) -> bool:
    """Whether a form before sign-in was sent by a page that we gave to this very browser."""
    nonce = browser.cookie_of(request, ENTRY)
    try:
        browser.refuse_forged(request, bound_to=nonce, body=body)
    except Refusal:
        return False
    return bool(nonce)


def go(path: str, *, status: int = 303) -> Response:
    return RedirectResponse(path, status_code=status, headers={"Cache-Control": "no-store"})


def _read(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))
