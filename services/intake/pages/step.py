"""A page of one step of the sign-in: one form, bound to this very browser before there is a session."""

from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.intake.pages.paths import address, next_of
from shared.language.errors import Refusal
from shared.plumbing import browser
from shared.ui import Form, Look, language_of
from shared.ui.language import mark

LOOK = Look(Path(__file__).parents[1])
ENTRY = "athar-entry"
"""The cookie of a page before there is a session: what is sent comes from a page that this browser was given."""
REQUIRED = mark("This field is needed.")
STALE = mark("The page was open for long, or was sent from elsewhere. Look at the fields and send again.")


def step_page(
    request: Request,
    template: str,
    *,
    path: str,
    then: str | None = None,
    form: Form | None = None,
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    """The page of a step whose form goes to `path`; what was typed stays, as `form` has it."""
    nonce = browser.cookie_of(request, ENTRY) or token_urlsafe(16)
    response = LOOK.page(
        request,
        f"accounts/{template}",
        status_code=status,
        form=form or Form(),
        action=address(request, path),
        token=entry_token(nonce),
        next=next_of(request) if then is None else then,
        **facts,
    )
    if nonce != browser.cookie_of(request, ENTRY):
        browser.set_cookie(request, response, ENTRY, nonce)
    return response


def needed(request: Request, *fields: str, values: Mapping[str, str] | None = None) -> Form:
    """The form again, with what is missing said beside its field."""
    return Form(values or {}, dict.fromkeys(fields, LOOK.say(request, REQUIRED)))


def stale(request: Request, *, values: Mapping[str, str] | None = None) -> Form:
    """The form again, after one that no page of ours sent."""
    return Form(values or {}, {"": LOOK.say(request, STALE)})


def refused(request: Request, refusal: Refusal, *, beside: str, values: Mapping[str, str] | None = None) -> Form:
    """The form again, with the refusal's sentence beside a field, or above all of them where `beside` is empty."""
    return Form(values or {}, {beside: refusal.sentence(language_of(request).value)})


def _bound(nonce: str) -> str:
    """Told apart from a session's id: nobody has a session's token made for him by what he sets as his own cookie."""
    return f"entry\n{nonce}"


def entry_token(nonce: str) -> str:
    """What a page before there is a session sends back; `nonce` is in the cookie of this browser."""
    return browser.form_token(_bound(nonce))


def comes_from_our_page(request: Request, *, body: bytes) -> bool:
    """Whether a form before sign-in was sent by a page that we gave to this very browser."""
    nonce = browser.cookie_of(request, ENTRY)
    try:
        browser.refuse_forged(request, bound_to=_bound(nonce), body=body)
    except Refusal:
        return False
    return bool(nonce)
