"""What the environment sets for a whole installation. Each service adds its own with a prefix of its name."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from limits import parse
from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.language.events import Source
from shared.plumbing.clock import Clock, ShiftedClock, SystemClock


def _rate(said: str) -> str:
    parse(said)  # raises ValueError for what is no rate
    return said


def _proxies(said: str) -> str:
    for one in filter(None, said.split(",")):
        ip_network(one.strip())  # raises ValueError for what is no address, such as * which would be anybody
    return said


def _web_address(said: str) -> str:
    if said and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?", said):
        raise ValueError("an address of the web, such as https://athar.example.org")
    return said.rstrip("/")


Rate = Annotated[str, AfterValidator(_rate)]
"""So many in a time: `600/minute`, `10/second`."""
Proxies = Annotated[str, AfterValidator(_proxies)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """`ATHAR_…`. A secret has no default; each may come from a file named by `…_FILE`."""

    # A setting that is wrong is named; its value may be a secret that stands in the wrong place.
    model_config = SettingsConfigDict(env_prefix="ATHAR_", extra="ignore", frozen=True, hide_input_in_errors=True)

    environment: Literal["embedded", "production", "demo", "test"]
    redis_url: str = Field(repr=False)
    seal_keys: SecretStr | None = None
    seal_keys_file: Path | None = None
    """Fernet keys, the newest first, a line each: the first seals, all of them open."""
    vault_url: SecretStr | None = None
    vault_url_file: Path | None = None
    """The database of the people's keys: `postgresql+psycopg://…` or `sqlite:///…`; never in a service's database."""
    verification_keys_file: Path | None = None
    """A JWK set with the public halves of the keys that sign tokens; read again when it changes."""
    verification_keys_url: str | None = None
    """Where intake publishes them (`…/api/v1/public/keys`), in place of the file."""
    clock_file: Path | None = None
    packs_folder: Path | None = None
    public_url: WebAddress = ""
    """Where the public reaches the installation: what letters lead to. Without it they lead nowhere."""
    body_limit_bytes: int = 1_000_000
    body_seconds: float = 30
    """How long a body may take to arrive."""
    files_folder: Path | None = None
    """Where the files that people send lie, sealed. Without it none is taken."""
    upload_limit_bytes: int = 10_000_000
    upload_seconds: float = 180
    trusted_proxies: Proxies = ""
    """Addresses or networks whose word on whose request they bring is taken; else `X-Forwarded-For` is anybody's."""
    rate_limits: Literal["on", "off"] | None = None
    """`on` unless this is a demonstration or a test."""
    rate_per_address: Rate = "1200/minute"
    """A branch office, or a town behind one address of its telephone company, is one address."""
    rate_per_account: Rate = "600/minute"
    rate_per_bearer: Rate = "600/minute"
    """One token."""
    rate_public: Rate = "60/minute"
    """At the public's doors, an address."""
    rate_sign_in: Rate = "10/minute"
    lease_seconds: float = 60
    poll_seconds: float = 0.5
    max_attempts: int = 12
    hang_seconds: float = 120
    """How long the loop of a process that carries messages may stand still before the process ends itself."""
    memory_limit_mb: int | None = None
    """Of data, for such a process; what asks for more fails with `MemoryError`."""
    claim_idle_ms: int = 30_000

    @model_validator(mode="after")
    def production_keeps_time(self) -> Self:
        if self.environment == "production" and self.clock_file is not None:
            raise ValueError("production does not start with a clock that can be moved (ATHAR_CLOCK_FILE)")
        if self.verification_keys_file is None and self.verification_keys_url is None:
            raise ValueError("verification_keys_file (ATHAR_VERIFICATION_KEYS_FILE) or …_URL is missing")
        if self.seal_keys is None and self.seal_keys_file is None:
            raise ValueError("ATHAR_SEAL_KEYS or ATHAR_SEAL_KEYS_FILE is missing: personal data could not be sealed")
        if self.environment != "test" and self.vault() is None:
            raise ValueError("ATHAR_VAULT_URL or ATHAR_VAULT_URL_FILE is missing: no person could have a key")
        return self

    @property
    def limits_rates(self) -> bool:
        return self.rate_limits == "on" or (self.rate_limits is None and self.environment in {"embedded", "production"})

    def vault(self) -> str | None:
        """The URL of the vault of the people's keys."""
        if self.vault_url_file is not None:
            return self.vault_url_file.read_text().strip()
        return self.vault_url.get_secret_value() if self.vault_url else None

    def clock(self) -> Clock:
        return SystemClock() if self.clock_file is None else ShiftedClock(self.clock_file)

    def keys(self) -> list[str]:
        """The sealing keys, newest first."""
        text = self.seal_keys.get_secret_value() if self.seal_keys else ""
        if self.seal_keys_file is not None:
            text += "\n" + self.seal_keys_file.read_text()
        return text.split()


class ServiceSettings(BaseSettings):
    """`ATHAR_INTAKE_…` and so on: where one service keeps its data."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: SecretStr | None = None
    database_url_file: Path | None = None
    migration_url: SecretStr | None = None
    migration_url_file: Path | None = None
    """PostgreSQL: the role that owns the tables and changes them; the one above then only works with the rows."""
    pool_size: int = 10

    def url(self) -> str:
        """The database URL. Raises `ValueError` where none is set."""
        if self.database_url_file is not None:
            return self.database_url_file.read_text().strip()
        if self.database_url is None:
            raise ValueError(f"{self.model_config.get('env_prefix')}DATABASE_URL is missing")
        return self.database_url.get_secret_value()

    def owner_url(self) -> str | None:
        """The database URL of the owner's role, where there is one besides the service's own."""
        if self.migration_url_file is not None:
            return self.migration_url_file.read_text().strip()
        return None if self.migration_url is None else self.migration_url.get_secret_value()


def prefix(source: Source) -> str:
    return f"ATHAR_{source.value.upper()}_"
