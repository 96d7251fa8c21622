"""Receipts and tables on PostgreSQL as production has it: behind row policies, as a role that owns nothing."""

from io import BytesIO
from pathlib import Path

import pytest

from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from shared.sheets import read_rows
from tests.access.walls import make_walled
from tests.harness.containers import PostgresServer, postgres_server
from tests.harness.desk import open_desk
from tests.intake.office import MOBILE, NAME, Office
from tests.letters.paper import shown_lack

__all__ = ["postgres_server"]

pytestmark = pytest.mark.containers


async def test_a_receipt_and_a_table_come_from_behind_row_policies(
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        near = Office(desk, role=Role.DELEGATE, branch="hada_sham")
        case = await near.walk(to=CaseStatus.REFERRED)
        at_the_branch = await desk.call("GET", f"/api/v1/cases/{case['id']}/receipt", **near.who)
        assert shown_lack(at_the_branch.content, NAME, case["reference"], "أسبوعين") == {}
        own = {"association_id": near.pack.id, "reference": case["reference"], "mobile": MOBILE}
        from_outside = await desk.call("POST", "/api/v1/public/receipt", body=own)
        assert shown_lack(from_outside.content, NAME, case["reference"]) == {}
        abroad = await desk.call("POST", "/api/v1/public/receipt", body=own | {"association_id": "kharj-dawah"})
        assert abroad.status_code == 404
        for branch, rows in (("hada_sham", 2), ("ayn_shams", 1)):
            table = await desk.call("GET", "/api/v1/cases.xlsx", role=Role.DELEGATE, branch=branch)
            assert len(list(read_rows(BytesIO(table.content)))) == rows
