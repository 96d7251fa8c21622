"""Caseloads, transfers, plans and proposals: a page of 100,000 rows reads an index in its order."""

import pytest

from services.intake.store import proposals as store
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION, Desk
from tests.harness.plans import statements_of
from tests.intake.office import Office
from tests.intake.rows import MANY, count, multiply, plan_of_page, plans
from tests.intake.test_contacts import reach
from tests.intake.test_proposals import with_paper

ID = "substr(one.id, 1, 20) || printf('%016d', n)"
REFERENCE = "printf('JMM-2025-%06d', n)"
BRANCH = "CASE n % 3 WHEN 0 THEN 'jamoum' WHEN 1 THEN 'hada_sham' ELSE 'ayn_shams' END"
NEAR = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
LATE_IN_2026 = "1797000000000000.a"
"""The `after` of a page far down a list that goes by an instant."""


@pytest.fixture
def near(office: Office) -> Office:
    return Office(office.desk, **NEAR)


async def with_cases(near: Office, **said: str) -> None:
    multiply(near.desk, "cases", id=ID, reference=REFERENCE, branch_id=BRANCH, **said)


def in_order(plan: str, index: str) -> None:
    assert f"USING INDEX {index} (" in plan or f"USING COVERING INDEX {index} (" in plan, plan
    assert "SCAN" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan


async def test_a_caseload_reads_its_index_in_order(near: Office) -> None:
    await near.begin()
    await with_cases(near, assigned_to="'delegate-' || (n % 40)", ended_at="iif(n % 4, NULL, one.opened_at)")
    for who, index in (({}, "cases_by_keeper"), ({"role": Role.INTAKE_OFFICER, "branch": None}, "cases_of_person")):
        path = "/api/v1/caseload?person_id=delegate-7"
        in_order(await plan_of_page(near, path, of="cases", **who), index)


async def test_a_page_of_transfers_reads_its_index_in_order(near: Office) -> None:
    case = await near.begin()
    await near.step(case, "transfers", {"to_branch": "ayn_shams", "reason": "سبب"})
    await with_cases(near)
    answered = "iif(n % 2, NULL, one.asked_at)"
    multiply(near.desk, "transfers", id=ID, case_id="(SELECT id FROM cases WHERE rowid = n + 1)", answered_at=answered)
    for path, who, index in (
        ("/api/v1/transfers?side=to", {"branch": "ayn_shams"}, "transfers_to"),
        ("/api/v1/transfers?side=from", {}, "transfers_from"),
        ("/api/v1/transfers", {"role": Role.INTAKE_OFFICER, "branch": None}, "transfers_open"),
    ):
        in_order(await plan_of_page(near, path, of="transfers", **who), index)


async def test_a_days_deliveries_read_its_index_in_order(near: Office) -> None:
    case = await near.walk(to=CaseStatus.REGISTERED)
    await near.step(case, "delivery-plans", {"planned_for": "2026-12-20", "place": "الفرع", "what": "حقيبة"})
    day = "date('2026-01-01', '+' || (n % 700) || ' days')"
    multiply(near.desk, "delivery_plans", id=ID, branch_id=BRANCH, planned_for=day)
    for who, index in (
        ({}, "delivery_plans_day_of_branch"),
        ({"role": Role.INTAKE_OFFICER, "branch": None}, "delivery_plans_day"),
    ):
        path = "/api/v1/delivery-plans?day=2026-12-20"
        in_order(await plan_of_page(near, path, of="delivery_plans", **who), index)


async def test_whom_to_call_is_read_by_the_hour_that_was_promised(near: Office) -> None:
    await reach(near)
    hour = "datetime('2026-01-01', '+' || n || ' minutes') || '.000000'"
    called = "iif(n % 4, one.taken_at, NULL)"
    multiply(near.desk, "first_contacts", id=ID, branch_id=BRANCH, call_back_at=hour, called_back_at=called)
    for who, index in (
        ({}, "first_contacts_to_call_of_branch"),
        ({"role": Role.INTAKE_OFFICER, "branch": None}, "first_contacts_to_call"),
    ):
        for path in ("/api/v1/calls", f"/api/v1/calls?after={LATE_IN_2026}"):
            in_order(await plan_of_page(near, path, of="first_contacts", **who), index)


async def test_what_waits_for_an_answer_is_read_by_when_it_is_due(near: Office) -> None:
    case = await near.begin()
    await near.step(case, "reception", {})
    await near.step(case, "clarifications", {"question": "هل يلزم عقد؟"})
    due = "datetime('2026-01-01', '+' || n || ' minutes') || '.000000'"
    answered = "iif(n % 4, one.due_at, NULL)"
    multiply(near.desk, "clarification_terms", clarification_id="'x' || n", due_at=due, answered_at=answered)
    for path in ("/api/v1/clarifications/waiting", f"/api/v1/clarifications/waiting?after={LATE_IN_2026}"):
        who = {"role": Role.SOCIAL_RESEARCHER, "branch": None}
        in_order(await plan_of_page(near, path, of="clarification_terms", **who), "clarification_terms_open")


async def test_a_new_request_reads_the_cases_of_its_applicant_alone(near: Office) -> None:
    """`make bench PARTS=growth` found it reading all that the association has."""
    await near.begin()
    await with_cases(near, beneficiary_id="'other-' || n")
    multiply(near.desk, "person_search_keys", person_id="'other-' || n")
    again = near.new_case() | {"despite": "حاجة أخرى"}
    async with statements_of(near.desk.runtime.database) as asked:
        await near.post("/api/v1/cases", again)
    keys = [(statement, said) for statement, said in asked if statement.startswith("SELECT person_search_keys")]
    assert keys
    for plan in await plans(near.desk, keys, of="person_search_keys"):
        assert "search_keys_of_person (person_id=? AND association_id=?)" in plan, plan
    of_people = [(statement, said) for statement, said in asked if "cases.beneficiary_id IN" in statement]
    assert of_people
    for plan in await plans(near.desk, of_people, of="cases"):
        assert "cases_of_beneficiary (beneficiary_id=? AND association_id=?)" in plan, plan


async def test_a_history_of_benefits_reads_its_index_in_order(near: Office) -> None:
    case = await near.walk(to=CaseStatus.DELIVERED)
    subject = (await near.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    multiply(near.desk, "given_benefits", id=ID, beneficiary_id="iif(n % 1000, 'other-' || n, one.beneficiary_id)")
    plan = await plan_of_page(near, f"/api/v1/people/{subject}/benefits", of="given_benefits")
    in_order(plan, "given_benefits_of_person")


async def test_a_page_of_proposals_reads_its_index_in_order(near: Office) -> None:
    await with_paper(near, days=20)
    await near.post("/api/v1/proposals/looks", {})
    await near.desk.settle()
    settled = "iif(n % 10, one.made_at, NULL)"
    multiply(near.desk, "proposals", id=ID, mark="'x' || n", branch_id=BRANCH, settled_at=settled)
    for who, index in (({}, "proposals_of_branch"), ({"role": Role.INTAKE_OFFICER, "branch": None}, "proposals_open")):
        in_order(await plan_of_page(near, "/api/v1/proposals", of="proposals", **who), index)


async def test_a_look_reads_a_page_of_papers_and_of_served_cases_by_index(near: Office) -> None:
    await with_paper(near, days=20)
    multiply(near.desk, "documents", id=ID, expires_on="date('2026-01-01', '+' || (n % 2000) || ' days')")
    await with_cases(near, delivered_on="iif(n % 5, NULL, '2026-01-01')")
    assert await count(near.desk, "SELECT count(*) FROM documents") == MANY + 1
    for of, index in (("documents", "documents_running_out"), ("cases", "cases_served")):
        in_order(await first_plan(near.desk, of=of), index)


async def first_plan(desk: Desk, *, of: str) -> str:
    """How the first page of a look goes about its table."""
    today, pack = desk.clock.now().date(), pack_of(ASSOCIATION)
    async with statements_of(desk.runtime.database) as asked, desk.runtime.database.read(scope=EVERYTHING) as session:
        if of == "documents":
            of_branch = {"association_id": pack.id, "branch": "hada_sham"}
            await store.papers_running_out(session, **of_branch, begin=today, end=today, after=(today, ""), limit=200)
        else:
            await store.served_cases(session, association_id=pack.id, branch="hada_sham", after="", limit=200)
    (plan,) = await plans(desk, asked, of=of)
    return plan


async def test_the_next_page_of_a_branch_that_closes_reads_an_index(near: Office) -> None:
    await near.begin()
    await with_cases(near)
    body = {"to_branch": "jamoum", "reason": "سبب"}
    async with statements_of(near.desk.runtime.database) as asked:
        closing = await near.post(
            "/api/v1/branches/hada_sham/closing", body, role=Role.ASSOCIATION_ADMINISTRATOR, branch=None
        )
        assert closing.json()["total"] > MANY // 4
        await near.desk.worker.work_once()
    found = await plans(near.desk, asked, of="cases")
    assert [plan for plan in found if "SCAN" in plan] == []
    assert any("cases_of_branch (" in plan for plan in found)
