"""`athar personal` and `athar keys`, as an operator types them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from athar.catalogue import SERVICES
from athar.cli import app
from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.database import Database
from shared.plumbing.migrations import migrate
from shared.plumbing.vault import STOCK
from tests.harness.desk import ASSOCIATION, SEAL_KEY, open_desk
from tests.intake.office import NAME, NATIONAL_ID, Office


async def athar(*words: str, exit_code: int = 0) -> str:
    done: Result = await asyncio.to_thread(CliRunner().invoke, app, list(words), env={"COLUMNS": "200"})
    assert done.exit_code == exit_code, done.output
    return done.output


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """A branch at work, on an installation that commands find."""
    monkeypatch.setenv("ATHAR_ENVIRONMENT", "test")
    monkeypatch.setenv("ATHAR_REDIS_URL", "redis://127.0.0.1:1/0")
    (tmp_path / "seal-keys").write_text(SEAL_KEY)
    monkeypatch.setenv("ATHAR_SEAL_KEYS_FILE", str(tmp_path / "seal-keys"))
    monkeypatch.setenv("ATHAR_VAULT_URL", f"sqlite:///{tmp_path}/vault.db")
    monkeypatch.setenv("ATHAR_DATA_DIR", str(tmp_path))
    for name, service in SERVICES.items():
        url = f"sqlite+aiosqlite:///{tmp_path}/{name}.db"
        monkeypatch.setenv(f"ATHAR_{name.upper()}_DATABASE_URL", url)
        database = Database(url)
        await migrate(database, versions=service.migrations, metadata=service.tables)
        await database.close()
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        monkeypatch.setenv("ATHAR_VERIFICATION_KEYS_FILE", str(desk.runtime.settings.verification_keys_file))
        yield Office(desk)


async def subject_of(office: Office, case: dict[str, Any]) -> str:
    applicant = await office.get(f"/api/v1/cases/{case['id']}/applicant")
    return str(applicant["subject_id"])


async def test_all_that_is_held_of_a_person_is_one_document_for_him_alone(office: Office, tmp_path: Path) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    subject = await subject_of(office, case)
    to = tmp_path / "his.json"
    said = await athar("personal", "export", subject, "--association", ASSOCIATION, "--to", str(to))
    assert NAME not in said
    assert to.stat().st_mode & 0o077 == 0
    document = json.loads(to.read_text())
    held = {row["table"]: row["row"] for row in document["services"]["intake"]}
    assert held["beneficiaries"]["national_id"] == NATIONAL_ID
    for words in ([subject, "--association", "kharj-dawah"], ["nobody", "--association", ASSOCIATION]):
        assert NAME not in await athar("personal", "export", *words, exit_code=2)


async def test_the_peoples_keys_are_wrapped_by_the_newest_key_and_open_as_before(
    office: Office, tmp_path: Path
) -> None:
    case = await office.begin()
    (tmp_path / "seal-keys").write_text(f"{Fernet.generate_key().decode()}\n{SEAL_KEY}")
    assert f"{STOCK} keys are wrapped anew." in await athar("keys", "rewrap")
    assert "0 keys are wrapped anew." in await athar("keys", "rewrap")
    assert (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["name"] == NAME
