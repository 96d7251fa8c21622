"""A letter on its way to whoever asked for it, from the API or from a page."""

from typing import Any

from starlette.types import Receive, Scope, Send

from shared.language import errors
from shared.letters import Letter, LetterNotPrinted, Press
from shared.plumbing.doors import MadeAnew
from shared.plumbing.files.names import disposition

SHUT = "sandbox; default-src 'none'"
"""Whatever a browser takes it for: it runs nothing, loads nothing, and is of no origin."""

PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The letter",
        "content": {
            "application/pdf": {"schema": {"type": "string", "contentMediaType": "application/pdf"}},
        },
    }
}


class PrintedLetter(MadeAnew):
    """A letter that is printed once its request's transaction is over: it must not be held open for that."""

    media_type = "application/pdf"

    def __init__(self, letter: Letter, *, press: Press) -> None:
        name = disposition(kind="inline", name=f"{letter.number}.pdf", fallback="letter.pdf")
        super().__init__(headers={"Content-Disposition": name, "Content-Security-Policy": SHUT})
        self._letter, self._press = letter, press

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Print, and send. Raises `PartDown` before anything was sent."""
        try:
            self.body = await self._press.print(self._letter)
        except LetterNotPrinted:
            raise errors.PartDown from None
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)
