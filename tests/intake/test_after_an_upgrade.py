"""What an older release left with the wrong branch is put right by an upgrade (migration 0017), on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import BranchClosed, CaseLocated
from shared.language.roles import Role
from shared.plumbing.migrations import migrate
from shared.plumbing.scope import EVERYTHING, SCOPE
from tests.harness.containers import postgres_server
from tests.harness.desk import Desk, open_desk
from tests.intake.office import Office
from tests.intake.test_branch_closing import OTHER, closed
from tests.intake.test_contacts import convert, reach
from tests.intake.test_letter_register import letter

__all__ = ["postgres_server"]

BEFORE = (
    "DROP INDEX delivery_plans_day",
    "DROP INDEX delivery_plans_day_of_branch",
    "DROP INDEX first_contacts_to_call_of_branch",
    "ALTER TABLE delivery_plans DROP COLUMN association_id",
    "ALTER TABLE delivery_plans DROP COLUMN branch_id",
    "CREATE INDEX delivery_plans_day ON delivery_plans (planned_for, id) WHERE ended_at IS NULL",
    "ALTER TABLE clarifications DROP COLUMN answered_through",
    "DROP INDEX seats_of_branch",
    "DROP INDEX cases_by_keeper",
    "UPDATE alembic_version SET version_num = '0016'",
)
"""The tables as 0016 had them, but for what its dialects do not drop in the same words."""
BEFORE_ON = {
    True: ("DROP INDEX registrations_of_case", "ALTER TABLE registrations DROP COLUMN case_id"),
    # Its row policy and its index go with the column.
    False: ("ALTER TABLE registrations DROP COLUMN case_id CASCADE",),
}
LEFT_BEHIND = (
    "UPDATE branch_closings SET to_branch = 'ayn_shams' WHERE branch = 'hada_sham'",
    "UPDATE letters SET branch_id = 'hada_sham'",
    "UPDATE first_contacts SET branch_id = 'hada_sham'",
    "UPDATE cases SET branch_id = 'ayn_shams' WHERE reference = '{stranded}'",
)
"""What its closings and transfers left where it was."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.containers)])
async def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    url = None
    if request.param == "postgresql":
        url = await request.getfixturevalue("postgres_server").new_database()
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url) as opened:
        yield opened


async def do(desk: Desk, *statements: str) -> None:
    engine = desk.runtime.database.engine
    async with engine.begin() as connection:
        await connection.execution_options(**{SCOPE: EVERYTHING})
        for statement in statements:
            await connection.execute(text(statement))
    # What a connection knows of the tables is old now.
    await engine.dispose()


async def branches(desk: Desk, table: str) -> list[str]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        rows = await (await session.connection()).execute(text(f"SELECT branch_id FROM {table}"))  # noqa: S608
        return sorted(rows.scalars())


async def test_an_upgrade_moves_what_was_left_behind_and_tells_each_branch_again(desk: Desk) -> None:
    office = Office(desk)
    near, far = (Office(desk, role=Role.DELEGATE, branch=branch) for branch in ("hada_sham", "ayn_shams"))
    case = await convert(near, await reach(near, "letter"))
    await near.post("/api/v1/letters", letter(case_id=case["id"]))
    await near.walk(to=CaseStatus.REGISTERED, case=case)
    await near.step(case, "delivery-plans", {"planned_for": "2027-01-20", "place": "الفرع", "what": "حقيبة"})
    await reach(near)
    stranded = await far.begin(applicant=OTHER)
    await closed(office, "hada_sham", "ayn_shams")
    await closed(office, "ayn_shams", "jamoum")
    told = len(await desk.told(BranchClosed))

    await do(
        desk,
        *BEFORE,
        *BEFORE_ON[desk.runtime.database.is_sqlite],
        *(one.format(stranded=stranded["reference"]) for one in LEFT_BEHIND),
    )
    await migrate(desk.runtime.database, versions=INTAKE.migrations, metadata=INTAKE.tables)
    await desk.runtime.database.engine.dispose()
    await desk.settle()

    assert await desk.dead() == []
    for table, rows in (("cases", 2), ("first_contacts", 2), ("letters", 2), ("delivery_plans", 1)):
        assert await branches(desk, table) == ["jamoum"] * rows, table
    assert len(await desk.told(BranchClosed)) == told, "a branch closes once"
    located = [one for one in await desk.told(CaseLocated) if isinstance(one, CaseLocated)]
    assert [(one.case_id, one.branch_id) for one in located] == [(case["id"], "jamoum")]


async def test_an_upgrade_of_an_empty_database_leaves_nothing_to_do(desk: Desk) -> None:
    await do(desk, *BEFORE, *BEFORE_ON[desk.runtime.database.is_sqlite])
    await migrate(desk.runtime.database, versions=INTAKE.migrations, metadata=INTAKE.tables)
    await desk.runtime.database.engine.dispose()
    assert await desk.worker.work_once() == 0
