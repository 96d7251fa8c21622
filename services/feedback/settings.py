"""What the environment sets for feedback."""

from pydantic_settings import SettingsConfigDict

from shared.language.events import Source
from shared.plumbing.settings import ServiceSettings, prefix


class FeedbackSettings(ServiceSettings):
    """`ATHAR_FEEDBACK_…`."""

    model_config = SettingsConfigDict(env_prefix=prefix(Source.FEEDBACK), extra="ignore", frozen=True)
