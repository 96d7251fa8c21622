"""An open case that nobody keeps is seen by who gives cases out, however its keeper went, and is given anew."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.language.events import CaseAssigned
from shared.language.roles import Role
from tests.contracts.problem import assert_problem
from tests.harness.desk import Desk
from tests.harness.plans import statements_of
from tests.intake.office import OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, value_of, words_of
from tests.intake.rows import multiply, plans
from tests.intake.seated import end_seats, leave, lend, seat

MANAGER = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham", "person": "manager"}
HEAD_OFFICE = {"role": Role.INTAKE_OFFICER, "branch": None}
UNKEPT = "/api/v1/caseload/unkept"
OTHER = {"national_id": OTHER_NATIONAL_ID, "name": "منى العتيبي", "mobile": "0555000222"}
ID = "substr(one.id, 1, 20) || printf('%016d', n)"
REFERENCE = "printf('JMM-2025-%06d', n)"


@pytest.fixture
async def near(office: Office) -> Office:
    """A branch with two delegates, of whom one takes the requests."""
    await seat(office.desk, "delegate-1", "delegate-2")
    return Office(office.desk, role=Role.DELEGATE, branch="hada_sham", person="delegate-1")


async def unkept(near: Office, **who: Any) -> list[str]:
    return [one["id"] for one in (await near.get(UNKEPT, **(MANAGER | who)))["items"]]


async def runs_out(desk: Desk, person: str) -> None:
    """He sat there for another, and the days are over."""
    await end_seats(desk, person)
    await lend(desk, to=person, of="delegate-2", days=1)
    desk.clock.forward(timedelta(days=2))


@pytest.mark.parametrize("goes", [end_seats, leave, runs_out], ids=["seat ended", "account closed", "leave over"])
async def test_a_case_whose_keeper_left_waits_for_another(
    near: Office, goes: Callable[[Desk, str], Awaitable[None]]
) -> None:
    case = await near.begin()
    assert await unkept(near) == []
    await goes(near.desk, "delegate-1")
    assert await unkept(near) == [case["id"]]
    assert await unkept(near, branch="ayn_shams") == []
    await near.step(case, "assignment", {"person_id": "delegate-2", "reason": "غادر زميله"}, **MANAGER)
    assert await unkept(near) == []


async def test_who_sits_for_another_during_his_leave_keeps_what_he_was_given(near: Office) -> None:
    await near.begin()
    await end_seats(near.desk, "delegate-1")
    await lend(near.desk, to="delegate-1", of="delegate-2", days=7)
    assert await unkept(near) == []
    await leave(near.desk, "delegate-2")
    assert len(await unkept(near)) == 1, "the seat that he sat in is nobody's now"


async def test_who_keeps_at_the_head_office_keeps_a_case_of_any_branch(near: Office) -> None:
    case = await near.begin()
    await seat(near.desk, "officer", role=Role.INTAKE_OFFICER, branch=None)
    await near.step(case, "assignment", {"person_id": "officer", "reason": "سبب"}, **MANAGER)
    assert await unkept(near) == []


async def test_a_case_that_came_from_another_branch_waits_until_somebody_is_given_it(near: Office) -> None:
    case = await near.begin()
    await near.step(case, "reception", {})
    asked = await near.step(case, "transfers", {"to_branch": "ayn_shams", "reason": "سبب"})
    far = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
    await near.post(f"/api/v1/transfers/{asked['id']}/acceptance", {"reason": "سبب"}, **far)
    assert await unkept(near) == []
    assert await unkept(near, **far) == [case["id"]]
    assert await unkept(near, **HEAD_OFFICE) == [case["id"]]


async def test_an_ended_case_and_a_branchs_draft_are_not_the_head_offices_to_give(near: Office) -> None:
    draft = await near.begin()
    ended = await near.begin(applicant=OTHER)
    await near.step(ended, "withdrawal")
    await end_seats(near.desk, "delegate-1")
    assert await unkept(near) == [draft["id"]]
    assert await unkept(near, **HEAD_OFFICE) == []


async def test_several_are_given_in_one_act_or_none_of_them(near: Office) -> None:
    cases = [await near.begin(), await near.begin(applicant=OTHER)]
    await end_seats(near.desk, "delegate-1")
    ids = [case["id"] for case in cases]
    body = {"case_ids": [*ids, "no-such-case"], "person_id": "delegate-2", "reason": "غادر زميله"}
    none = await near.desk.call("POST", "/api/v1/assignments", body=body, **(near.who | MANAGER))
    assert_problem(none, status=404, code="case_not_found")
    assert await unkept(near) == ids
    given = (await near.post("/api/v1/assignments", body | {"case_ids": ids}, **MANAGER)).json()
    assert {one["assigned_to"] for one in given} == {"delegate-2"}
    assert await unkept(near) == []
    told = [event for event in await near.desk.told(CaseAssigned) if isinstance(event, CaseAssigned)]
    assert [event.case_id for event in told] == ids


async def test_the_manager_finds_them_on_his_home_and_above_his_caseload(near: Office, pages: Pages) -> None:
    case = await near.begin()
    assert "لا يتولاها أحد" not in words_of(await pages.get("/desk", **MANAGER))
    await end_seats(near.desk, "delegate-1")
    assert "ملفات لا يتولاها أحد طلب واحد" in words_of(await pages.get("/desk", **MANAGER))
    shown = words_of(await pages.get("/desk/caseload", **MANAGER))
    assert shown.index(case["reference"]) > shown.index("ملفات لا يتولاها أحد")
    again = await pages.post("/desk/caseload", {"keeper": "delegate-1", "reason": "سبب"}, **MANAGER)
    assert errors_of(again) == ["case_ids"]
    sent = {"case_ids": case["id"], "keeper": "delegate-1", "reason": "غادر زميله"}
    gone = await pages.post("/desk/caseload", sent, **MANAGER)
    assert (gone.status_code, errors_of(gone)) == (422, ["keeper"])
    later = await pages.post("/desk/caseload", sent | {"unkept_after": "0"}, **MANAGER)
    assert value_of(later, "unkept_after") == "0", "the page that it was sent from"
    done = await pages.post("/desk/caseload", sent | {"keeper": "delegate-2"}, **MANAGER)
    assert done.status_code == 303
    assert (await near.now(case))["assigned_to"] == "delegate-2"
    assert "لا يتولاها أحد" not in words_of(await pages.get("/desk", **MANAGER))
    assert "لا يتولاها أحد" not in words_of(await pages.get("/desk/caseload", **(MANAGER | {"role": Role.DELEGATE})))


async def test_what_nobody_keeps_is_found_among_100_000_without_reading_them_all(near: Office) -> None:
    await near.begin()
    branch, keeper = "iif(n % 2, 'hada_sham', 'ayn_shams')", "'delegate-' || (n % 40)"
    said = {"id": ID, "reference": REFERENCE, "branch_id": branch, "assigned_to": keeper, "status": "'received'"}
    multiply(near.desk, "cases", **said)
    for who in (MANAGER, HEAD_OFFICE):
        async with statements_of(near.desk.runtime.database) as asked:
            assert await unkept(near, **who)
        found = await plans(near.desk, asked, of="cases")
        assert found
        for plan in found:
            assert "SCAN cases" not in plan, plan
            assert "cases_by_keeper" in plan or " id=?)" in plan, plan
