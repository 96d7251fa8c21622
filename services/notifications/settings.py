"""What the environment sets for notifications."""

from pathlib import Path
from string import Template
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.language.events import Source
from shared.plumbing.settings import ServiceSettings, prefix
from shared.policy.parts import Words

HTTP_SMS_BLANKS = frozenset({"sender", "recipient", "recipient_digits", "text", "reference"})


class NotificationsSettings(ServiceSettings):
    """`ATHAR_NOTIFICATIONS_…`. A gateway's secret has no default, and may come from a file named by `…_FILE`."""

    model_config = SettingsConfigDict(env_prefix=prefix(Source.NOTIFICATIONS), extra="ignore", frozen=True)

    sms: Literal["console", "http"] = "console"
    email: Literal["console", "smtp"] = "console"

    survey_place: Words = Words(
        ar="صفحة التقييم في موقع الجمعية أو لدى الفرع",
        en="the survey page on our website or in the branch",
    )
    """Where a survey code is typed. A plain place: Saudi operators block links on hosts that are not registered."""

    http_sms_url: str | None = None
    http_sms_auth_header: str = "Authorization"
    http_sms_auth: SecretStr | None = None
    http_sms_auth_file: Path | None = None
    http_sms_sender: str | None = Field(default=None, max_length=11)
    """The registered sender name: at most eleven characters."""
    http_sms_body: dict[str, Any] = {
        "sender": "$sender",
        "recipient": "$recipient",
        "text": "$text",
        "reference": "$reference",
    }
    """The JSON that the gateway takes. `$recipient` is `+9665…`, `$recipient_digits` the same without the plus."""
    http_sms_receipt_field: str | None = None
    """The field of the gateway's JSON answer that holds its own id of the message."""

    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_password_file: Path | None = None
    smtp_sender: str | None = None
    """The From line: an address, with or without a name before it."""

    @property
    def shows_instead_of_sending(self) -> bool:
        return "console" in {self.sms, self.email}

    @model_validator(mode="after")
    def have_what_the_gateways_need(self) -> Self:
        if self.sms == "http":
            self._need("http_sms_url", "http_sms_auth", "http_sms_sender")
            blanks = set(_blanks(self.http_sms_body))
            if not {"recipient", "recipient_digits"} & blanks or "text" not in blanks or blanks - HTTP_SMS_BLANKS:
                raise ValueError(f"http_sms_body needs a recipient and $text, of {sorted(HTTP_SMS_BLANKS)}")
        if self.email == "smtp":
            self._need("smtp_host", "smtp_sender", *(["smtp_password"] if self.smtp_username else []))
        return self

    def secret(self, name: Literal["http_sms_auth", "smtp_password"]) -> str:
        """The secret, from its file where one is named; empty where there is none."""
        file: Path | None = getattr(self, f"{name}_file")
        if file is not None:
            return file.read_text().strip()
        value: SecretStr | None = getattr(self, name)
        return value.get_secret_value() if value else ""

    def _need(self, *names: str) -> None:
        for name in names:
            if not getattr(self, name) and getattr(self, f"{name}_file", None) is None:
                raise ValueError(f"{prefix(Source.NOTIFICATIONS)}{name.upper()} is missing")


def _blanks(body: Any) -> list[str]:
    if isinstance(body, dict):
        body = list(body.values())
    if isinstance(body, list):
        return [blank for part in body for blank in _blanks(part)]
    return Template(body).get_identifiers() if isinstance(body, str) else []
