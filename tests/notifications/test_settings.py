"""What a gateway needs is asked for at the start, not at the first message."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.notifications.settings import NotificationsSettings

HTTP: dict[str, Any] = {
    "sms": "http",
    "http_sms_url": "https://sms.example",
    "http_sms_auth": "key",
    "http_sms_sender": "ATHAR",
}
SMTP: dict[str, Any] = {
    "email": "smtp",
    "smtp_host": "mail.example",
    "smtp_sender": "a@example.sa",
    "smtp_username": "athar",
    "smtp_password": "key",
}


@pytest.mark.parametrize(
    ("chosen", "missing"),
    [
        *((HTTP, name) for name in [*HTTP][1:]),
        *((SMTP, name) for name in ("smtp_host", "smtp_sender", "smtp_password")),
    ],
)
def test_a_chosen_gateway_without_its_settings_does_not_start(chosen: dict[str, Any], missing: str) -> None:
    with pytest.raises(ValidationError, match=f"ATHAR_NOTIFICATIONS_{missing.upper()} is missing"):
        NotificationsSettings(**{name: value for name, value in chosen.items() if name != missing})


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from file\n")
    settings = NotificationsSettings(**(HTTP | {"http_sms_auth": None, "http_sms_auth_file": file}))
    assert settings.secret("http_sms_auth") == "from file"
    assert "key" not in repr(NotificationsSettings(**HTTP).http_sms_auth)


@pytest.mark.parametrize("body", [{"text": "$text"}, {"to": "$recipient"}, {"to": ["$recipient"], "text": "$text$x"}])
def test_a_body_that_could_not_be_filled_does_not_start(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="http_sms_body needs"):
        NotificationsSettings(**HTTP, http_sms_body=body)
