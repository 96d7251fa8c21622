"""A body as it arrives: no larger, no slower and no deeper than the settings say."""

import asyncio
import re
from collections.abc import AsyncIterator

from fastapi import Request
from starlette.requests import ClientDisconnect

from shared.language.errors import BodyTooLarge, Malformed, RequestTooSlow

DEEPEST = 32
"""Our own bodies nest four deep; a parser that goes down with whoever asks ends in a full stack."""
DIGITS = 400
"""Of one number. Python refuses over 4,300 of them; 400 hold every double."""

_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"?')
_LONG_NUMBER = re.compile(rb"[0-9]{%d}" % DIGITS)


async def pieces(request: Request, *, limit: int, seconds: float) -> AsyncIterator[bytes]:
    """The body piece by piece. Raises `BodyTooLarge` before more than `limit` was handed on, `RequestTooSlow`."""
    if int(request.headers.get("content-length", 0)) > limit:
        raise BodyTooLarge(limit=limit)
    arrived = 0
    stream = request.stream()
    loop = asyncio.get_running_loop()
    give_up = loop.time() + seconds
    while True:
        try:
            async with asyncio.timeout_at(give_up):
                piece = await anext(stream, None)
        except TimeoutError:
            raise RequestTooSlow(seconds=int(seconds)) from None
        except ClientDisconnect:
            # Nobody is there to read it; but it is no bug of ours, and the log need not tell of one.
            raise _malformed("it ended before it was whole", "انقطع قبل أن يكتمل") from None
        if piece is None:
            return
        arrived += len(piece)
        if arrived > limit:
            raise BodyTooLarge(limit=limit)
        yield piece


async def whole_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """The body, where the endpoint finds it as well. Raises as `pieces`, and `Malformed` as `check_shape`."""
    body = bytearray()
    async for piece in pieces(request, limit=limit, seconds=seconds):
        body += piece
    request._body = bytes(body)
    check_shape(request._body)
    return request._body


def refuse_nul(request: Request, body: bytes) -> None:
    """Raises `Malformed`: no database text holds the character NUL; PostgreSQL would break off amid the work."""
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    in_path = "%00" in f"{request.scope['raw_path']!r}{request.url.query}"
    if in_path or b"\\u0000" in body or b"\x00" in body or (is_form and b"%00" in body):
        where = "body" if body else "path"
        raise Malformed(field=where, name=where, why="the character NUL")


def check_shape(body: bytes) -> None:
    """Raises `Malformed` for JSON that nests too deep or holds a number that no one counts with."""
    if body.count(b"[") + body.count(b"{") > DEEPEST or _LONG_NUMBER.search(body):
        plain = _TEXTS.sub(b"", body)
        if _LONG_NUMBER.search(plain):
            raise _malformed(f"a number of more than {DIGITS} digits", f"رقم بأكثر من {DIGITS} خانة")
        depth = deepest = 0
        for mark in re.findall(rb"[\[{\]}]", plain):
            depth += 1 if mark in b"[{" else -1
            deepest = max(deepest, depth)
        if deepest > DEEPEST:
            raise _malformed(f"it nests more than {DEEPEST} deep", f"تداخله أكثر من {DEEPEST} مستوى")


def _malformed(why: str, why_ar: str) -> Malformed:
    refusal = Malformed(field="body", name="body", why=why)
    refusal.facts_ar = {"why": why_ar}
    return refusal
