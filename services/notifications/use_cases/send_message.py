"""A message goes out through its gateway: with no transaction open, and with our message id as its reference."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import store
from services.notifications.domain.letter import Letter, Receipt
from services.notifications.domain.message import TRY_AGAIN_AFTER
from services.notifications.gateways import Gateway, GatewayDown, GatewayRefused
from services.notifications.timers import SendDue
from shared.language.events import Medium, MessageEvent
from shared.plumbing import outbox
from shared.plumbing.database import Database
from shared.plumbing.listener import CallOut
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.timers import set_timer
from shared.plumbing.vault import VAULT

CALL_SECONDS = 20
"""Less than the worker waits for a handler, so that a gateway that hangs is noted as down."""


@dataclass(frozen=True)
class Sending:
    """A letter on its way, and which of the quick attempts this is."""

    letter: Letter
    attempt: int


@dataclass(frozen=True)
class Refused:
    """The gateway will never take it."""

    error: str


@dataclass(frozen=True)
class StillDown:
    """The quick attempts are used up: the slow ones begin, or go on."""


Answer = Receipt | Refused | StillDown


class SendMessage:
    """Sends what is due.

    While the gateway is down the worker retries, soon and ever less soon. Before it would bury the timer, a new one
    is set: a gateway's bad hour delays messages, and no person has to bring them back to life.
    """

    def __init__(self, gateways: Mapping[Medium, Gateway], *, database: Database, quick_attempts: int) -> None:
        self._gateways = gateways
        self._database = database
        self._quick_attempts = quick_attempts
        self.callout = CallOut(self.prepare, self.call, self.record)

    async def prepare(self, due: SendDue, session: AsyncSession) -> Sending | None:
        message = await store.read_message(session, due.message_id)
        letter = message.letter() if message else None
        if message is None or letter is None:
            return None
        return Sending(letter=letter, attempt=message.attempts - due.after_attempts + 1)

    async def call(self, sending: Sending) -> Answer:
        """Hand the letter over. Raises `GatewayDown` for the worker to retry."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await self._gateways[sending.letter.medium].send(sending.letter)
        except GatewayRefused as refused:
            return Refused(error=str(refused))
        except TimeoutError:
            down = GatewayDown("timeout")
        except GatewayDown as error:
            down = error
        async with self._database.write(scope=EVERYTHING) as session:
            message = await store.find_message(session, sending.letter.reference)
            if message is not None:
                message.attempt_failed(error=str(down))
        if sending.attempt >= self._quick_attempts:
            return StillDown()
        raise down

    async def record(self, sending: Sending, answer: Answer, session: AsyncSession, now: datetime) -> None:
        """Mark the message, and tell what became of it."""
        message = await store.find_message(session, sending.letter.reference)
        if message is None:
            return
        told: MessageEvent | None
        match answer:
            case Receipt(provider_reference=reference):
                erased = message.subject_id is not None and VAULT.is_destroyed(message.subject_id)
                told = message.sent(provider_reference=None if erased else reference, at=now)
            case Refused(error=error):
                told = message.refused(error=error)
            case StillDown():
                told = message.give_up(at=now)
                if told is None:
                    await set_timer(session, message.next_try, due_at=now + TRY_AGAIN_AFTER, now=now)
        if told is not None:
            await outbox.tell(session, told, at=now)
