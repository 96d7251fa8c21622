"""E-mail against a real SMTP server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from services.notifications.domain.message import MessageStatus
from shared.language.events import MessageFailed, MessageSent
from tests.notifications import facts
from tests.notifications.conftest import OpenNotifications
from tests.notifications.messages import messages


@dataclass
class Mailbox:
    """What the server answers to a recipient and to a letter, and what it took."""

    to_recipient: list[str] = field(default_factory=list)
    to_letter: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        self.recipients.append(address)
        answer = self.to_recipient.pop(0) if self.to_recipient else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.to_letter.pop(0) if self.to_letter else "250 OK"
        if answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer


@asynccontextmanager
async def serving(mailbox: Mailbox, **options: Any) -> AsyncIterator[dict[str, str]]:
    """A mail server on a free port; the settings that reach it."""
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mailbox, hostname="mail.test", **options), "127.0.0.1", 0
    )
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield {
            "email": "smtp",
            "smtp_host": "127.0.0.1",
            "smtp_port": str(port),
            "smtp_security": "none",
            "smtp_sender": "جمعية <no-reply@example.sa>",
        }


async def test_a_letter_arrives_in_arabic_with_an_id_made_of_ours(open_notifications: OpenNotifications) -> None:
    mailbox = Mailbox()
    async with serving(mailbox) as settings, open_notifications(**settings) as desk:
        await desk.hear(facts.received(mobile=None))
        (message,) = await messages(desk)
        assert message.status is MessageStatus.SENT
        (letter,) = mailbox.taken
        assert mailbox.recipients == [facts.EMAIL]
        assert letter["Message-ID"] == f"<{message.id}@example.sa>" == message.provider_reference
        assert letter["Subject"] == f"وصلنا طلبك {facts.REFERENCE}"
        assert letter["From"].addresses[0].display_name == "جمعية"
        assert letter["To"].addresses[0].addr_spec == facts.EMAIL
        assert letter.get_content_type() == "text/plain"
        assert facts.NAME in letter.get_content()


async def test_a_recipient_refused_for_good_fails_the_message(open_notifications: OpenNotifications) -> None:
    mailbox = Mailbox(to_recipient=[f"550 5.1.1 {facts.EMAIL} is nobody"])
    async with serving(mailbox) as settings, open_notifications(**settings) as desk:
        await desk.hear(facts.received(mobile=None))
        (failed,) = await desk.told()
        assert isinstance(failed, MessageFailed)
        assert failed.reason == "smtp_550"
        assert (await messages(desk))[0].error == "smtp_550"


async def test_a_letter_refused_for_now_is_retried_then_sent(open_notifications: OpenNotifications) -> None:
    mailbox = Mailbox(to_recipient=["451 4.7.1 greylisted"], to_letter=["452 4.3.1 no room"])
    async with serving(mailbox) as settings, open_notifications(**settings) as desk:
        await desk.hear(facts.received(mobile=None))
        (message,) = await messages(desk)
        assert (message.status, message.attempts) == (MessageStatus.SENT, 3)
        assert len(mailbox.taken) == len(await desk.told(MessageSent)) == 1


async def test_a_letter_refused_for_good_fails_the_message(open_notifications: OpenNotifications) -> None:
    mailbox = Mailbox(to_letter=["554 5.6.0 not wanted"])
    async with serving(mailbox) as settings, open_notifications(**settings) as desk:
        await desk.hear(facts.received(mobile=None))
        assert [type(event) for event in await desk.told()] == [MessageFailed]


async def test_a_server_that_is_away_only_delays(open_notifications: OpenNotifications) -> None:
    async with serving(Mailbox()) as settings:
        pass
    async with open_notifications(**settings) as desk:
        await desk.hear(facts.received(mobile=None))
        (message,) = await messages(desk)
        assert (message.status, message.error) == (MessageStatus.QUEUED, "smtp_SMTPConnectError")
        assert await desk.dead() == []


async def test_refused_credentials_are_not_the_letters_fault(open_notifications: OpenNotifications) -> None:
    def never(*_: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    options = {"authenticator": never, "auth_require_tls": False}
    async with serving(Mailbox(), **options) as settings:
        account = {"smtp_username": "athar", "smtp_password": "wrong"}
        async with open_notifications(**settings, **account) as desk:
            await desk.hear(facts.received(mobile=None))
            (message,) = await messages(desk)
            assert (message.status, message.error) == (MessageStatus.QUEUED, "smtp_authentication_535")


async def test_an_address_that_is_none_fails_the_message(open_notifications: OpenNotifications) -> None:
    mailbox = Mailbox()
    async with serving(mailbox) as settings, open_notifications(**settings) as desk:
        await desk.hear(facts.received(mobile=None, email="a@b.sa,c@d.sa"))
        assert [event.reason for event in await desk.told() if isinstance(event, MessageFailed)] == [
            "address_malformed"
        ]
        assert mailbox.recipients == []
