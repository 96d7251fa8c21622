"""A case moves by pages: asked, accepted, refused or taken back; given to a person; and a branch that closes."""

from datetime import timedelta
from typing import Any

import pytest

from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of

S = CaseStatus
NEAR = {"role": Role.DELEGATE, "branch": "hada_sham"}
NEAR_MANAGER = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
FAR = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
ADMINISTRATOR: dict[str, Any] = {"role": Role.ASSOCIATION_ADMINISTRATOR}
WHY = "انتقلت الأسرة"


@pytest.fixture
def near(office: Office) -> Office:
    return Office(office.desk, **NEAR)


async def asked(near: Office, pages: Pages) -> tuple[dict[str, Any], str]:
    """A case, and the page of its asking."""
    case = await near.walk(to=S.RECEIVED)
    sent = await pages.post(f"/desk/cases/{case['id']}/transfers", {"to_branch": "ayn_shams", "reason": WHY}, **NEAR)
    assert sent.status_code == 303, words_of(sent)
    queue = await pages.get("/desk/transfers", **FAR)
    path = main_of(queue).partition('href="/desk/transfers/')[2].partition('"')[0]
    return case, f"/desk/transfers/{path}"


async def test_a_case_is_asked_for_and_taken_over(near: Office, pages: Pages) -> None:
    case, path = await asked(near, pages)
    assert case["reference"] in words_of(await pages.get("/desk/transfers", **FAR))
    assert case["reference"] in words_of(await pages.get("/desk/transfers?side=from", **NEAR))
    page = await pages.get(path, **FAR)
    assert WHY in words_of(page)
    assert NAME not in page.text, "of the case itself it says its number alone"
    taken = await pages.post(path, {"answer": "accept", "reason": "نعرفهم"}, **FAR)
    assert taken.status_code == 303, words_of(taken)
    assert (await pages.get(f"/desk/cases/{case['id']}", **FAR)).status_code == 200
    assert (await pages.get(f"/desk/cases/{case['id']}", **NEAR)).status_code == 404
    late = await pages.post(path, {"answer": "refuse", "reason": "كلا"}, **FAR)
    assert late.status_code == 409
    assert "نعرفهم" in words_of(await pages.get(path, **FAR))


@pytest.mark.parametrize(("answer", "who"), [("refuse", FAR), ("revoke", NEAR)])
async def test_what_is_refused_or_taken_back_stays_where_it_is(
    near: Office, pages: Pages, answer: str, who: dict[str, Any]
) -> None:
    case, path = await asked(near, pages)
    nothing = await pages.post(path, {"answer": answer, "reason": ""}, **who)
    assert errors_of(nothing) == ["reason"]
    assert f'value="{answer}" checked' in main_of(nothing)
    said = await pages.post(path, {"answer": answer, "reason": "سكنهم قريب منكم"}, **who)
    assert said.status_code == 303, words_of(said)
    assert (await pages.get(f"/desk/cases/{case['id']}", **NEAR)).status_code == 200
    assert case["reference"] not in words_of(await pages.get("/desk/transfers", **FAR))


async def test_a_delegate_is_offered_no_taking_over_and_gets_none(near: Office, pages: Pages) -> None:
    _, path = await asked(near, pages)
    delegate = {"role": Role.DELEGATE, "branch": "ayn_shams"}
    assert "<form" not in main_of(await pages.get(path, **delegate))
    before = everything_written(near.desk)
    refused = await pages.post(path, {"answer": "accept", "reason": "نعرفهم"}, **delegate)
    assert refused.status_code == 403
    assert value_of(refused, "reason") == "نعرفهم" if "<form" in main_of(refused) else True
    assert everything_written(near.desk) == before


async def test_an_asking_of_two_other_branches_is_not_there(near: Office, pages: Pages) -> None:
    _, path = await asked(near, pages)
    assert (await pages.get(path, role=Role.BRANCH_MANAGER, branch="jamoum")).status_code == 404


async def test_an_asking_says_one_place_and_a_second_one_waits_for_the_first(near: Office, pages: Pages) -> None:
    case, _ = await asked(near, pages)
    path = f"/desk/cases/{case['id']}/transfers"
    both = await pages.post(path, {"to_branch": "jamoum", "to_person": "delegate-2", "reason": WHY}, **NEAR)
    assert errors_of(both) == ["to_branch"]
    again = await pages.post(path, {"to_branch": "jamoum", "reason": WHY}, **NEAR)
    assert again.status_code == 409
    assert value_of(again, "reason") == WHY
    assert 'value="jamoum" selected' in main_of(again)


async def colleague(office: Office) -> str:
    """Somebody who sits in the near branch."""
    added = await office.post("/api/v1/staff", {"user_name": "sara", "name": "سارة العتيبي"}, **ADMINISTRATOR)
    person = str(added.json()["person_id"])
    seat = {"role": "delegate", "branch_id": "hada_sham"}
    await office.post(f"/api/v1/staff/{person}/seats", seat, **ADMINISTRATOR)
    return person


async def test_a_manager_says_who_keeps_a_case_and_sees_what_each_keeps(near: Office, pages: Pages) -> None:
    person = await colleague(near)
    case = await near.walk(to=S.RECEIVED)
    path = f"/desk/cases/{case['id']}/assignment"
    assert (await pages.get(path, **NEAR)).status_code == 403
    form = await pages.get(path, **NEAR_MANAGER)
    assert "سارة العتيبي" in words_of(form)
    assert errors_of(await pages.post(path, {}, **NEAR_MANAGER)) == ["person_id", "reason"]
    given = await pages.post(path, {"person_id": person, "reason": "إجازة زميلها"}, **NEAR_MANAGER)
    assert given.status_code == 303, words_of(given)
    load = await pages.get(f"/desk/caseload?person_id={person}", **NEAR_MANAGER)
    assert case["reference"] in words_of(load)
    own = await pages.get("/desk/caseload", person=person, **NEAR)
    assert case["reference"] in words_of(own)
    other = await pages.get(f"/desk/caseload?person_id={person}", person="delegate-9", **NEAR)
    assert case["reference"] not in words_of(other), "a delegate has his own, whomever he names"


async def test_a_branch_closes_on_its_page_and_all_its_cases_move(near: Office, pages: Pages) -> None:
    case = await near.walk(to=S.RECEIVED)
    sent = {"branch_id": "hada_sham", "to_branch": "ayn_shams", "reason": "دُمج الفرعان"}
    unsure = await pages.post("/desk/branches", sent, **ADMINISTRATOR)
    assert errors_of(unsure) == ["sure"]
    assert 'value="hada_sham" selected' in main_of(unsure)
    same = await pages.post("/desk/branches", sent | {"to_branch": "hada_sham", "sure": "yes"}, **ADMINISTRATOR)
    assert 'role="alert"' in main_of(same)
    assert (await pages.post("/desk/branches", sent | {"sure": "yes"}, **FAR)).status_code == 403
    closed = await pages.post("/desk/branches", sent | {"sure": "yes"}, **ADMINISTRATOR)
    assert closed.status_code == 303, words_of(closed)
    await near.desk.settle()
    near.desk.clock.forward(timedelta(minutes=11))
    await near.desk.settle()
    page = await pages.get("/desk/branches", **FAR)
    assert "دُمج الفرعان" in words_of(page)
    assert "<form" not in main_of(page)
    assert (await pages.get(f"/desk/cases/{case['id']}", **FAR)).status_code == 200
