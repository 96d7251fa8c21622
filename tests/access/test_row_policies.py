"""PostgreSQL's wall stands when the application's is gone, and says the same."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from athar.catalogue import SERVICES
from services.feedback.main import FEEDBACK
from services.intake.domain.case import Case
from services.intake.domain.documents import Document
from services.intake.main import INTAKE
from services.notifications.main import NOTIFICATIONS
from services.research.main import RESEARCH
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import CaseMadeConfidential
from shared.language.roles import Role
from shared.plumbing.confidence import keep_confidence
from shared.plumbing.database import Database
from shared.plumbing.identity import Scope
from shared.plumbing.scope import EVERYTHING, SCOPED, Rows
from shared.plumbing.seal import RING, Of
from tests.access.test_scope import (
    CASES,
    HEAD,
    NAMED,
    NEAR,
    SEEN,
    STRANGER,
    THERE,
    case,
    fill,
    ids,
    made_confidential,
)
from tests.access.walls import make_walled, without_the_applications_wall
from tests.feedback.build import answer, closed
from tests.harness.containers import PostgresServer
from tests.harness.desk import ASSOCIATION, NOON, SEAL_KEY, open_desk
from tests.harness.plans import statements_of
from tests.intake.office import Office
from tests.notifications import facts
from tests.research.body import Body

pytestmark = pytest.mark.containers
BY_SCOPE = pytest.mark.parametrize(("scope", "seen"), SEEN, ids=["head office", "branch", "another association"])


@pytest.fixture
async def walled(postgres_server: PostgresServer) -> AsyncIterator[Database]:
    RING.hold([SEAL_KEY])
    # One connection: what a transaction leaves behind, the next one finds.
    database = Database(await make_walled(postgres_server, INTAKE), pool_size=1)
    await fill(database)
    yield database
    await database.close()


ASKED: dict[str, Any] = {
    "the rows": select(Case),
    "the table": select(text("id")).select_from(Case.__table__),  # type: ignore[attr-defined]
    "text": text("SELECT id FROM cases"),
    "its papers": text("SELECT case_id FROM documents"),
}


@BY_SCOPE
@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
async def test_another_associations_or_branchs_row_does_not_come(
    walled: Database, monkeypatch: pytest.MonkeyPatch, question: Any, scope: Scope, seen: list[str]
) -> None:
    with without_the_applications_wall(monkeypatch):
        async with walled.read(scope=scope) as session:
            found = (await (await session.connection()).execute(question)).scalars().all()
    assert sorted(found) == seen


@BY_SCOPE
async def test_a_change_or_deletion_reaches_the_own_rows_alone(
    walled: Database, monkeypatch: pytest.MonkeyPatch, scope: Scope, seen: list[str]
) -> None:
    with without_the_applications_wall(monkeypatch):
        async with walled.write(scope=scope) as session:
            connection = await session.connection()
            assert (await connection.execute(update(Case).values(department_id="x"))).rowcount == len(seen)
            assert (await connection.execute(delete(Document))).rowcount == len(seen)


@pytest.mark.parametrize("foreign", [{"association": THERE}, {"branch": "far"}], ids=["association", "branch"])
async def test_a_row_of_another_scope_is_not_written(
    walled: Database, monkeypatch: pytest.MonkeyPatch, foreign: dict[str, str]
) -> None:
    row = case("new", **foreign).model_dump() | {"form": Of.person(None, "{}")}
    with without_the_applications_wall(monkeypatch), pytest.raises(DBAPIError, match="row-level security"):
        async with walled.write(scope=NEAR) as session:
            await (await session.connection()).execute(insert(Case).values(row))


async def test_a_session_without_a_scope_sees_nothing_whoever_came_before_it(
    walled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_the_applications_wall(monkeypatch):
        for before in (EVERYTHING, HEAD, NEAR):
            async with walled.read(scope=before) as session:
                assert await ids(session, select(Case.id)) != []
            async with walled.read() as session:
                assert await ids(session, select(Case.id)) == []


@pytest.mark.parametrize(
    ("scope", "seen"),
    [(HEAD, ["far-1"]), (NEAR, []), (NAMED, ["far-1", "near-1"]), (STRANGER, ["there-1"]), (EVERYTHING, sorted(CASES))],
)
async def test_a_confidential_case_comes_to_those_named_alone(
    walled: Database, monkeypatch: pytest.MonkeyPatch, scope: Rows, seen: list[str]
) -> None:
    async with walled.write(scope=EVERYTHING) as session:
        await keep_confidence(session, made_confidential("named"), at=NOON)
    with without_the_applications_wall(monkeypatch):
        async with walled.read(scope=scope) as session:
            assert await ids(session, select(Case.id)) == seen
            assert await ids(session, select(Document.case_id)) == seen


async def test_a_name_with_a_quote_in_it_is_a_name(walled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cunning = Scope(association_id="x', true), set_config('athar.association', '*", person_id="o'brien\\")
    with without_the_applications_wall(monkeypatch):
        async with walled.read(scope=cunning) as session:
            assert await ids(session, select(Case.id)) == []
            said = await (await session.connection()).scalar(text("SELECT current_setting('athar.person')"))
    assert said == "o'brien\\"


async def run(database: Database, statements: str) -> None:
    async with database.engine.connect() as connection:
        for statement in statements.split("; "):
            await connection.exec_driver_sql(statement)


async def test_the_services_role_cannot_take_the_wall_down(walled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for way in (
        "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
        "DROP POLICY scope ON cases",
        "SET LOCAL row_security = off; SELECT id FROM cases",
        "SET ROLE postgres",
    ):
        with without_the_applications_wall(monkeypatch), pytest.raises(DBAPIError):
            await run(walled, way)


async def test_the_scope_is_said_with_the_begin_and_costs_no_trip(walled: Database) -> None:
    async with statements_of(walled) as asked, walled.read(scope=HEAD) as session:
        await session.exec(select(Case.id))
    assert len(asked) == 1
    assert "set_config" not in asked[0][0]


@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_every_scoped_table_has_its_policy(name: str, postgres_server: PostgresServer) -> None:
    database = Database(await make_walled(postgres_server, SERVICES[name]))
    query = (
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
        " WHERE c.relrowsecurity AND p.polcmd = '*' AND p.polwithcheck IS NOT NULL"
    )
    async with database.engine.connect() as connection:
        walled = {row.relname for row in await connection.execute(text(query))}
    await database.close()
    kernel = {"confidential_cases", "confidential_people"}
    assert walled == {table for table in SCOPED if table in SERVICES[name].tables.tables} | kernel


async def test_a_case_goes_its_whole_way_behind_the_wall(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        office = Office(desk, role=Role.DELEGATE, branch="hada_sham")
        closed = await office.walk(to=CaseStatus.CLOSED)
        assert closed["status"] == "closed"
        manager = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
        await office.step(closed, "confidence", {"named": [], "reason": "سبب"}, **manager)
        assert (await office.get("/api/v1/cases"))["items"] == []
        assert [one["id"] for one in (await office.get("/api/v1/cases", **manager))["items"]] == [closed["id"]]


async def test_a_case_is_decided_behind_the_wall(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await make_walled(postgres_server, RESEARCH)
    async with open_desk(RESEARCH, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        body = Body(desk)
        await body.reject()
        assert (await body.call("GET", "review", Role.AUDITOR)).json()["status"] == "answered"


async def test_what_is_about_a_confidential_case_is_taken_down_behind_the_wall(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await make_walled(postgres_server, FEEDBACK)
    async with open_desk(FEEDBACK, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        await desk.hear(closed("case-9"), made_confidential_in_feedback("named"))
        said = {"party": "other", "subject": "x", "text": "x", "case_id": "case-9"}
        taken = await desk.call("POST", "/api/v1/complaints", body=said, role=Role.DELEGATE, branch="jamoum")
        assert taken.status_code == 201
        assert (await answer(desk, "case-9")).status_code == 201
        page = await desk.call("GET", "/api/v1/complaints", role=Role.QUALITY_OFFICER)
        assert page.json()["items"] == []


async def test_messages_go_out_behind_the_wall(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await make_walled(postgres_server, NOTIFICATIONS)
    async with open_desk(NOTIFICATIONS, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        await desk.hear(facts.received())
        page = await desk.call("GET", "/api/v1/messages", role=Role.NOTIFICATIONS_OPERATOR)
        assert {message["status"] for message in page.json()["items"]} == {"sent"}
        assert (await desk.client.get("/")).text.count("<article") == len(page.json()["items"])


def made_confidential_in_feedback(*named: str) -> CaseMadeConfidential:
    return CaseMadeConfidential(
        association_id=ASSOCIATION, case_id="case-9", reference="JMM-case-9", branch_id="jamoum", named=named
    )
