"""A stack that runs: where it answers, what its databases are, and which processes it is made of."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from athar.catalogue import SERVICES

START_SECONDS = 90
SETTINGS = "ATHAR_"
BEGUN_AT_ONCE = {"ATHAR_INTAKE_SEARCH_FIRST": "false", "ATHAR_INTAKE_ONE_OPEN_REQUEST": "false"}
"""The floor has no register of people to look into: there and here a case begins with its draft."""


@dataclass
class Running:
    """One stack under load."""

    name: str
    folder: Path
    addresses: dict[str, tuple[str, int, str]]
    databases: dict[str, str]
    """The SQLAlchemy URL of each service's database."""
    redis_url: str
    tokens: dict[str, str]
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _commands: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def on_sqlite(self) -> bool:
        return self.databases["intake"].startswith("sqlite")

    def spawn(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start one more process of this stack."""
        process = spawn(self.folder / f"{name.replace(' ', '-')}.log", command, self.environment)
        self.processes[name] = process
        self._commands[name] = command
        return process

    def start_again(self) -> None:
        """All processes that `end_all` ended; it returns when they answer."""
        for name, command in list(self._commands.items()):
            self.spawn(name, *command)
        for address in self.addresses.values():
            wait_for(f"{self.name} again", lambda address=address: answers(address))  # type: ignore[misc]

    def end(self, name: str) -> None:
        end([self.processes.pop(name)])

    def end_all(self) -> None:
        end(list(self.processes.values()))
        self.processes.clear()

    def all_processes(self) -> list[psutil.Process]:
        """All processes and their children."""
        found = []
        for process in self.processes.values():
            parent = psutil.Process(process.pid)
            found += [parent, *parent.children(recursive=True)]
        return found


def spawn(log: Path, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A Python process of ours. Of our settings it sees those of `environment` alone."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(SETTINGS) and name != "PYTHONDONTWRITEBYTECODE"
    }
    with log.open("wb") as out:
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, *command], env=inherited | dict(environment), stdout=out, stderr=subprocess.STDOUT
        )


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(what: str, ready: Callable[[], bool], *, every: float = 0.05, within: float = START_SECONDS) -> None:
    """Raises `TimeoutError` when it does not come."""
    give_up = time.monotonic() + within
    while not ready():
        if time.monotonic() > give_up:
            raise TimeoutError(f"{what} did not come within {within:.0f} s")
        time.sleep(every)


def answers(address: tuple[str, int, str]) -> bool:
    try:
        with socket.create_connection(address[:2], timeout=1):
            return True
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def sqlite_urls(folder: Path) -> dict[str, str]:
    return {name: f"sqlite+aiosqlite:///{folder / name}.db" for name in SERVICES}


def settings_of(databases: Mapping[str, str], redis_url: str, secrets: Path) -> dict[str, str]:
    """What the environment says to every process of a stack."""
    return {
        "ATHAR_ENVIRONMENT": "test",
        "ATHAR_REDIS_URL": redis_url,
        "ATHAR_VERIFICATION_KEYS_FILE": str(secrets / "verification-keys.json"),
        "ATHAR_SEAL_KEYS_FILE": str(secrets / "seal-keys.txt"),
        "ATHAR_VAULT_URL": f"sqlite:///{secrets / 'vault.db'}",
        **BEGUN_AT_ONCE,
        **{f"ATHAR_{name.upper()}_DATABASE_URL": url for name, url in databases.items()},
    }
