"""An import on PostgreSQL as production has it: behind row policies, as a role that owns nothing."""

from pathlib import Path

import pytest

from services.intake.main import INTAKE
from services.intake.use_cases.imports.carry_on import ROWS
from shared.language.roles import Role
from tests.access.walls import make_walled
from tests.harness.containers import PostgresServer, postgres_server
from tests.harness.desk import open_desk
from tests.intake.imports.lists import Administrator, as_csv, people, person
from tests.intake.office import KHARJ, Office

__all__ = ["postgres_server"]

pytestmark = pytest.mark.containers


async def test_a_list_comes_in_behind_row_policies(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await make_walled(postgres_server, INTAKE)
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(tmp_path / "files"))
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        administrator = Administrator(desk)
        rows = [*people(ROWS + 2), person(1), ["12", "x", ""]]
        for refused in (2, ROWS + 4):
            sent = await administrator.upload(as_csv(rows))
            await administrator.columns(sent, service_id=Office(desk).service.id)
            done = await administrator.take_in(sent)
            assert (done["status"], done["rows_done"], done["rows_refused"]) == ("done", ROWS + 4, refused)
        assert len(await administrator.rows(sent, "outcome=refused&limit=200")) == ROWS + 4
        # One with cases, one whom a list alone knows, and one of whom all cases are confidential.
        await administrator.take_in(await administrator.upload(as_csv([person(900)])))
        office, hidden = Office(desk), {"national_id": person(901)[0], "name": "نورة الحربي"}
        case = await office.begin(applicant=hidden)
        manager = {"role": Role.BRANCH_MANAGER, "branch": office.pack.head_office.id}
        await office.step(case, "confidence", {"named": [], "reason": "لحساسية الحالة"}, **manager)
        update = await administrator.upload(as_csv([person(1), person(900), person(901)]))
        await administrator.columns(update, known="update")
        assert (await administrator.take_in(update))["rows_updated"] == 3
        kept = await office.get(f"/api/v1/cases/{case['id']}/applicant", **manager)
        assert (kept["name"], kept["mobile"]) == ("نورة الحربي", None)
        who = {"role": Role.ASSOCIATION_ADMINISTRATOR, "association": KHARJ}
        abroad = await desk.call("GET", f"/api/v1/imports/{sent['id']}/rows", **who)
        assert abroad.status_code == 404
        filters = {"of_list": "cases", "name": "x", "query": "status=draft"}
        kept = (await administrator.office.post("/api/v1/filters", filters)).json()
        assert (await desk.call("DELETE", f"/api/v1/filters/{kept['id']}", **administrator.who)).status_code == 204
