"""A file on its way in: to a nameless file, looked at, sealed, in its place; then the transaction begins."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Annotated, Any, TypeVar

from fastapi import Depends, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language import errors
from shared.plumbing.clock import SystemClock
from shared.plumbing.edge.bodies import pieces
from shared.plumbing.files.cabinet import Cabinet, Kept
from shared.plumbing.files.check import REFUSALS as OF_THE_CHECK
from shared.plumbing.files.names import plain_name
from shared.plumbing.identity import Principal

ENVELOPE_BYTES = 16_384
"""What a form may say around its file."""
FIELD = "file"
REFUSALS = (*OF_THE_CHECK, errors.RequestTooSlow)

Before = Callable[..., Awaitable[None]]
"""Asked with a session, who calls and the path's parts, before the body is read; it raises what speaks against it."""

F = TypeVar("F", bound=Callable[..., Any])
log = logging.getLogger("athar.files")


@dataclass(frozen=True)
class ArrivedFile:
    """A file that was looked at and lies sealed in its place; a row has to name it, and then says so."""

    media_type: str
    name: str | None
    kept: Kept

    def take(self) -> Kept:
        """Hand it to the row that names it."""
        self.kept.taken = True
        return self.kept


def takes_file(before: Before) -> Callable[[F], F]:
    """An endpoint whose body is one file: of a form's field `file`, or the body itself."""

    def mark(endpoint: F) -> F:
        endpoint.takes_file = before  # type: ignore[attr-defined]
        endpoint.refusals = (*getattr(endpoint, "refusals", ()), *REFUSALS)  # type: ignore[attr-defined]
        return endpoint

    return mark


async def _arrived(request: Request) -> ArrivedFile:
    file: ArrivedFile = request.state.file
    return file


File = Annotated[ArrivedFile, Depends(_arrived)]

DOCUMENTED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "contentMediaType": "application/octet-stream"}},
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}},
        },
    },
    "x-body-limit": "ATHAR_UPLOAD_LIMIT_BYTES",
}


@asynccontextmanager
async def arriving(request: Request, *, before: Before, who: Principal | None) -> AsyncIterator[None]:
    """Have the file in `request.state.file` while the block lasts. Raises `REFUSALS` and `BodyTooLarge`.

    A file that no row names when the block is over is taken away again; where nobody knows whether it was (the process
    or the database died with the commit), it stays until `sweep` asks the database.
    """
    runtime = request.app.state.runtime
    await _ask(runtime, before, who=who, path=request.path_params)
    cabinet: Cabinet = runtime.cabinet
    with await asyncio.to_thread(cabinet.spool) as raw, await asyncio.to_thread(cabinet.spool) as clean:
        name, digest = await _receive(request, raw, limit=runtime.settings.upload_limit_bytes)
        media_type = await runtime.inspectors.clean(raw, clean)
        kept = await asyncio.to_thread(cabinet.keep, clean, now=SystemClock().now())
    # A form draws its borders anew each time that it is sent: the same request is the same file.
    request.state.body_digest = digest + (name or "").encode()
    request.state.file = ArrivedFile(media_type=media_type, name=name, kept=kept)
    try:
        yield
    except errors.Refusal:
        kept.taken = False
        raise
    finally:
        if not kept.taken:
            await asyncio.to_thread(cabinet.discard, kept.place)


async def _ask(runtime: Any, before: Before, *, who: Principal | None, path: Mapping[str, Any]) -> None:
    async with runtime.database.read(scope=None if who is None else who.scope) as session:
        session_: AsyncSession = session
        await before(session_, who=who, **path)


async def _receive(request: Request, spool: IO[bytes], *, limit: int) -> tuple[str | None, bytes]:
    """The body's file in `spool`; its name, and the digest of its bytes."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    is_form = kind == b"multipart/form-data"
    form = _Form(options.get(b"boundary", b""), limit=limit) if is_form else None
    digest, whole = sha256(), limit + (ENVELOPE_BYTES if is_form else 0)
    async for piece in pieces(request, limit=whole, seconds=request.app.state.runtime.settings.upload_seconds):
        part = form.write(piece) if form else piece
        digest.update(part)
        if part:
            # A slow disk must not hold up everyone.
            await asyncio.to_thread(spool.write, part)
    if form is not None:
        form.check_whole()
    if spool.tell() == 0:
        raise _malformed("it holds no file", "لا ملف فيه")
    return (form.name if form else None), digest.digest()


class _Form:
    """A form read as it arrives: one file and nothing else."""

    def __init__(self, boundary: bytes, *, limit: int) -> None:
        self.name: str | None = None
        self._limit, self._size = limit, 0
        self._part = bytearray()
        self._header, self._value, self._headers = bytearray(), bytearray(), dict[bytes, bytes]()
        self._parts, self._ended = 0, False
        if not boundary:
            raise _malformed("the form names no boundary", "النموذج بلا حد فاصل")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._on_part,
                    "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers,
                    "on_part_data": lambda data, start, end: self._part.extend(data[start:end]),
                    "on_end": self._on_end,
                },
            )
        except FormParserError:
            raise _malformed("the form cannot be read", "لا يُقرأ النموذج") from None

    def write(self, piece: bytes) -> bytes:
        """What of the file is in this piece. Raises `Malformed` and `BodyTooLarge`."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise _malformed("the form cannot be read", "لا يُقرأ النموذج") from None
        part, self._part = bytes(self._part), bytearray()
        self._size += len(part)
        if self._size > self._limit:
            raise errors.BodyTooLarge(limit=self._limit)
        return part

    def check_whole(self) -> None:
        if not self._ended:
            raise _malformed("it ended before it was whole", "انقطع قبل أن يكتمل")

    def _on_part(self) -> None:
        self._parts += 1
        if self._parts > 1:
            raise _malformed("the form holds more than one file", "في النموذج أكثر من ملف")

    def _on_header_end(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if options.get(b"name") != FIELD.encode() or b"filename" not in options:
            raise _malformed("the form's one field is “file”", "حقل النموذج الوحيد هو «file»")
        self.name = plain_name(options[b"filename"].decode("utf-8", errors="replace"))

    def _on_end(self) -> None:
        self._ended = True


def _malformed(why: str, why_ar: str) -> errors.Malformed:
    refusal = errors.Malformed(field=FIELD, name=FIELD, why=why)
    refusal.facts_ar = {"why": why_ar}
    return refusal
