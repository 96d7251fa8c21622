"""SMS through any provider that takes JSON over HTTP; the settings say how it wants it."""

from collections.abc import Mapping
from string import Template
from typing import Any

import httpx

from services.notifications.domain.letter import Letter, Receipt
from services.notifications.gateways.gateway import GatewayDown, GatewayRefused
from services.notifications.settings import NotificationsSettings

TIMEOUT_SECONDS = 10
LATER = frozenset({401, 408, 429})
"""Not this letter's fault: it goes out once the key is mended, the provider is less busy."""


class HttpSmsGateway:
    """Hands letters to an SMS provider."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._url = settings.http_sms_url or ""
        self._headers = {settings.http_sms_auth_header: settings.secret("http_sms_auth")}
        self._sender = settings.http_sms_sender or ""
        self._body = settings.http_sms_body
        self._receipt_field = settings.http_sms_receipt_field
        # Made once: reading the certificates of the world takes longer than a call.
        self._tls = httpx.create_ssl_context()

    async def send(self, letter: Letter) -> Receipt:
        words = {
            "sender": self._sender,
            "recipient": letter.recipient,
            "recipient_digits": letter.recipient.lstrip("+"),
            "text": letter.body,
            "reference": letter.reference,
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, verify=self._tls) as client:
                answer = await client.post(self._url, json=_filled(self._body, words), headers=self._headers)
        except httpx.TransportError as error:
            raise GatewayDown(f"http_{type(error).__name__}") from None
        if answer.is_success:
            return Receipt(provider_reference=self._its_reference(answer))
        if answer.is_client_error and answer.status_code not in LATER:
            raise GatewayRefused(f"http_{answer.status_code}")
        raise GatewayDown(f"http_{answer.status_code}")

    def _its_reference(self, answer: httpx.Response) -> str | None:
        if self._receipt_field is None:
            return None
        try:
            told = answer.json()
        except ValueError:
            return None
        reference = told.get(self._receipt_field) if isinstance(told, dict) else None
        return None if reference is None else str(reference)[:200]


def _filled(body: Any, words: Mapping[str, str]) -> Any:
    """The JSON with every blank filled, in lists and objects too."""
    if isinstance(body, dict):
        return {name: _filled(part, words) for name, part in body.items()}
    if isinstance(body, list):
        return [_filled(part, words) for part in body]
    return Template(body).substitute(words) if isinstance(body, str) else body
