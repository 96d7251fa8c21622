"""The body sees its own association's cases; a branch sees none of what lies before the body."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.scope import EVERYTHING
from tests.contracts.problem import refused
from tests.harness.desk import ASSOCIATION, Desk
from tests.research.body import KHARJ, Body, ballot

OFFICES = [Role.INTAKE_OFFICER, Role.ASSOCIATION_ADMINISTRATOR, Role.QUALITY_OFFICER, Role.PLATFORM_OPERATOR]


async def listed(desk: Desk, query: str = "", *, association: str = ASSOCIATION) -> tuple[list[str], str | None]:
    path = f"/api/v1/reviews?{query}"
    answer = await desk.call("GET", path, role=Role.COMMITTEE_MEMBER, association=association)
    assert answer.status_code == 200, answer.text
    return [review["case_id"] for review in answer.json()["items"]], answer.json()["next"]


async def test_the_list_is_read_a_page_at_a_time(research: Desk) -> None:
    for number in range(5):
        await Body(research, case=f"case-{number}").take_up()
    first, after = await listed(research, "limit=2")
    second, after = await listed(research, f"limit=2&after={after}")
    third, after = await listed(research, f"limit=2&after={after}")
    assert (first, second, third) == (["case-0", "case-1"], ["case-2", "case-3"], ["case-4"])
    assert after is None


async def test_the_list_holds_the_cases_of_ones_own_association(research: Desk) -> None:
    await Body(research, case="jamoum").take_up()
    await Body(research, association=KHARJ, case="kharj").take_up()
    assert await listed(research) == (["jamoum"], None)
    assert await listed(research, association=KHARJ) == (["kharj"], None)


async def test_the_list_can_be_narrowed_to_a_status(research: Desk) -> None:
    await Body(research, case="waiting").take_up()
    studied = Body(research, case="studied")
    await studied.take_up()
    await studied.study()
    assert await listed(research, "status=studied") == (["studied"], None)


@pytest.mark.parametrize(("query", "field"), [("limit=0", "limit"), ("limit=201", "limit"), ("status=lost", "status")])
async def test_a_malformed_question_to_the_list_is_refused(research: Desk, query: str, field: str) -> None:
    await refused(
        research,
        "GET",
        f"/api/v1/reviews?{query}",
        role=Role.COMMITTEE_MEMBER,
        status=422,
        code="malformed",
        field=field,
    )


async def test_another_associations_case_does_not_exist(research: Desk) -> None:
    await Body(research).take_up()
    stranger = Body(research, association=KHARJ)
    gone = {"status": 404, "code": "review_not_found"}
    await stranger.refuse("study", {"findings": "زيارة"}, Role.SOCIAL_RESEARCHER, **gone)
    await stranger.refuse("votes", ballot("accepted"), Role.COMMITTEE_MEMBER, **gone)
    await stranger.refuse("committee-decision", {"reason": "نعم"}, Role.COMMITTEE_CHAIR, **gone)
    await stranger.refuse("department-decision", ballot("accepted"), Role.DEPARTMENT_DECIDER, **gone)
    await refused(research, "GET", "/api/v1/cases/case-1/review", **(stranger.who(Role.AUDITOR) | gone))


@pytest.mark.parametrize("role", [*sorted(BRANCH_ROLES), *OFFICES])
async def test_who_has_no_seat_in_the_body_sees_and_does_nothing(research: Desk, role: Role) -> None:
    body = Body(research)
    await body.take_up()
    barred = {"role": role, "branch": body.pack.branches[1].id, "status": 403, "code": "not_allowed"}
    await refused(research, "GET", "/api/v1/reviews", **barred)
    await refused(research, "GET", "/api/v1/cases/case-1/review", **barred)
    for path in ("study", "votes", "committee-decision", "department-decision"):
        await refused(research, "POST", f"/api/v1/cases/case-1/{path}", body={}, **barred)


@pytest.mark.parametrize(
    ("path", "role", "others"),
    [
        ("study", Role.SOCIAL_RESEARCHER, [Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.DEPARTMENT_DECIDER]),
        ("votes", Role.COMMITTEE_MEMBER, [Role.SOCIAL_RESEARCHER, Role.DEPARTMENT_DECIDER, Role.AUDITOR]),
        ("committee-decision", Role.COMMITTEE_CHAIR, [Role.COMMITTEE_MEMBER, Role.DEPARTMENT_DECIDER]),
        ("department-decision", Role.DEPARTMENT_DECIDER, [Role.COMMITTEE_CHAIR, Role.SOCIAL_RESEARCHER]),
    ],
)
async def test_a_step_belongs_to_its_seat(research: Desk, path: str, role: Role, others: list[Role]) -> None:
    body = Body(research)
    await body.take_up()
    for other in others:
        await body.refuse(path, {}, other, status=403, code="not_allowed")
    assert (await body.call("POST", path, role, body={})).json()["code"] == "malformed"


@pytest.mark.parametrize(
    ("path", "role", "body", "field"),
    [
        ("study", Role.SOCIAL_RESEARCHER, {"findings": ""}, "findings"),
        ("study", Role.SOCIAL_RESEARCHER, {"findings": "x" * 4001}, "findings"),
        ("study", Role.SOCIAL_RESEARCHER, {"findings": "زيارة", "grade": 5}, "grade"),
        ("votes", Role.COMMITTEE_MEMBER, ballot("maybe"), "verdict"),
        ("votes", Role.COMMITTEE_MEMBER, {"verdict": "accepted"}, "reason"),
        ("committee-decision", Role.COMMITTEE_CHAIR, {"reason": "نعم", "missing": ["x"] * 51}, "missing"),
        ("committee-decision", Role.COMMITTEE_CHAIR, {"reason": "نعم", "verdict": "accepted"}, "verdict"),
        ("department-decision", Role.DEPARTMENT_DECIDER, {"reason": "نعم"}, "verdict"),
    ],
)
async def test_a_malformed_word_of_the_body_is_refused_by_field(
    research: Desk, path: str, role: Role, body: dict[str, object], field: str
) -> None:
    before = Body(research)
    await before.take_up()
    await before.refuse(path, body, role, status=422, code="malformed", field=field)


async def test_the_body_reads_the_file_and_the_study(research: Desk) -> None:
    body = Body(research)
    await body.take_up()
    await body.study()
    shown = (await body.call("GET", "review", Role.COMMITTEE_MEMBER)).json()
    assert "نورة الحربي" in shown["file"]
    assert shown["findings"] == "زيارة منزلية"


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "reviews_of_association (association_id=? AND id>?)"),
        ("status=open", "reviews_queue (association_id=? AND status=? AND id>?)"),
    ],
)
async def test_a_page_of_the_list_reads_an_index_in_its_order(research: Desk, query: str, index: str) -> None:
    await Body(research).take_up()
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "FROM reviews" in statement:
            asked.append((statement, parameters))

    event.listen(research.runtime.database.engine.sync_engine, "before_cursor_execute", note)
    assert (await listed(research, query))[0] == ["case-1"]
    ((statement, parameters),) = asked
    async with research.runtime.database.read(scope=EVERYTHING) as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plan = [row[3] for row in rows]
        assert plan[0] == f"SEARCH reviews USING INDEX {index}"
        assert not any("SCAN" in line for line in plan)
