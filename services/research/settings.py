"""What the environment sets for research."""

from pydantic_settings import SettingsConfigDict

from shared.language.events import Source
from shared.plumbing.settings import ServiceSettings, prefix


class ResearchSettings(ServiceSettings):
    """`ATHAR_RESEARCH_…`."""

    model_config = SettingsConfigDict(env_prefix=prefix(Source.RESEARCH), extra="ignore", frozen=True)
