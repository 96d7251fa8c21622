"""A public page's form: bound to this very browser, as before a sign-in, and refused beside its fields."""

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.intake.pages.paths import base_of
from services.intake.pages.step import ENTRY, LOOK, entry_token
from shared.plumbing import browser
from shared.policy.pack import Pack
from shared.ui import Form, Frame, language_of


def public_page_of(
    request: Request,
    template: str,
    *,
    pack: Pack | None = None,
    form: Form | None = None,
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    """The page, under the association's name where it is known; what was typed stays, as `form` has it."""
    nonce = browser.cookie_of(request, ENTRY) or token_urlsafe(16)
    language = language_of(request).value
    response = LOOK.page(
        request,
        f"public/{template}",
        frame=Frame(organisation=getattr(pack.association.name, language) if pack else None),
        status_code=status,
        form=form or Form(),
        base=base_of(request),
        token=entry_token(nonce),
        **facts,
    )
    response.headers["Cache-Control"] = "no-store"
    if nonce != browser.cookie_of(request, ENTRY):
        browser.set_cookie(request, response, ENTRY, nonce)
    return response


def wrong(request: Request, values: Mapping[str, str], **words: str) -> Form:
    """The form again, each field with the words of what is wrong with it."""
    return Form(values, {name: LOOK.say(request, said) for name, said in words.items()})


def in_language(request: Request, words: Any) -> str:
    """A pack's words in the language of who reads."""
    said: str = getattr(words, language_of(request).value)
    return said
