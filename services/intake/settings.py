"""What the environment sets for intake."""

from pydantic_settings import SettingsConfigDict

from shared.language.events import Source
from shared.plumbing.settings import ServiceSettings, prefix


class IntakeSettings(ServiceSettings):
    """`ATHAR_INTAKE_…`."""

    model_config = SettingsConfigDict(env_prefix=prefix(Source.INTAKE), extra="ignore", frozen=True)
