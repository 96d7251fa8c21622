"""Athar as it is run: `athar up`, or a `serve` and a `work` a service on PostgreSQL and Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from athar.catalogue import SERVICES
from athar.stack import one
from athar.stack.secrets import make_secrets
from benchmarks.beside import beside
from benchmarks.stacks.running import (
    BEGUN_AT_ONCE,
    Running,
    answers,
    free_port,
    settings_of,
    sqlite_urls,
    wait_for,
)
from benchmarks.stacks.servers import Servers
from benchmarks.tokens import make_tokens

WATCHED = "benchmarks.watched"
"""Runs `athar` with every statement and commit counted."""


@contextmanager
def athar_embedded(folder: Path, *, module: str = "athar") -> Iterator[Running]:
    """`athar up` in a process of its own."""
    folder.mkdir(parents=True)
    data, address_file = folder / "data", folder / "address"
    secrets = make_secrets(data / "secrets")
    port = free_port()
    running = Running(
        name="athar embedded",
        folder=folder,
        addresses={name: ("127.0.0.1", port, f"/{name}") for name in SERVICES},
        databases=sqlite_urls(data.resolve()),
        redis_url=f"unix://{data.resolve() / 'stream' / 'valkey.sock'}",
        tokens=make_tokens(secrets.signing_key),
        environment={
            "ATHAR_ENVIRONMENT": "embedded",
            "ATHAR_ADDRESS_FILE": str(address_file),
            # One client stands for all people here.
            "ATHAR_RATE_LIMITS": "off",
            **BEGUN_AT_ONCE,
        },
    )
    process = running.spawn("up", "-m", module, "up", "--data", str(data), "--port", str(port))
    try:
        wait_for("athar up", lambda: address_file.exists() or process.poll() is not None)
        if process.poll() is not None:
            raise RuntimeError((folder / "up.log").read_text()[-2000:])
        yield running
    finally:
        running.end_all()


@contextmanager
def athar_on_servers(folder: Path, servers: Servers, *, module: str = "athar") -> Iterator[Running]:
    """Four APIs and four workers on PostgreSQL and Redis, as `deploy/compose.yaml` has them, without nginx."""
    running = prepare_on_servers("athar postgres", folder, servers)
    try:
        for name, (_, port, _) in running.addresses.items():
            running.spawn(f"serve {name}", "-m", module, "serve", name, "--port", str(port))
            running.spawn(f"work {name}", "-m", module, "work", name)
        for address in running.addresses.values():
            wait_for("an API", lambda address=address: answers(address))  # type: ignore[misc]
        yield running
    finally:
        running.end_all()


def prepare_on_servers(name: str, folder: Path, servers: Servers) -> Running:
    """Databases with Athar's tables on an empty stream; nothing runs yet."""
    folder.mkdir(parents=True)
    secrets = make_secrets(folder / "secrets")
    databases = {service: servers.new_database() for service in SERVICES}
    redis_url = servers.new_redis_url()
    running = Running(
        name=name,
        folder=folder,
        addresses={service: ("127.0.0.1", free_port(), "") for service in SERVICES},
        databases=databases,
        redis_url=redis_url,
        tokens=make_tokens(secrets.signing_key),
        environment=settings_of(databases, redis_url, secrets.folder),
    )
    migrate(running)
    return running


def migrate(running: Running) -> None:
    beside(running.environment, one.migrate, list(SERVICES))
