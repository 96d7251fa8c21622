"""A form's door: the same page, sent again by a double click or a broken line, gets the first answer, and no more."""

from hashlib import sha256

from fastapi import Request, Response

from shared.language.errors import Refusal
from shared.plumbing.audit.door import Handle
from shared.plumbing.doors import whole_body
from shared.plumbing.early import EarlyRoute


class SentOnceRoute(EarlyRoute):
    """Gives a page that was sent without a key one of its own, of all that the form says.

    What was changed before it was sent again is another act, with another key.
    """

    async def said(self, request: Request) -> bytes | None:
        """What tells this sending from every other, or nothing where it may come in as often as it likes."""
        return await whole_body(request)

    def get_route_handler(self) -> Handle:
        handle = super().get_route_handler()
        if not self.writes or self.file_check is not None:
            return handle

        async def handle_once(request: Request) -> Response:
            await self._give_key(request)
            return await handle(request)

        return handle_once

    async def _give_key(self, request: Request) -> None:
        if "idempotency-key" in request.headers:
            return
        try:
            await self.let_in(request)
        except Refusal:
            # Said, and kept in the trail, by the door itself.
            return
        if (said := await self.said(request)) is not None:
            request.scope["headers"].append((b"idempotency-key", sha256(said).hexdigest().encode()))
