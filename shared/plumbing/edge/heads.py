"""What the head of a request may say: each thing once."""

from fastapi import Request

from shared.language.errors import Malformed

SAID_ONCE = frozenset(
    (b"authorization", b"content-length", b"content-type", b"host", b"idempotency-key", b"transfer-encoding")
)
"""Of two, a proxy may read the first and we the second: who passes would not be who acts (RFC 9112 §11.2)."""


def check_head(request: Request) -> None:
    """Raises `Malformed` for a header that came twice, and for a length that is no number."""
    names = [name for name, _ in request.scope["headers"] if name in SAID_ONCE]
    for name in SAID_ONCE:
        if names.count(name) > 1:
            _refuse(name.decode(), why="it was sent twice", why_ar="أُرسل مرتين")
    length = request.headers.get("content-length")
    if length is not None and not (length.isascii() and length.isdigit()):
        _refuse("content-length", why="it is not a number", why_ar="ليس رقمًا")


def _refuse(name: str, *, why: str, why_ar: str) -> None:
    refusal = Malformed(field=name, name=name, why=why)
    refusal.facts_ar = {"why": why_ar}
    raise refusal
