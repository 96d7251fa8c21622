"""What the environment sets for intake."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.intake.domain.accounts.sessions import Lifetimes
from shared.language.events import Source
from shared.plumbing.settings import ServiceSettings, prefix


class IntakeSettings(ServiceSettings):
    """`ATHAR_INTAKE_…`."""

    model_config = SettingsConfigDict(env_prefix=prefix(Source.INTAKE), extra="ignore", frozen=True)

    signing_key_file: Path | None = None
    """The private keys that sign tokens; without them nobody signs in here."""
    session_idle_minutes: int = Field(default=30, ge=6, le=720)
    """How long a session lasts that nobody uses; a token lasts five minutes by itself."""
    session_hours: float = Field(default=12, gt=0, le=24)

    @property
    def lifetimes(self) -> Lifetimes:
        return Lifetimes(idle=timedelta(minutes=self.session_idle_minutes), whole=timedelta(hours=self.session_hours))
