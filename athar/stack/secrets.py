"""The keys of an installation: made once, kept in files that only their owner reads."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from cryptography.fernet import Fernet

from athar.catalogue import SERVICES
from shared.plumbing.identity import make_signing_key, public_keys


@dataclass(frozen=True)
class Secrets:
    """Where the keys lie. The signing key is intake's alone; the others every service reads."""

    folder: Path

    @property
    def signing_key(self) -> Path:
        return self.folder / "signing-key.json"

    @property
    def verification_keys(self) -> Path:
        return self.folder / "verification-keys.json"

    @property
    def seal_keys(self) -> Path:
        return self.folder / "seal-keys.txt"


def make_secrets(folder: Path) -> Secrets:
    """Make what is missing. A key that is there is never replaced: what it sealed could not be opened again."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secrets = Secrets(folder)
    if not secrets.signing_key.exists():
        key = make_signing_key()
        # The public half first: a stop between the two makes both anew, and nobody holds a token yet.
        _write(secrets.verification_keys, json.dumps(public_keys(key)))
        _write(secrets.signing_key, json.dumps(key.as_dict(private=True)))
    if not secrets.seal_keys.exists():
        _write(secrets.seal_keys, Fernet.generate_key().decode() + "\n")
    return secrets


ROLES = {"database": "", "owner": "_owner"}
"""The names of a service's two roles on PostgreSQL end so."""


def make_database_secrets(folder: Path) -> None:
    """Passwords and URLs for each service's database, as `deploy/compose.yaml` mounts them; what is there stays.

    A service has two roles: its owner, who changes tables, and its own, which works with rows. The folder opens to its
    owner alone; the files in it may be read by whom a container mounts them for.
    """
    roles = [(service, kind, f"athar_{service}{end}") for service in SERVICES for kind, end in ROLES.items()]
    for name in ("postgres", "vault-database", *(f"{service}-{kind}" for service, kind, _ in roles)):
        path = folder / f"{name}-password.txt"
        if not path.exists():
            _write(path, token_urlsafe(32), mode=0o644)
    for service, kind, role in roles:
        path = folder / f"{service}-{kind}-url.txt"
        if not path.exists():
            password = (folder / f"{service}-{kind}-password.txt").read_text()
            _write(path, f"postgresql+asyncpg://{role}:{password}@postgres/athar_{service}", mode=0o644)
    # The vault is asked without `await`: another driver, and a database of its own, so that no backup holds both.
    path = folder / "vault-database-url.txt"
    if not path.exists():
        password = (folder / "vault-database-password.txt").read_text()
        url = f"postgresql+psycopg://athar_vault:{password}@postgres/athar_vault"
        _write(path, url, mode=0o644)
    for path in (Secrets(folder).verification_keys, Secrets(folder).seal_keys, Secrets(folder).signing_key):
        path.chmod(0o644)


def _write(path: Path, text: str, *, mode: int = 0o600) -> None:
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
