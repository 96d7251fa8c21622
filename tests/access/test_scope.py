"""A query written without a thought of scope gets its own rows, and one without a scope gets nothing but a refusal."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.documents import Document
from services.intake.domain.people import Beneficiary
from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel
from shared.language.events import CaseMadeConfidential, CaseMadeOpen
from shared.plumbing.confidence import keep_confidence
from shared.plumbing.database import Database
from shared.plumbing.identity import Scope
from shared.plumbing.migrations import migrate
from shared.plumbing.scope import EVERYTHING, Rows
from shared.plumbing.scoped_session import Unscoped, set_scope
from shared.plumbing.seal import RING
from tests.harness.desk import NOON, SEAL_KEY

HERE, THERE = "here", "there"
HEAD = Scope(association_id=HERE, person_id="officer")
NEAR = Scope(association_id=HERE, branch_id="near", person_id="delegate")
STRANGER = Scope(association_id=THERE, person_id="officer")
NAMED = Scope(association_id=HERE, person_id="named")
CASES = {"near-1": (HERE, "near"), "far-1": (HERE, "far"), "there-1": (THERE, "near")}
SEEN = [(HEAD, ["far-1", "near-1"]), (NEAR, ["near-1"]), (STRANGER, ["there-1"])]
BY_SCOPE = pytest.mark.parametrize(("scope", "seen"), SEEN, ids=["head office", "branch", "another association"])


def case(number: str, *, association: str = HERE, branch: str = "near") -> Case:
    return Case(
        id=number,
        association_id=association,
        branch_id=branch,
        reference=number,
        beneficiary_id=f"person-{association}",
        service_id="s",
        department_id="d",
        channel=Channel.PHONE,
        status=CaseStatus.DRAFT,
        form="{}",
        opened_by="delegate",
        opened_at=NOON,
    )


def paper(of: str) -> Document:
    return Document(
        id=f"paper-{of}", case_id=of, kind="k", issued_on=date(2026, 1, 1), recorded_by="p", recorded_at=NOON
    )


def person(association: str) -> Beneficiary:
    return Beneficiary(
        id=f"person-{association}",
        association_id=association,
        national_id_index="1",
        national_id="1",
        name="نورة",
        language="ar",
        opened_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


async def fill(database: Database) -> None:
    """Three cases with a paper each: two branches, two associations."""
    async with database.write(scope=EVERYTHING) as session:
        session.add_all([person(HERE), person(THERE)])
        await session.flush()
        session.add_all([case(number, association=a, branch=b) for number, (a, b) in CASES.items()])
        await session.flush()
        session.add_all([paper(number) for number in CASES])


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    RING.hold([SEAL_KEY])
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/intake.db")
    await migrate(database, versions=INTAKE.migrations, metadata=INTAKE.tables)
    await fill(database)
    yield database
    await database.close()


Careless = Callable[[AsyncSession], Awaitable[list[str]]]
other = aliased(Case)


async def ids(session: AsyncSession, query: Any) -> list[str]:
    return sorted(str(getattr(row, "id", row)) for row in (await session.exec(query)).all())


CARELESS: dict[str, Any] = {
    "the rows": select(Case),
    "a column": select(Case.id),
    "an alias": select(other.id),
    "by the papers of a join": select(Case.id).join(Document, col(Document.case_id) == col(Case.id)),
    "a subquery": select(Case.id).where(col(Case.id).in_(select(Document.case_id))),
    "from a subquery": select(select(Case.id).subquery().c.id),
    "held for change": select(Case).with_for_update(),
    "an empty condition": select(Case).where((col(Case.id) == "near-1") | (col(Case.id) != "near-1")),
}


@BY_SCOPE
@pytest.mark.parametrize("query", CARELESS.values(), ids=CARELESS)
async def test_a_careless_question_gets_the_own_rows_alone(
    database: Database, query: Any, scope: Scope, seen: list[str]
) -> None:
    async with database.read(scope=scope) as session:
        assert await ids(session, query) == seen


@BY_SCOPE
async def test_what_belongs_to_a_case_is_seen_with_it(database: Database, scope: Scope, seen: list[str]) -> None:
    async with database.read(scope=scope) as session:
        assert await ids(session, select(Document.case_id)) == seen
        assert await ids(session, select(Document.case_id).where(Document.case_id == "far-1")) == [
            number for number in seen if number == "far-1"
        ]


@BY_SCOPE
async def test_a_count_and_a_greatest_are_those_of_the_own_rows(
    database: Database, scope: Scope, seen: list[str]
) -> None:
    async with database.read(scope=scope) as session:
        assert (await session.exec(select(func.count()).select_from(Case))).one() == len(seen)
        assert (await session.exec(select(func.max(Case.id)))).one() == seen[-1]


@BY_SCOPE
@pytest.mark.parametrize("number", CASES)
async def test_a_row_asked_for_by_its_key_is_there_only_for_its_own(
    database: Database, number: str, scope: Scope, seen: list[str]
) -> None:
    async with database.read(scope=scope) as session:
        assert (await session.get(Case, number) is not None) is (number in seen)


@BY_SCOPE
async def test_a_careless_change_reaches_the_own_rows_alone(database: Database, scope: Scope, seen: list[str]) -> None:
    async with database.write(scope=scope) as session:
        assert (await session.exec(update(Case).values(department_id="x"))).rowcount == len(seen)
        assert (await session.exec(delete(Document))).rowcount == len(seen)
    async with database.read(scope=EVERYTHING) as session:
        assert await ids(session, select(Case.id).where(Case.department_id == "x")) == seen


@BY_SCOPE
async def test_the_same_question_of_two_people_in_turn_is_not_answered_from_the_others_rows(
    database: Database, scope: Scope, seen: list[str]
) -> None:
    for whose, expected in [(scope, seen), *SEEN, (scope, seen)]:
        async with database.read(scope=whose) as session:
            assert await ids(session, select(Case.id).where(Case.department_id == "d")) == expected


PAST_THE_MAPPER: dict[str, Any] = {
    "the table": Case.__table__.select(),  # type: ignore[attr-defined]
    "text": text("SELECT id FROM cases"),
    "text with an alias": text("SELECT c.id FROM documents AS d JOIN cases AS c ON c.id = d.case_id"),
    "a change": Case.__table__.update().values(department_id="x"),  # type: ignore[attr-defined]
    "a deletion": Document.__table__.delete(),  # type: ignore[attr-defined]
    "text in small letters": text("select c.id from cases c"),
    "text with a schema": text("SELECT id FROM main.cases"),
    "rows copied into another table": text("INSERT INTO effects (id) SELECT id FROM cases"),
    "a column named like the condition": text("SELECT association_id FROM cases WHERE id = 'there-1'"),
}


@pytest.mark.parametrize("statement", PAST_THE_MAPPER.values(), ids=PAST_THE_MAPPER)
async def test_a_statement_past_the_mapper_without_the_scopes_conditions_is_refused(
    database: Database, statement: Any
) -> None:
    async with database.read(scope=HEAD) as session:
        with pytest.raises(Unscoped):
            await (await session.connection()).execute(statement)


@pytest.mark.parametrize("statement", [*CARELESS.values(), *PAST_THE_MAPPER.values()])
async def test_a_session_without_a_scope_touches_no_scoped_row(database: Database, statement: Any) -> None:
    async with database.read() as session:
        with pytest.raises(Unscoped):
            await session.exec(statement)


async def test_a_session_without_a_scope_gets_no_row_by_its_key_and_writes_none(database: Database) -> None:
    async with database.read() as session:
        with pytest.raises(Unscoped):
            await session.get(Case, "near-1")
    with pytest.raises(Unscoped):
        async with database.write() as session:
            session.add(case("new"))


@pytest.mark.parametrize("foreign", [{"association": THERE}, {"branch": "far"}], ids=["association", "branch"])
async def test_a_row_of_another_scope_is_not_written(database: Database, foreign: dict[str, str]) -> None:
    with pytest.raises(Unscoped):
        async with database.write(scope=NEAR) as session:
            session.add(case("new", **foreign))


async def test_a_row_is_not_moved_out_of_the_scope(database: Database) -> None:
    async with database.write(scope=NEAR) as session:
        own = (await session.exec(select(Case))).one()
        own.association_id = THERE
        with pytest.raises(Unscoped):
            await session.flush()
        await session.rollback()


async def test_a_scope_said_on_the_way_holds_from_then_on(database: Database) -> None:
    async with database.read() as session:
        await set_scope(session, NEAR)
        assert await ids(session, select(Case.id)) == ["near-1"]
        await set_scope(session, STRANGER)
        assert await ids(session, select(Case.id)) == ["there-1"]


@pytest.mark.parametrize("name", ["association_id", "branch_id"])
def test_nobody_is_everybody_by_calling_himself_a_star(name: str) -> None:
    with pytest.raises(ValueError, match="one association"):
        Scope(**({"association_id": HERE} | {name: "*"}))


def made_confidential(*named: str) -> CaseMadeConfidential:
    return CaseMadeConfidential(
        association_id=HERE, case_id="near-1", reference="near-1", branch_id="near", named=named
    )


@pytest.mark.parametrize(
    ("scope", "seen"),
    [(HEAD, ["far-1"]), (NEAR, []), (NAMED, ["far-1", "near-1"]), (STRANGER, ["there-1"]), (EVERYTHING, sorted(CASES))],
)
async def test_of_a_confidential_case_only_those_named_see_anything(
    database: Database, scope: Rows, seen: list[str]
) -> None:
    async with database.write(scope=EVERYTHING) as session:
        await keep_confidence(session, made_confidential("named"), at=NOON)
    async with database.read(scope=scope) as session:
        assert await ids(session, select(Case.id)) == seen
        assert await ids(session, select(Document.case_id)) == seen


async def test_whom_a_later_word_does_not_name_sees_it_no_more_until_it_is_open(database: Database) -> None:
    async def seen_by(scope: Scope) -> list[str]:
        async with database.read(scope=scope) as session:
            return await ids(session, select(Case.id).where(Case.branch_id == "near"))

    for named in ("named", "delegate"):
        async with database.write(scope=EVERYTHING) as session:
            await keep_confidence(session, made_confidential(named), at=NOON)
    assert (await seen_by(NAMED), await seen_by(NEAR)) == ([], ["near-1"])
    async with database.write(scope=EVERYTHING) as session:
        opened = CaseMadeOpen(association_id=HERE, case_id="near-1", reference="near-1")
        await keep_confidence(session, opened, at=NOON)
    assert (await seen_by(NAMED), await seen_by(NEAR)) == (["near-1"], ["near-1"])
