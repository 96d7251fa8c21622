"""The desk's lists among 100,000 rows on PostgreSQL, behind row policies: a page reads an index in its order."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.intake.main import INTAKE
from services.intake.store import proposals as proposal_store
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from shared.plumbing.identity import Scope
from shared.plumbing.scope import EVERYTHING, Rows
from tests.access.walls import make_walled
from tests.harness.containers import PostgresServer, postgres_server
from tests.harness.desk import ASSOCIATION, Desk, open_desk
from tests.harness.plans import plan_of, statements_of
from tests.intake.office import Office
from tests.intake.rows import MANY
from tests.intake.test_contacts import reach
from tests.intake.test_proposals import with_paper

__all__ = ["postgres_server"]

pytestmark = pytest.mark.containers
MANAGER: dict[str, Any] = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
OFFICER: dict[str, Any] = {"role": Role.INTAKE_OFFICER, "branch": None}
RESEARCHER: dict[str, Any] = {"role": Role.SOCIAL_RESEARCHER, "branch": None}
ID = "left({}, 20) || lpad(n::text, 16, '0')"
BRANCH = "(ARRAY['jamoum', 'hada_sham', 'ayn_shams'])[1 + n % 3]"
MINUTE = "timestamptz '2026-01-01' + n * interval '1 minute'"
LATE_IN_2026 = "1797000000000000.a"


@pytest.fixture
async def walled(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        yield desk


async def multiply(desk: Desk, table: str, *, key: str = "id", **said: str) -> None:
    """The one row of `table` 100,000 times over; `said` are columns as SQL of the running number `n`."""
    said = {key: ID.format(f"(base.one).{key}")} | said
    facts = ", ".join(f"'{column}', {value}" for column, value in said.items())
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        connection = await session.connection()
        # So many rows are no question of a door, whose patience ends.
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(
            text(
                f"INSERT INTO {table} SELECT made.* FROM"  # noqa: S608 - names of our own
                f" (SELECT one FROM {table} AS one LIMIT 1) AS base, generate_series(1, {MANY}) AS n,"
                f" LATERAL jsonb_populate_record(base.one, jsonb_build_object({facts})) AS made"
            )
        )


async def count_rows(desk: Desk, server: PostgresServer) -> None:
    """As the server does by itself after a while; its owner alone may."""
    root, database = make_url(await server.new_database()), desk.runtime.database.engine.url.database
    engine = create_async_engine(root.set(database=database), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
    await engine.dispose()


async def plan_of_statement(desk: Desk, asked: list[tuple[str, Any]], *, of: str, scope: Rows) -> str:
    ((statement, values),) = [one for one in asked if f"FROM {of} " in f"{one[0]} ".replace("\n", " ")]
    async with desk.runtime.database.read(scope=scope) as session:
        return await plan_of(session, statement, values, sqlite=False)


async def plan_of_page(desk: Desk, path: str, *, of: str, who: dict[str, Any]) -> str:
    """How PostgreSQL goes about the one query that a page makes of a table, for whoever asks."""
    office = Office(desk)
    async with statements_of(desk.runtime.database) as asked:
        await office.get(path, **who)
    scope = Scope(association_id=ASSOCIATION, branch_id=who["branch"], person_id=f"{who['role'].value}-1")
    return await plan_of_statement(desk, asked, of=of, scope=scope)


def in_order(plan: str, *, index: str, of: str) -> None:
    assert f"using {index} on {of}" in plan, plan
    assert f"Seq Scan on {of}" not in plan, plan
    assert "Sort" not in plan, plan


async def test_whom_to_call_is_read_by_the_hour_that_was_promised(
    walled: Desk, postgres_server: PostgresServer
) -> None:
    await reach(Office(walled, **MANAGER))
    called = "CASE WHEN n % 4 > 0 THEN (base.one).taken_at END"
    await multiply(walled, "first_contacts", branch_id=BRANCH, call_back_at=MINUTE, called_back_at=called)
    await count_rows(walled, postgres_server)
    for path in ("/api/v1/calls", f"/api/v1/calls?after={LATE_IN_2026}"):
        for who, index in ((MANAGER, "first_contacts_to_call_of_branch"), (OFFICER, "first_contacts_to_call")):
            plan = await plan_of_page(walled, path, of="first_contacts", who=who)
            in_order(plan, index=index, of="first_contacts")


async def test_what_waits_for_an_answer_is_read_by_when_it_is_due(
    walled: Desk, postgres_server: PostgresServer
) -> None:
    near = Office(walled, **MANAGER)
    case = await near.begin()
    await near.step(case, "reception", {})
    await near.step(case, "clarifications", {"question": "هل يلزم عقد؟"})
    await multiply(walled, "clarifications")
    answered = "CASE WHEN n % 4 > 0 THEN (base.one).due_at END"
    await multiply(walled, "clarification_terms", key="clarification_id", due_at=MINUTE, answered_at=answered)
    await count_rows(walled, postgres_server)
    for path in ("/api/v1/clarifications/waiting", f"/api/v1/clarifications/waiting?after={LATE_IN_2026}"):
        plan = await plan_of_page(walled, path, of="clarification_terms", who=RESEARCHER)
        in_order(plan, index="clarification_terms_open", of="clarification_terms")


async def test_a_days_deliveries_are_read_of_one_branch_and_one_day(
    walled: Desk, postgres_server: PostgresServer
) -> None:
    near = Office(walled, **MANAGER)
    case = await near.walk(to=CaseStatus.REGISTERED)
    await near.step(case, "delivery-plans", {"planned_for": "2026-12-20", "place": "الفرع", "what": "حقيبة"})
    await multiply(walled, "delivery_plans", branch_id=BRANCH, planned_for="date '2026-12-01' + n % 60")
    await count_rows(walled, postgres_server)
    for who, index in ((MANAGER, "delivery_plans_day_of_branch"), (OFFICER, "delivery_plans_day")):
        plan = await plan_of_page(walled, "/api/v1/delivery-plans?day=2026-12-20", of="delivery_plans", who=who)
        in_order(plan, index=index, of="delivery_plans")


async def test_the_daily_look_reads_the_papers_of_its_days_and_no_whole_table(
    walled: Desk, postgres_server: PostgresServer
) -> None:
    await with_paper(Office(walled, **MANAGER), days=20)
    await multiply(walled, "documents", expires_on="date '2026-01-01' + n % 2000")
    await count_rows(walled, postgres_server)
    today = datetime(2026, 11, 22, tzinfo=UTC).date()
    where = {"association_id": ASSOCIATION, "branch": "hada_sham"}
    database = walled.runtime.database
    async with statements_of(database) as asked, database.read(scope=EVERYTHING) as session:
        await proposal_store.papers_running_out(session, **where, begin=today, end=today, after=(today, ""), limit=200)
    plan = await plan_of_statement(walled, asked, of="documents", scope=EVERYTHING)
    assert "documents_running_out" in plan, plan
    assert "Seq Scan on documents" not in plan, plan
