"""A page of the list costs the same however many cases there are: it reads an index in its order."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Connection

from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from tests.harness.desk import Desk
from tests.intake.office import Office

CASES = 2_000


def copy_cases(desk: Desk) -> None:
    """Two thousand more of the one case that there is, over five associations, three branches and every status."""
    file = sqlite3.connect(str(desk.runtime.database.engine.url.database))
    file.row_factory = sqlite3.Row
    case = dict(file.execute("SELECT * FROM cases").fetchone())
    statuses, branches = list(CaseStatus), ("jamoum", "hada_sham", "ayn_shams")
    with file:
        for n in range(CASES):
            case |= {"id": f"{case['id'][:20]}{n:016}", "reference": f"JMM-2025-{n:06}"}
            case |= {"branch_id": branches[n % 3], "status": statuses[n % len(statuses)].value}
            case["association_id"] = "jamoum-orphans" if n % 5 else "kharj-dawah"
            names, marks = ", ".join(case), ", ".join("?" * len(case))
            file.execute(f"INSERT INTO cases ({names}) VALUES ({marks})", tuple(case.values()))  # noqa: S608
    file.close()


async def plan_of_list(desk: Desk, office: Office, query: str, **who: Any) -> str:
    """How SQLite goes about the query that the list makes of `cases`."""
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "FROM cases" in statement:
            asked.append((statement, parameters))

    engine = desk.runtime.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    page = await office.get(f"/api/v1/cases?{query}", **who)
    event.remove(engine, "before_cursor_execute", note)
    assert len(page["items"]) == 50
    ((statement, parameters),) = asked
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "; ".join(str(row[3]) for row in rows)


@pytest.fixture
async def many_cases(office: Office) -> Office:
    await office.begin()
    copy_cases(office.desk)
    return office


@pytest.mark.parametrize("counted", [False, True])
async def test_a_page_of_two_thousand_cases_reads_its_index_in_order(many_cases: Office, *, counted: bool) -> None:
    office, desk = many_cases, many_cases.desk
    if counted:
        async with desk.runtime.database.write() as session:
            await (await session.connection()).execute(text("ANALYZE"))
    delegate = {"role": Role.DELEGATE, "branch": "hada_sham"}
    for query, who, index in (
        ("", {}, "cases_of_association (association_id=? AND id>?)"),
        ("status=received", {}, "cases_of_association_by_status (association_id=? AND status=? AND id>?)"),
        ("", delegate, "cases_of_branch (association_id=? AND branch_id=? AND id>?)"),
    ):
        plan = await plan_of_list(desk, office, query, **who)
        assert plan.startswith(f"SEARCH cases USING INDEX {index}; CORRELATED")
        assert "SCAN" not in plan
