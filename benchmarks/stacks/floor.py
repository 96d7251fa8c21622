"""The floor, in as many processes as Athar has."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from athar.catalogue import SERVICES
from athar.stack.secrets import make_secrets
from athar.stack.valkey import EmbeddedValkey
from benchmarks.stacks.athar import migrate, prepare_on_servers
from benchmarks.stacks.running import Running, answers, free_port, settings_of, sqlite_urls, wait_for
from benchmarks.stacks.servers import Servers
from benchmarks.tokens import make_tokens

FLOOR = "benchmarks.floor"


@contextmanager
def floor_embedded(folder: Path, *, like: Running | None = None) -> Iterator[Running]:
    """One process on SQLite, beside the same stream server with the same durability."""
    running = prepare_embedded("floor embedded", folder, like=like)
    port = running.addresses["intake"][1]
    with valkey_in(folder):
        running.spawn("up", "-m", FLOOR, "up", str(port))
        try:
            wait_for("the floor", lambda: answers(running.addresses["intake"]))
            yield running
        finally:
            running.end_all()


@contextmanager
def valkey_in(folder: Path) -> Iterator[None]:
    valkey = EmbeddedValkey(folder / "stream")
    valkey.start()
    try:
        yield
    finally:
        valkey.stop()


def prepare_embedded(name: str, folder: Path, *, like: Running | None = None) -> Running:
    """SQLite files with Athar's tables; nothing runs yet. `like` has such tables, which are still empty."""
    folder.mkdir(parents=True)
    secrets, port = make_secrets(folder / "secrets"), free_port()
    databases, redis_url = sqlite_urls(folder.resolve()), EmbeddedValkey(folder / "stream").url
    running = Running(
        name=name,
        folder=folder,
        addresses={service: ("127.0.0.1", port, f"/{service}") for service in SERVICES},
        databases=databases,
        redis_url=redis_url,
        tokens=make_tokens(secrets.signing_key),
        environment=settings_of(databases, redis_url, secrets.folder),
    )
    if like is None:
        migrate(running)
    else:
        for service in SERVICES:
            shutil.copy(like.folder / f"{service}.db", folder)
    return running


@contextmanager
def floor_on_servers(folder: Path, servers: Servers) -> Iterator[Running]:
    """Four that serve and four that work."""
    running = prepare_on_servers("floor postgres", folder, servers)
    try:
        for name, address in running.addresses.items():
            running.spawn(f"serve {name}", "-m", FLOOR, "serve", name, str(address[1]))
            running.spawn(f"work {name}", "-m", FLOOR, "work", name)
        for address in running.addresses.values():
            wait_for("the floor", lambda address=address: answers(address))  # type: ignore[misc]
        yield running
    finally:
        running.end_all()
