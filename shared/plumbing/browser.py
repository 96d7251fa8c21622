"""A signed-in browser: which cookies it carries, and how a request is known to come from our own page.

A cookie is sent by the browser whoever made the page. So what is written with one needs a token that only our pages
hold (bound to the session by a keyed hash), and comes from our own origin (OWASP, cross-site request forgery).
"""

from hmac import compare_digest
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from shared.language import errors
from shared.plumbing.edge.parts import boundary_of, texts_in
from shared.plumbing.identity import Principal
from shared.plumbing.seal import RING

ACCESS, SESSION, FORM = "athar-access", "athar-session", "athar-form"
FIELD, HEADER = "form_token", "x-form-token"
OWNER = "athar-owner"
AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})
FORM_TYPE = "application/x-www-form-urlencoded"
FIELDS_LIMIT = 100
SIGN_IN, RENEWAL = "/intake/sign-in", "/intake/session/renewal"
"""Where the one origin has them, whichever service sends a browser there."""


def is_open_at_home(request: Request) -> bool:
    """Plain HTTP on one's own machine: the only place where a cookie goes without `Secure`."""
    return request.scope["scheme"] == "http" and _host_of(f"//{request.headers.get('host', '')}") in AT_HOME


def cookie_name(request: Request, cookie: str) -> str:
    # Nobody but this very origin can set a cookie whose name begins so (RFC 6265bis §4.1.3.2).
    return cookie if is_open_at_home(request) else f"__Host-{cookie}"


def cookie_of(request: Request, cookie: str) -> str:
    """What the browser carries; empty when nothing."""
    value = request.cookies.get(cookie_name(request, cookie), "")
    # No database text holds the character NUL, which a quoted cookie may.
    return "" if "\0" in value else value


def token_of(request: Request) -> str:
    """The signed token of a program's header or a browser's cookie; empty when there is none."""
    if "authorization" not in request.headers:
        return cookie_of(request, ACCESS)
    scheme, _, token = request.headers["authorization"].partition(" ")
    return token if scheme.lower() == "bearer" else ""


def set_cookie(request: Request, response: Response, cookie: str, value: str, *, seconds: int | None = None) -> None:
    response.set_cookie(
        cookie_name(request, cookie),
        value,
        max_age=seconds,
        path="/",
        secure=not is_open_at_home(request),
        # Our own scripts read the form token; nothing reads what signs a person in.
        httponly=cookie != FORM,
        samesite="lax",
    )


def local(path: str | None, *, otherwise: str) -> str:
    """A path of this very origin; `otherwise` for an address that would lead somebody away."""
    if path and path.startswith("/") and path[1:2] not in {"/", "\\"} and path.isprintable():
        return path
    return otherwise


def way_in(request: Request, refusal: errors.Refusal) -> Response | None:
    """Where a browser without a token that holds goes: to a new one if its session lasts, else to sign in.

    307 sends the same again when it comes back: a form that was filled in for longer than a token lasts is not lost.
    """
    signed_out = isinstance(refusal, errors.NotSignedIn | errors.TokenExpired | errors.SessionEnded)
    if not signed_out or "authorization" in request.headers or "text/html" not in request.headers.get("accept", ""):
        return None
    query = request.scope["query_string"].decode("latin-1")
    here: str = request.scope["path"] + (f"?{query}" if query else "")
    goes_on = isinstance(refusal, errors.NotSignedIn | errors.TokenExpired) and cookie_of(request, SESSION)
    where, status = (RENEWAL, 307) if goes_on else (SIGN_IN, 303)
    return RedirectResponse(f"{where}?{urlencode({'next': here})}", status_code=status)


def owner_of(principal: Principal) -> str:
    """Whose work a device keeps: an opaque name. A device shared by two keeps theirs apart, and learns no number."""
    return RING.index(f"device\n{principal.association_id}\n{principal.person_id}")


def refuse_work_of_another(principal: Principal | None, request: Request) -> None:
    """Raises `NotSignedIn` for what a device kept for somebody else: it waits there until he is back."""
    owner = request.headers.get(OWNER)
    if principal is not None and owner is not None and not compare_digest(owner.encode(), owner_of(principal).encode()):
        raise errors.NotSignedIn


def drop_cookies(request: Request, response: Response) -> None:
    for cookie in (ACCESS, SESSION, FORM):
        set_cookie(request, response, cookie, "", seconds=0)


def form_token(bound_to: str) -> str:
    """What a page of this session sends back with all that it writes."""
    return RING.index(f"form\n{bound_to}")


def form_fields(body: bytes) -> dict[str, str]:
    """The fields of a form without files; of one sent twice the last. Empty for what is no such form."""
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_LIMIT))
    except ValueError:
        return {}
    return {} if "\0" in "".join((*fields, *fields.values())) else fields


def refuse_forged(request: Request, *, bound_to: str, body: bytes = b"", token: str = "") -> None:
    """Raises `RequestForged` for what a browser was made to send by somebody else's page.

    The token stands in a header, where a script sends the request, else in a field of the form: of `body`, or as
    `token` where the form was read as it arrived.
    """
    refuse_foreign(request)
    token = request.headers.get(HEADER, "") or token or _token_in(body, kind=request.headers.get("content-type", ""))
    if not compare_digest(token.encode(), form_token(bound_to).encode()):
        raise errors.RequestForged


def _token_in(body: bytes, *, kind: str) -> str:
    fields = form_fields(body) if kind.startswith(FORM_TYPE) else texts_in(body, content_type=kind)
    return fields.get(FIELD, "")


def says_its_token_in_a_form_of_parts(request: Request) -> bool:
    """Whether a file comes in a form that no script sends: its token is one of its parts, and not known yet."""
    return HEADER not in request.headers and boundary_of(request.headers.get("content-type", "")) is not None


def refuse_forged_by(principal: Principal | None, request: Request, *, body: bytes = b"", token: str = "") -> None:
    """As `refuse_forged`, for who passed a staff door; a program shows its token itself, and nobody makes it."""
    if principal is not None and "authorization" not in request.headers:
        refuse_forged(request, bound_to=principal.session_id or "", body=body, token=token)


def refuse_foreign_by(principal: Principal | None, request: Request) -> None:
    """As `refuse_foreign`, for who passed a staff door."""
    if principal is not None and "authorization" not in request.headers:
        refuse_foreign(request)


def refuse_foreign(request: Request) -> None:
    """Raises `RequestForged` for what another origin's page sends."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in {None, "same-origin"}:
        raise errors.RequestForged
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise errors.RequestForged


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # a Host that is none
        return None
