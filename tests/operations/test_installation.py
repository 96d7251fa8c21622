"""A command finds its installation, and leaves nothing of it behind for the next one."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from athar.catalogue import SERVICES
from athar.cli import app
from athar.stack.secrets import make_secrets


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ATHAR_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("no_settings")
@pytest.mark.parametrize("words", [["dead", "list"], ["accounts", "first", "--association", "nobody"]])
def test_a_command_leaves_no_setting_of_its_folder_behind(words: list[str], tmp_path: Path) -> None:
    make_secrets(tmp_path / "secrets")
    before = dict(os.environ)
    CliRunner().invoke(app, [*words, "--data", str(tmp_path)])
    assert dict(os.environ) == before


@pytest.mark.usefixtures("no_settings")
def test_a_second_command_looks_at_its_own_folder(tmp_path: Path) -> None:
    there = tmp_path / "there"
    make_secrets(there / "secrets")
    CliRunner().invoke(app, ["dead", "list", "--data", str(there)])
    elsewhere = CliRunner().invoke(app, ["dead", "list", "--data", str(tmp_path / "nowhere")])
    assert elsewhere.exit_code == 2
    assert "there is no installation in" in elsewhere.output


@pytest.mark.usefixtures("no_settings")
def test_a_setting_of_the_operator_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_secrets(tmp_path / "secrets")
    monkeypatch.setenv("ATHAR_REDIS_URL", "redis://127.0.0.1:1/0")
    CliRunner().invoke(app, ["dead", "list", "--data", str(tmp_path)])
    assert os.environ["ATHAR_REDIS_URL"] == "redis://127.0.0.1:1/0"
    assert not any(f"ATHAR_{name.upper()}_DATABASE_URL" in os.environ for name in SERVICES)
