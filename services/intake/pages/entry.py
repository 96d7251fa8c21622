"""The page at the door: association, user name, password."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.intake.domain.accounts.passwords import LONGEST
from services.intake.pages.paths import address, next_of
from services.intake.pages.step import needed, step_page
from shared.language import errors
from shared.plumbing import browser
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.signed_in import name_of_association

FIELDS = {"association_id": 100, "user_name": 200, "password": LONGEST}


def entry_page(request: Request, given: dict[str, str], *, form: Form | None = None, status: int = 200) -> HTMLResponse:
    """The form of association, user name and password; what was typed stays, but for the password."""
    language = language_of(request)
    # What was asked for comes back with a form that was refused, from its hidden field.
    then = browser.local(given.get("next"), otherwise="") or next_of(request)
    by_issuer = request.app.state.runtime.own_settings.oidc_issuer is not None
    return step_page(
        request,
        "sign_in.html",
        path="/sign-in",
        then=then,
        form=form or Form({"association_id": request.query_params.get("association_id", "")}),
        status=status,
        associations=[(pack.id, name_of_association(pack, language=language)) for pack in packs().values()],
        issuer=address(request, "/sign-in/issuer", then=then) if by_issuer else None,
        longest=FIELDS,
    )


def wrong_fields(request: Request, given: dict[str, str]) -> Form | None:
    """The form again where something is missing or too long."""
    long = errors.SignInRefused().sentence(language_of(request).value)
    wrong = {name: long for name, most in FIELDS.items() if len(given.get(name, "")) > most}
    missing = needed(request, *(name for name in FIELDS if not given.get(name, "").strip())).errors
    return Form(given, wrong | dict(missing)) if wrong or missing else None
