"""What every gateway does: take a letter, or say that it never will, or that it cannot now."""

from typing import Protocol

from services.notifications.domain.letter import Letter, Receipt


class GatewayRefused(Exception):
    """The gateway will never take this letter. Its text is a code, and holds nobody's data."""


class GatewayDown(Exception):
    """The gateway cannot take any letter now, or not this one yet. Its text is a code, and holds nobody's data."""


class Gateway(Protocol):
    """One way out. A second call with the same reference must not reach the person a second time."""

    async def send(self, letter: Letter) -> Receipt:
        """Hand the letter over. Raises `GatewayRefused` or `GatewayDown`."""
        ...
