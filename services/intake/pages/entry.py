"""The page at the door: association, user name, password."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.intake.domain.accounts.passwords import LONGEST
from services.intake.pages import words
from services.intake.pages.html import (
    address,
    form,
    language_of,
    next_of,
    nonce_of,
    page,
    say,
    select,
    text_field,
    words_of,
)
from shared.language import errors
from shared.plumbing import browser
from shared.policy.adopted import packs
from shared.policy.parts import Words

FIELDS = {"association_id": 100, "user_name": 200, "password": LONGEST}


def entry_page(
    request: Request,
    given: dict[str, str],
    *,
    wrong: dict[str, Words] | None = None,
    alert: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The form of association, user name and password; what was typed stays, but for the password."""
    nonce, wrong = nonce_of(request), wrong or {}
    names = [(pack.id, pack.association.name) for pack in packs().values()]
    options = [(key, name.en if language_of(request) == "en" else name.ar) for key, name in names]
    asked = given.get("association_id", request.query_params.get("association_id", ""))
    fields = (
        select(
            request,
            "association_id",
            words.ASSOCIATION,
            options=options,
            value=asked,
            error=wrong.get("association_id"),
        )
        + text_field(
            request,
            "user_name",
            words.USER_NAME,
            value=given.get("user_name", ""),
            autocomplete="username",
            error=wrong.get("user_name"),
            more='autocapitalize="none" spellcheck="false" maxlength="200"',
        )
        + text_field(
            request,
            "password",
            words.PASSWORD,
            kind="password",
            autocomplete="current-password",
            error=wrong.get("password"),
            more=f'maxlength="{LONGEST}"',
        )
    )
    # What was asked for comes back with a form that was refused, from its hidden field.
    then = browser.local(given.get("next"), otherwise="") or next_of(request)
    body = form(request, path="/sign-in", fields=fields, submit=words.SIGN_IN, bound_to=nonce, then=then)
    if request.app.state.runtime.own_settings.oidc_issuer is not None:
        link = address(request, "/sign-in/issuer", then=then)
        body += f'<p><a href="{link.replace("&", "&amp;")}">{say(request, words.BY_ISSUER)}</a></p>'
    return page(request, title=words.SIGN_IN, body=body, alert=alert, status=status, nonce=nonce)


def wrong_fields(given: dict[str, str]) -> dict[str, Words]:
    """What is missing or too long, by field."""
    long = words_of(errors.SignInRefused())
    return {name: words.REQUIRED for name in FIELDS if not given.get(name, "").strip()} | {
        name: long for name, most in FIELDS.items() if len(given.get(name, "")) > most
    }
