"""For a breach: whose data one person, one branch or anybody saw or changed within some hours, by index."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from shared.language.roles import Role
from shared.plumbing.audit.checking import broken_in
from shared.plumbing.audit.entry import written
from shared.plumbing.audit.reading import first_id_at, page_of, touched
from shared.plumbing.audit.tables import entries, heads
from shared.plumbing.clock import SystemClock
from shared.plumbing.database import Database
from shared.plumbing.origin import new_id
from tests.harness.desk import ASSOCIATION
from tests.harness.plans import plan_of, reads_a_whole_table, statements_of
from tests.intake.office import KHARJ, Office
from tests.plumbing.bench import empty_tables

CASES = "/api/v1/cases"
HOUR = timedelta(hours=1)
MANY = 100_000


async def touched_now(office: Office, *, association: str = ASSOCIATION, **more: str) -> list[str]:
    now = SystemClock().now()
    async with office.desk.runtime.database.read() as session:
        return await touched(session, association_id=association, since=now - HOUR, until=now + HOUR, **more)


async def test_it_names_the_cases_that_were_opened_changed_or_stood_on_a_page(office: Office) -> None:
    first, second, third = [(await office.begin())["id"] for _ in range(3)]
    await office.get(f"{CASES}/{first}", role=Role.AUDITOR, person="a-1")
    await office.get(f"{CASES}?limit=1&after={first}", role=Role.AUDITOR, person="a-1")
    await office.get(f"{CASES}/{third}", role=Role.DELEGATE, person="d-1", branch="jamoum")
    assert await touched_now(office, by="a-1") == sorted([first, second])
    assert await touched_now(office, branch_id="jamoum") == [third]
    assert await touched_now(office) == sorted([first, second, third])
    assert await touched_now(office, association=KHARJ) == []


async def test_who_was_refused_touched_nobody(office: Office) -> None:
    case = await office.begin()
    await office.desk.call("GET", f"{CASES}/{case['id']}", role=Role.DELEGATE, person="d-1", branch="hada_sham")
    assert await touched_now(office, by="d-1") == []


async def test_the_hours_are_those_of_the_machine_to_the_microsecond(office: Office) -> None:
    case = await office.begin()
    async with office.desk.runtime.database.read() as session:
        connection = await session.connection()
        at = datetime.fromisoformat(
            str(await connection.scalar(entries.select().with_only_columns(entries.c.machine_at)))
        )
        just = timedelta(microseconds=1)
        for since, until, expected in (
            (at, at + just, [case["id"]]),
            (at + just, at + HOUR, []),
            (at - HOUR, at, []),
        ):
            assert await touched(session, association_id=ASSOCIATION, since=since, until=until) == expected


@pytest.fixture
async def hundred_thousand(database_url: str) -> AsyncIterator[Database]:
    """A trail of a hundred thousand entries over fifty days, a tenth of them pages of lists."""
    database = Database(database_url, patience=None)
    if not database.is_sqlite:
        await empty_tables(database)
    begin, step = datetime(2026, 10, 1, tzinfo=UTC), timedelta(days=50) / MANY
    common = {"kind": "looked", "act": "show_case", "previous": "", "hash": ""}

    def row(n: int) -> dict[str, object]:
        at = begin + n * step
        unlike = f"{n:012x}"
        return common | {
            "id": f"{first_id_at(at)[:14]}7{n % 4096:03x}-8000-{unlike}",
            "chain": f"case:c-{n % 5_000}",
            "number": n // 5_000 + 1,
            "association_id": f"association-{n % 5}",
            "person_id": f"p-{n % 200}",
            "case_id": f"c-{n % 5_000}" if n % 10 else None,
            "shown": None if n % 10 else json.dumps([f"c-{m % 5_000}" for m in range(n, n + 5)]),
            "subject_id": None,
            "object_id": None,
            "branch_id": f"b-{n % 7}",
            "at": written(at),
            "machine_at": written(at),
        }

    async with database.write() as session:
        connection = await session.connection()
        for start in range(0, MANY, 10_000):
            await connection.execute(insert(entries), [row(n) for n in range(start, start + 10_000)])
        ends = [{"chain": f"case:c-{n}", "number": 20, "hash": "", "seal": ""} for n in range(5_000)]
        await connection.execute(insert(heads), ends)
        for table in ("audit_entries", "audit_heads"):
            await connection.execute(text(f"ANALYZE {table}"))
    yield database
    await database.close()


async def test_of_a_hundred_thousand_entries_no_question_reads_all(hundred_thousand: Database) -> None:
    database = hundred_thousand
    since = datetime(2026, 10, 20, tzinfo=UTC)
    hours = {"association_id": "association-1", "since": since, "until": since + HOUR}
    async with statements_of(database) as asked:
        async with database.read() as session:
            seen = await touched(session, **hours)  # type: ignore[arg-type]
            by_one = await touched(session, **hours, by="p-1")  # type: ignore[arg-type]
            of_branch = await touched(session, **hours, branch_id="b-3")  # type: ignore[arg-type]
            pages = [
                await page_of(session, association_id="association-1", limit=50),
                await page_of(session, association_id="association-1", case_id="c-11", limit=50),
                await page_of(session, association_id="association-1", person_id="p-11", limit=50),
                await page_of(session, case_id="c-11", limit=50, after=new_id()),
            ]
        # Signed by nobody, so it is broken; but it is found by index.
        assert await broken_in(database, "case:c-11") is not None
    assert len(seen) > len(of_branch) > 0
    assert set(by_one) < set(seen)
    assert [len(page) for page in pages] == [50, 20, 50, 0]
    async with database.read() as session:
        for statement, values in asked:
            if statement.startswith("SELECT"):
                plan = await plan_of(session, statement, values, sqlite=database.is_sqlite)
                assert not reads_a_whole_table(plan), f"{statement}\n{plan}"
