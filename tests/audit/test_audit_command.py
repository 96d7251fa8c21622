"""`athar audit`, as an operator types it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from athar.catalogue import SERVICES
from athar.cli import app
from athar.cli.installation import opened
from athar.stack.secrets import make_secrets
from services.intake.main import INTAKE
from shared.language.roles import Role
from tests.audit.book import Intruder, file_of
from tests.harness.desk import ASSOCIATION, SEAL_KEY, open_desk
from tests.intake.office import Office

DAY = ("--since", "2020-01-01", "--until", "2099-01-01")


async def audit(*words: str, code: int = 0) -> str:
    """What `athar audit` says, ending with `code`."""
    done: Result = await asyncio.to_thread(CliRunner().invoke, app, ["audit", *words], env={"COLUMNS": "200"})
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """Intake's office, with the other services' databases beside it."""
    secrets = make_secrets(tmp_path / "secrets")
    monkeypatch.setenv("ATHAR_ENVIRONMENT", "test")
    monkeypatch.setenv("ATHAR_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("ATHAR_VERIFICATION_KEYS_FILE", str(secrets.verification_keys))
    secrets.seal_keys.write_text(SEAL_KEY)
    monkeypatch.setenv("ATHAR_SEAL_KEYS_FILE", str(secrets.seal_keys))
    monkeypatch.setenv("ATHAR_DATA_DIR", str(tmp_path))
    for name in SERVICES:
        monkeypatch.setenv(f"ATHAR_{name.upper()}_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/{name}.db")
    async with opened() as runtimes:
        for runtime in runtimes.values():
            await runtime.migrate()
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield Office(desk)


async def test_a_whole_trail_is_said_to_be_whole(office: Office) -> None:
    case = await office.begin()
    said = await audit("verify")
    assert [line.split(":")[0] for line in said.splitlines()] == list(SERVICES)
    assert said.count("every chain is whole") == 4
    assert "the chain of this case is whole" in await audit("verify", "intake", "--case", case["reference"])
    assert "nothing was kept about this case" in await audit("verify", "research", "--case", case["id"])


async def test_one_changed_byte_is_named_and_ends_with_one(office: Office) -> None:
    case = await office.begin()
    intruder = Intruder(file_of(office.desk.runtime.database))
    intruder.do("UPDATE audit_entries SET person_id = 'intake_officer-2' WHERE case_id IS NOT NULL")
    intruder.close()
    expected = f"BROKEN intake case:{case['id']} #1: was changed after it was written"
    assert expected in await audit("verify", code=1)
    assert expected in await audit("verify", "intake", "--case", case["id"], code=1)
    await audit("verify", "research")


async def test_it_shows_who_did_what_a_page_at_a_time(office: Office) -> None:
    case = await office.begin()
    await office.get(f"/api/v1/cases/{case['id']}", role=Role.AUDITOR, person="a-1")
    shown = await audit("show", "--case", case["reference"])
    assert "post_case" in shown
    assert "show_case" in shown
    page = await audit("show", "intake", "--person", "a-1", "--limit", "1")
    assert "athar audit show intake --person a-1 --after" in page
    assert "name a case" in await audit("show", code=2)


async def test_it_says_who_was_touched(office: Office) -> None:
    case = await office.begin()
    assert f"{case['id']}  intake" in await audit("touched", "--association", ASSOCIATION, *DAY)
    assert await audit("touched", "--association", ASSOCIATION, *DAY, "--by", "nobody") == ""
