"""An answer as it is kept under its key, and as it is given again: its body, and the headers that say what it is."""

import json

from fastapi import Response

from shared.language.events import SealedText
from shared.plumbing.seal import seal, unseal

OF_THE_FIRST_ALONE = frozenset({"content-length", "set-cookie"})
"""Cookies sign a browser in: they are given once, and lie nowhere."""
HEADERS, BODY = "athar-headers", "athar-body"


def keep(response: Response) -> bytes:
    """The answer as it lies in the database: sealed, for it may name a person."""
    headers = {name: value for name, value in response.headers.items() if name not in OF_THE_FIRST_ALONE}
    return seal(json.dumps({HEADERS: headers, BODY: bytes(response.body).decode()}, ensure_ascii=False)).encode()


def replay(kept: bytes, *, status: int) -> Response:
    """The first answer again, and that it is not the first."""
    headers, body = _read(unseal(SealedText(kept.decode())))
    return Response(body, status_code=status, headers=headers | {"Idempotency-Replayed": "true"})


def _read(plain: str) -> tuple[dict[str, str], str]:
    # A release before this one kept the body alone, and the answers of a few days lie there still.
    try:
        kept = json.loads(plain)
    except ValueError:
        kept = None
    if isinstance(kept, dict) and set(kept) == {HEADERS, BODY}:
        return kept[HEADERS], kept[BODY]
    return {"content-type": "application/json"}, plain
