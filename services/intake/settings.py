"""What the environment sets for intake."""

from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from services.intake.domain.accounts.sessions import Lifetimes
from shared.language.events import Source
from shared.language.roles import Role
from shared.plumbing.browser import AT_HOME
from shared.plumbing.settings import ServiceSettings, prefix

FACTOR_ROLES = frozenset(
    {
        Role.ASSOCIATION_ADMINISTRATOR,
        Role.COMMITTEE_CHAIR,
        Role.DEPARTMENT_DECIDER,
        Role.SENSITIVE_COMPLAINTS_OFFICER,
        Role.NOTIFICATIONS_OPERATOR,
        Role.AUDITOR,
        Role.PLATFORM_OPERATOR,
    }
)
"""Who gives seats, has the last word, or sees of everybody what else only a few see."""


class IntakeSettings(ServiceSettings):
    """`ATHAR_INTAKE_…`."""

    model_config = SettingsConfigDict(env_prefix=prefix(Source.INTAKE), extra="ignore", frozen=True)

    signing_key_file: Path | None = None
    """The private keys that sign tokens; without them nobody signs in here."""
    session_idle_minutes: int = Field(default=30, ge=6, le=720)
    """How long a session lasts that nobody uses; a token lasts five minutes by itself."""
    session_hours: float = Field(default=12, gt=0, le=24)

    second_factor_roles: frozenset[Role] = FACTOR_ROLES
    """Who sits in one of these seats sets up a second factor before his session counts for anything else."""
    second_factor_roles_of: dict[str, frozenset[Role]] = {}
    """The same for an association that wants it otherwise, by its id."""
    texted_codes: bool = False
    """Whether a code by SMS may be a second factor: where notifications has a gateway for SMS."""

    search_first: bool = True
    """Whether the desk must have looked for a person before a request opens his file; `POST /people` always asks it."""
    one_open_request: bool = True
    """Whether a second request of a person or household for a service wants a reason while one is open."""

    oidc_issuer: str | None = None
    """The association's identity provider; with it go the client, and the association whose staff it knows."""
    oidc_association: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = None
    oidc_redirect_uri: str | None = None
    """Where the provider sends browsers back to; from the request where it is not named."""
    oidc_scopes: str = "openid"
    oidc_roles_claim: str = "groups"
    oidc_roles: dict[str, Role] = {}
    """Which group vouches for which role; where none is named the provider vouches for a person alone."""

    @model_validator(mode="after")
    def have_what_the_issuer_needs(self) -> Self:
        if self.oidc_issuer is not None:
            if not self.oidc_client_id or not self.oidc_association:
                raise ValueError("ATHAR_INTAKE_OIDC_ISSUER needs …_OIDC_CLIENT_ID and …_OIDC_ASSOCIATION")
            address = urlsplit(self.oidc_issuer)
            if address.scheme != "https" and address.hostname not in AT_HOME:
                raise ValueError("ATHAR_INTAKE_OIDC_ISSUER is reached by https alone")
        return self

    @property
    def oidc_secret(self) -> str:
        """The client's secret; empty for a client that has none."""
        if self.oidc_client_secret_file is not None:
            return self.oidc_client_secret_file.read_text().strip()
        return self.oidc_client_secret.get_secret_value() if self.oidc_client_secret else ""

    @property
    def lifetimes(self) -> Lifetimes:
        return Lifetimes(
            idle=timedelta(minutes=self.session_idle_minutes),
            whole=timedelta(hours=self.session_hours),
            factor_roles=self.second_factor_roles,
            factor_roles_by_association=self.second_factor_roles_of,
        )
