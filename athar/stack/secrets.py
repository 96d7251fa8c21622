"""The keys of an installation: made once, kept in files that only their owner reads."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

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


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
