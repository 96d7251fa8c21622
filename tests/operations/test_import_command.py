"""`athar import`, as an operator types it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.intake.main import INTAKE
from tests.harness.desk import ASSOCIATION, SEAL_KEY, open_desk
from tests.intake.imports.lists import Administrator, as_csv, as_xlsx, national_id, people
from tests.intake.office import Office
from tests.operations.test_personal_command import athar


@pytest.fixture
async def administrator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Administrator]:
    """An installation that the command finds."""
    monkeypatch.setenv("ATHAR_ENVIRONMENT", "test")
    monkeypatch.setenv("ATHAR_REDIS_URL", "redis://127.0.0.1:1/0")
    (tmp_path / "seal-keys").write_text(SEAL_KEY)
    monkeypatch.setenv("ATHAR_SEAL_KEYS_FILE", str(tmp_path / "seal-keys"))
    monkeypatch.setenv("ATHAR_VAULT_URL", f"sqlite:///{tmp_path}/vault.db")
    monkeypatch.setenv("ATHAR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(tmp_path / "files"))
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        monkeypatch.setenv("ATHAR_VERIFICATION_KEYS_FILE", str(desk.runtime.settings.verification_keys_file))
        yield Administrator(desk)


async def test_a_dry_run_says_what_would_be_and_takes_nothing_in(administrator: Administrator, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_bytes(as_csv([*people(2), ["12", "نورة الحربي", ""]]))
    said = await athar("import", str(table), "--association", ASSOCIATION, "--dry-run", exit_code=1)
    assert "3 of 3 rows: 2 would be new, 0 updated, 0 left as they are, 1 refused." in said
    assert "A رقم الهوية" in said
    assert (await Office(administrator.desk).get(f"/api/v1/people?q={national_id(1)}"))["people"] == []
    (only,) = (await administrator.office.get("/api/v1/imports"))["items"]
    assert only["status"] == "discarded"


async def test_a_table_is_taken_in_and_its_file_goes(administrator: Administrator, tmp_path: Path) -> None:
    table = tmp_path / "list.xlsx"
    table.write_bytes(as_xlsx(people(120), head=("س", "الاسم", "الجوال")))
    words = ("import", str(table), "--association", ASSOCIATION, "--column", "national_id=س")
    assert "120 of 120 rows: 120 were new" in await athar(*words)
    assert len((await Office(administrator.desk).get(f"/api/v1/people?q={national_id(77)}"))["people"]) == 1
    assert [file for file in (tmp_path / "files").glob("intake/2*/*") if file.name != "swept"] == []
    await administrator.desk.settle()
    assert await administrator.desk.dead() == []


async def test_what_is_no_table_is_refused_in_words(tmp_path: Path, administrator: Administrator) -> None:
    table = tmp_path / "list.csv"
    table.write_bytes(b"\x00\x01\x02")
    assert administrator.desk is not None
    assert "The table cannot be read" in await athar("import", str(table), "--association", ASSOCIATION, exit_code=2)
