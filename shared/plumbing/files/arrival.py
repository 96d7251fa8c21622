"""A file on its way in: to a nameless file, looked at, sealed, in its place; then the transaction begins."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.clock import SystemClock
from shared.plumbing.edge.bodies import pieces
from shared.plumbing.edge.parts import Parts, boundary_of, malformed
from shared.plumbing.files.cabinet import Cabinet, Kept
from shared.plumbing.files.check import REFUSALS_OF, Taken
from shared.plumbing.files.names import plain_name
from shared.plumbing.identity import Principal

ENVELOPE_BYTES = 16_384
"""What a form may say around its file."""
FIELD = "file"

Before = Callable[..., Awaitable[None]]
"""Asked with a session, who calls and the path's parts, before the body is read; it raises what speaks against it."""

RefuseForged = Callable[..., None]
"""Given the token of a form, raises `RequestForged` for one that no page of ours holds."""

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


def takes_file(before: Before, *, taken: Taken = Taken.PAPER) -> Callable[[F], F]:
    """An endpoint whose body is one file: of a form's field `file`, or the body itself."""

    def mark(endpoint: F) -> F:
        endpoint.takes_file, endpoint.file_taken = before, taken  # type: ignore[attr-defined]
        refusals = (*REFUSALS_OF[taken], errors.RequestTooSlow)
        endpoint.refusals = (*getattr(endpoint, "refusals", ()), *refusals)  # type: ignore[attr-defined]
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
async def arriving(
    request: Request, *, before: Before, taken: Taken, who: Principal | None, refuse_forged: RefuseForged
) -> AsyncIterator[None]:
    """Have the file in `request.state.file` while the block lasts. Raises what its check refuses, and `BodyTooLarge`.

    A file that no row names when the block is over is taken away again; where nobody knows whether it was (the process
    or the database died with the commit), it stays until `sweep` asks the database.
    """
    runtime = request.app.state.runtime
    await _ask(runtime, before, who=who, path=request.path_params)
    cabinet: Cabinet = runtime.cabinet
    with await asyncio.to_thread(cabinet.spool) as raw, await asyncio.to_thread(cabinet.spool) as clean:
        name, digest = await _receive(request, raw, refuse_forged=refuse_forged)
        media_type = await runtime.inspectors.clean(raw, clean, taken=taken)
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


async def _receive(request: Request, spool: IO[bytes], *, refuse_forged: RefuseForged) -> tuple[str | None, bytes]:
    """The body's file in `spool`; its name, and the digest of its bytes."""
    limit = request.app.state.runtime.settings.upload_limit_bytes
    boundary = boundary_of(request.headers.get("content-type", ""))
    form = None if boundary is None else _Form(boundary, limit=limit, refuse_forged=refuse_forged)
    digest, whole = sha256(), limit + (ENVELOPE_BYTES if form else 0)
    async for piece in pieces(request, limit=whole, seconds=request.app.state.runtime.settings.upload_seconds):
        part = form.write(piece) if form else piece
        digest.update(part)
        if part:
            # A slow disk must not hold up everyone.
            await asyncio.to_thread(spool.write, part)
    if form is not None:
        form.check_whole()
    if spool.tell() == 0:
        raise malformed("it holds no file", "لا ملف فيه")
    return (form.name if form else None), digest.digest()


class _Form:
    """A form read as it arrives: one file, and before it the token of a page that has no script to say it in a header.

    The token is looked at before the first byte of the file goes anywhere.
    """

    def __init__(self, boundary: bytes, *, limit: int, refuse_forged: RefuseForged) -> None:
        self.name: str | None = None
        self._limit, self._size, self._has_file = limit, 0, False
        self._refuse_forged = refuse_forged
        self._parts = Parts(boundary, begins=self._on_part)

    def write(self, piece: bytes) -> bytes:
        """What of the file is in this piece. Raises `Malformed`, `RequestForged` and `BodyTooLarge`."""
        part = self._parts.write(piece)
        self._size += len(part)
        if self._size > self._limit:
            raise errors.BodyTooLarge(limit=self._limit)
        return part

    def check_whole(self) -> None:
        self._parts.check_whole()

    def _on_part(self, name: str, filename: bytes | None) -> None:
        if self._has_file:
            raise malformed("the form holds more than one file", "في النموذج أكثر من ملف")
        if name == browser.FIELD and filename is None:
            return
        if name != FIELD or filename is None:
            raise malformed("the form's one field is “file”", "حقل النموذج الوحيد هو «file»")
        self._refuse_forged(token=self._parts.texts.get(browser.FIELD, ""))
        self._has_file, self.name = True, plain_name(filename.decode("utf-8", errors="replace"))
