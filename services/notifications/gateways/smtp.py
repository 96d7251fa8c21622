"""E-mail over SMTP (RFC 5321): 5xx is for good, 4xx and a broken line are for now."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import aiosmtplib

from services.notifications.domain.letter import Letter, Receipt
from services.notifications.gateways.gateway import GatewayDown, GatewayRefused
from services.notifications.settings import NotificationsSettings

STEP_SECONDS = 10


class SmtpGateway:
    """Hands letters to the association's mail server."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._settings = settings
        self._sender = settings.smtp_sender or ""
        self._password = settings.secret("smtp_password")

    async def send(self, letter: Letter) -> Receipt:
        """Hand the letter over.

        Refused credentials are `GatewayDown`: it is not this letter's fault, and it goes out once they are mended.
        """
        message = self._message(letter)
        settings = self._settings
        try:
            await aiosmtplib.send(
                message,
                sender=parseaddr(self._sender)[1],
                recipients=[letter.recipient],
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_username,
                password=self._password if settings.smtp_username else None,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=STEP_SECONDS,
            )
        # `from None`: what a server answers may quote the address.
        except aiosmtplib.SMTPAuthenticationError as error:
            raise GatewayDown(f"smtp_authentication_{error.code}") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _by_code(error.recipients[0].code) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _by_code(error.code) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise GatewayDown(f"smtp_{type(error).__name__}") from None
        return Receipt(provider_reference=message["Message-ID"])

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        try:
            message["To"] = Address(addr_spec=letter.recipient)
        except (MessageError, ValueError, IndexError):
            raise GatewayRefused("address_malformed") from None
        message["From"] = self._sender
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.queued_at)
        # The same letter has the same id, so that a mailbox shows a doubled one once.
        message["Message-ID"] = f"<{letter.reference}@{parseaddr(self._sender)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday answers stay away
        message.set_content(letter.body, charset="utf-8", cte="base64")
        return message


def _by_code(code: int) -> GatewayRefused | GatewayDown:
    return GatewayRefused(f"smtp_{code}") if 500 <= code < 600 else GatewayDown(f"smtp_{code}")
