"""Settings: what is missing or dangerous is refused at the start, not found out later."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.language.events import Source
from shared.plumbing.clock import ShiftedClock, SystemClock, shift_clock
from shared.plumbing.identity import make_signing_key, public_keys
from shared.plumbing.listener import Listener
from shared.plumbing.settings import ServiceSettings, Settings, prefix
from tests.harness.desk import SEAL_KEY
from tests.plumbing.bench import make_runtime


def settings(**changes: Any) -> Settings:
    usual = {
        "environment": "production",
        "redis_url": "redis://r",
        "seal_keys": SEAL_KEY,
        "vault_url": "sqlite:///vault.db",
        "verification_keys_file": "k",
    }
    return Settings(**{name: value for name, value in (usual | changes).items() if value is not None})


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("ATHAR_"):
            monkeypatch.delenv(name)


def test_production_refuses_a_clock_that_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATHAR_CLOCK_FILE", str(tmp_path / "clock"))
    with pytest.raises(ValidationError, match="production does not start with a clock that can be moved"):
        settings()
    assert isinstance(settings(environment="demo").clock(), ShiftedClock)


def test_without_a_clock_file_the_machine_tells_the_time() -> None:
    assert isinstance(settings().clock(), SystemClock)


def test_without_sealing_keys_nothing_starts() -> None:
    with pytest.raises(ValidationError, match="ATHAR_SEAL_KEYS or ATHAR_SEAL_KEYS_FILE is missing"):
        settings(seal_keys=None)


@pytest.mark.parametrize("environment", ["production", "embedded", "demo"])
def test_without_a_vault_for_the_keys_of_people_nothing_starts(environment: str) -> None:
    with pytest.raises(ValidationError, match="ATHAR_VAULT_URL or ATHAR_VAULT_URL_FILE is missing"):
        settings(environment=environment, vault_url=None)


def test_the_vault_may_be_named_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("postgresql+psycopg://elsewhere/vault\n")
    assert settings(vault_url=None, vault_url_file=tmp_path / "vault").vault() == "postgresql+psycopg://elsewhere/vault"


def test_sealing_keys_that_are_empty_start_nothing_either(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("\n")
    with pytest.raises(ValueError, match=r".+"):
        runtime_with(seal_keys="")
    with pytest.raises(ValueError, match=r".+"):
        runtime_with(seal_keys=None, seal_keys_file=tmp_path / "keys")


@pytest.mark.parametrize("name", ["environment", "redis_url", "verification_keys_file"])
def test_what_has_no_default_is_asked_for_by_name(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        settings(**{name: None})


def test_an_environment_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="environment"):
        settings(environment="prodcution")


def test_sealing_keys_come_from_the_environment_and_a_file_newest_first(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("second\nthird\n")
    assert settings(seal_keys="first", seal_keys_file=tmp_path / "keys").keys() == ["first", "second", "third"]


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(settings()) + repr(ServiceSettings(database_url="postgresql+asyncpg://u:secret@db/x"))
    assert SEAL_KEY not in shown
    assert "secret" not in shown


def test_a_database_url_comes_from_a_file_or_the_environment_and_is_asked_for_by_name(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("sqlite+aiosqlite:///x.db\n")
    assert ServiceSettings(database_url_file=tmp_path / "url").url() == "sqlite+aiosqlite:///x.db"
    with pytest.raises(ValueError, match="DATABASE_URL is missing"):
        ServiceSettings().url()


def test_each_service_has_a_prefix_of_its_own() -> None:
    assert len({prefix(source) for source in Source}) == len(Source)


def test_a_shifted_clock_moves_for_all_who_read_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    shift_clock(file, by=timedelta(0))
    here, there = ShiftedClock(file), ShiftedClock(file)
    before = SystemClock().now()
    shift_clock(file, by=timedelta(days=14))
    shift_clock(file, by=timedelta(hours=1))
    for clock in (here, there):
        assert timedelta(0) <= clock.now() - before - timedelta(days=14, hours=1) < timedelta(minutes=1)


def test_a_service_without_its_verification_keys_does_not_open_its_doors(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        _ = runtime_with(verification_keys_file=tmp_path / "none.json").verifier
    (tmp_path / "keys.json").write_text(json.dumps(public_keys(make_signing_key())))
    assert runtime_with(verification_keys_file=tmp_path / "keys.json").verifier


def runtime_with(**changes: Any) -> Any:
    return make_runtime(
        Source.INTAKE,
        database_url="sqlite+aiosqlite:///unused.db",
        redis_url="redis://r",
        make_listener=lambda _: Listener(Source.INTAKE, to=[]),
        **changes,
    )
