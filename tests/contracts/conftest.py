"""The running apps of all four services, without stream or database."""

import json
from pathlib import Path

import pytest
from fastapi import FastAPI

from athar.catalogue import SERVICES
from shared.plumbing.identity import make_signing_key, public_keys
from shared.plumbing.service import Runtime, build_app
from shared.plumbing.settings import Settings
from tests.harness.desk import SEAL_KEY


def build(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The app of one service as it runs."""
    keys = folder / "keys.json"
    keys.write_text(json.dumps(public_keys(make_signing_key())))
    monkeypatch.setenv(f"ATHAR_{name.upper()}_DATABASE_URL", f"sqlite+aiosqlite:///{folder}/{name}.db")
    settings = Settings(
        environment="test", redis_url="redis://127.0.0.1:1/0", seal_keys=SEAL_KEY, verification_keys_file=keys
    )
    return build_app(Runtime(service=SERVICES[name], settings=settings), with_worker=False)


@pytest.fixture(params=sorted(SERVICES))
def app(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    return build(request.param, tmp_path, monkeypatch)
