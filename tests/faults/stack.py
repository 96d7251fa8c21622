"""The four services on a ground: one process answers HTTP for all, and one or two work for each."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import OKPKey

from athar.catalogue import SERVICES
from athar.stack.secrets import Secrets
from shared.plumbing.clock import ShiftedClock, shift_clock
from shared.plumbing.identity import load_signing_key
from shared.plumbing.vault import Vault
from tests.faults.child import HTTP, Life
from tests.faults.ground import Ground
from tests.faults.processes import Kept, Nursery

LEASE_SECONDS = 1.5
POLL_SECONDS = 0.1
CLAIM_IDLE_MS = 400
MAX_ATTEMPTS = 12
REQUEST_SECONDS = 15


@dataclass(frozen=True)
class Stop:
    """Where a process is killed (or stopped, or slowed), when it comes there for the n-th time."""

    service: str
    point: str
    nth: int = 1
    act: str = "kill"
    seconds: float = 0.0

    @property
    def in_http(self) -> bool:
        return self.point.startswith("request.")

    def facts(self) -> dict[str, Any]:
        return self.__dict__.copy()


@dataclass
class Stack:
    """A running stack, and everything a fault may take hold of."""

    folder: Path
    ground: Ground
    secrets: Secrets
    processes: dict[str, Kept] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """Where the databases of a SQLite stack lie: a small disk of its own, where the machine lets us have one."""
        return self.folder / "data"

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    @property
    def clock(self) -> ShiftedClock:
        return ShiftedClock(self.clock_file)

    @property
    def key(self) -> OKPKey:
        return load_signing_key(self.secrets.signing_key)

    @property
    def vault_url(self) -> str:
        return f"sqlite:///{self.folder / 'vault.db'}"

    @property
    def reached_file(self) -> Path:
        return self.folder / "reached"

    def shift(self, by: timedelta) -> None:
        shift_clock(self.clock_file, by=by)

    def reached(self) -> list[tuple[str, str, str, int]]:
        """The stops that came about: service, point, what was done, process."""
        if not self.reached_file.exists():
            return []
        lines = [line.split() for line in self.reached_file.read_text().splitlines()]
        return [(service, point, act, int(pid)) for service, point, act, pid in lines]

    def workers(self, service: str) -> list[Kept]:
        return [process for name, process in self.processes.items() if name.split("-")[0] == service]

    def client(self) -> httpx.AsyncClient:
        """A client of the one origin."""
        transport = httpx.AsyncHTTPTransport(
            uds=str(self.folder / "http.sock"), limits=httpx.Limits(max_connections=20)
        )
        return httpx.AsyncClient(transport=transport, base_url="http://athar.test", timeout=REQUEST_SECONDS)

    def logs(self) -> str:
        return "\n".join(
            f"== {file.stem}\n{file.read_text(errors='replace')}" for file in sorted(self.folder.glob("*.log"))
        )


@asynccontextmanager
async def open_stack(
    folder: Path,
    *,
    ground: Ground,
    secrets: Secrets,
    nursery: Nursery,
    stops: Iterable[Stop] = (),
    switches: Mapping[str, Any] | None = None,
    workers: int = 1,
    max_attempts: int = MAX_ATTEMPTS,
) -> AsyncIterator[Stack]:
    """A stack of its own in `folder`, for as long as the block lasts."""
    stack = Stack(folder, ground, secrets)
    stack.clock_file.write_text("0")
    vault = Vault()
    vault.open_at(stack.vault_url, keys=[])
    vault.prepare()
    vault.close()
    await ground.open()
    stops = list(stops)
    try:
        names = [HTTP, *(f"{name}-{number}" for name in SERVICES for number in range(workers))]
        for name in names:
            service = name.split("-")[0]
            own = [
                stop.facts()
                for stop in stops
                if (stop.in_http and name == HTTP)
                # One worker of a service is stopped, so that another can take its place.
                or (not stop.in_http and stop.service == service and name.endswith("-0"))
            ]
            life = Life(
                name=service,
                environment=_environment(stack, max_attempts=max_attempts),
                socket=str(folder / "http.sock"),
                log=str(folder / f"{name}.log"),
                reached=str(stack.reached_file),
                stops=own,
                switches=dict(switches or {}),
            )
            stack.processes[name] = Kept(nursery, life)
        await asyncio.gather(*(process.start() for process in stack.processes.values()))
        yield stack
    finally:
        await asyncio.gather(*(process.stop() for process in stack.processes.values()))
        await ground.close()


def _environment(stack: Stack, *, max_attempts: int) -> dict[str, str]:
    return {
        "ATHAR_ENVIRONMENT": "test",
        "ATHAR_CLOCK_FILE": str(stack.clock_file),
        "ATHAR_REDIS_URL": stack.ground.services_stream_url,
        "ATHAR_VERIFICATION_KEYS_FILE": str(stack.secrets.verification_keys),
        "ATHAR_SEAL_KEYS_FILE": str(stack.secrets.seal_keys),
        "ATHAR_VAULT_URL": stack.vault_url,
        "ATHAR_LEASE_SECONDS": str(LEASE_SECONDS),
        "ATHAR_POLL_SECONDS": str(POLL_SECONDS),
        "ATHAR_CLAIM_IDLE_MS": str(CLAIM_IDLE_MS),
        "ATHAR_MAX_ATTEMPTS": str(max_attempts),
        "ATHAR_INTAKE_SEARCH_FIRST": "false",
        **{f"ATHAR_{name.upper()}_DATABASE_URL": url for name, url in stack.ground.services_database_urls.items()},
    }
