"""A case moves to another branch or person: asked and answered with a reason, and seen by one branch at a time."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from services.intake.domain.register.duplicates import RepeatedRequest
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import CaseAssigned, CaseTransferred, TransferAsked, TransferRefused, TransferRevoked
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from tests.contracts.problem import assert_problem
from tests.harness.desk import ASSOCIATION
from tests.intake.office import KHARJ, NAME, Office, hear_itself
from tests.intake.rights import erase
from tests.intake.seated import end_seats, leave, seat
from tests.intake.test_contacts import convert, reach
from tests.intake.test_letter_register import letter

S = CaseStatus
NEAR = {"role": Role.DELEGATE, "branch": "hada_sham"}
FAR = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
THIRD = {"role": Role.BRANCH_MANAGER, "branch": "jamoum"}
WHY = {"reason": "انتقلت الأسرة"}


@pytest.fixture
def near(office: Office) -> Office:
    return Office(office.desk, **NEAR)


async def asked_for(near: Office, *, to: CaseStatus = S.RECEIVED, **body: Any) -> tuple[dict[str, Any], str]:
    """A case of the near branch, and the number of an asking for it."""
    case = await near.walk(to=to)
    asked = await near.step(case, "transfers", WHY | ({"to_branch": "ayn_shams"} | body))
    return case, asked["id"]


async def seen_by(office: Office, **who: Any) -> set[str]:
    return {case["id"] for case in (await office.get("/api/v1/cases", **who))["items"]}


async def answer(office: Office, transfer: str, what: str, **who: Any) -> Any:
    return await office.desk.call("POST", f"/api/v1/transfers/{transfer}/{what}", body=WHY, **(office.who | who))


async def test_an_accepted_case_is_the_other_branchs_with_all_that_lies_in_it(near: Office) -> None:
    case, transfer = await asked_for(near, to=S.COMPLETE)
    page = f"/api/v1/cases/{case['id']}"
    assert await seen_by(near) == {case["id"]}
    assert await seen_by(near, **FAR) == set()
    assert_problem(await near.desk.call("GET", page, **FAR), status=404, code="case_not_found")

    assert (await answer(near, transfer, "acceptance", **FAR)).json()["status"] == "accepted"
    assert await seen_by(near) == set()
    assert await seen_by(near, **FAR) == {case["id"]}
    assert_problem(await near.desk.call("GET", page, **NEAR), status=404, code="case_not_found")
    far = Office(near.desk, **FAR)
    shown = await far.now(case)
    assert (shown["branch_id"], shown["assigned_to"], shown["status"]) == ("ayn_shams", None, "complete")
    # It goes on from where it stood: the papers came with it.
    await far.advance(case, to=S.ATTESTED)
    await far.advance(case, to=S.REFERRED)
    (told,) = await near.desk.told(CaseTransferred)
    assert isinstance(told, CaseTransferred)
    assert (told.from_branch, told.to_branch, told.transfer_id) == ("hada_sham", "ayn_shams", transfer)


async def test_why_it_was_begun_beside_one_like_it_follows_the_case(near: Office) -> None:
    await near.begin()
    case = await near.begin(despite="ضاعت الحقيبة الأولى")
    await near.advance(case, to=S.RECEIVED)
    asked = await near.step(case, "transfers", WHY | {"to_branch": "ayn_shams"})
    await answer(near, asked["id"], "acceptance", **FAR)
    async with near.desk.runtime.database.read(scope=EVERYTHING) as session:
        (kept,) = (await session.exec(select(RepeatedRequest))).all()
    assert (kept.case_id, kept.branch_id) == (case["id"], "ayn_shams")


async def test_the_search_follows_the_case(near: Office) -> None:
    _, transfer = await asked_for(near)
    await answer(near, transfer, "acceptance", **FAR)
    there = await near.get(f"/api/v1/people?q={NAME}", **FAR)
    assert [person["name"] for person in there["people"]] == [NAME]
    assert (await near.get(f"/api/v1/people?q={NAME}"))["people"] == []


async def test_a_branch_that_keeps_another_case_of_his_still_finds_him(near: Office) -> None:
    await near.begin()
    _, transfer = await asked_for(near)
    await answer(near, transfer, "acceptance", **FAR)
    assert [person["name"] for person in (await near.get(f"/api/v1/people?q={NAME}"))["people"]] == [NAME]


async def test_before_it_is_answered_the_other_branch_sees_the_asking_and_nothing_of_the_case(near: Office) -> None:
    case, transfer = await asked_for(near)
    (waits,) = (await near.get("/api/v1/transfers?side=to", **FAR))["items"]
    assert (waits["id"], waits["reference"], waits["reason"]) == (transfer, case["reference"], WHY["reason"])
    assert NAME not in str(waits)
    assert [one["id"] for one in (await near.get("/api/v1/transfers?side=from"))["items"]] == [transfer]
    for side in ("to", "from"):
        assert (await near.get(f"/api/v1/transfers?side={side}", **THIRD))["items"] == []
    everywhere = await near.get("/api/v1/transfers", role=Role.INTAKE_OFFICER, branch=None)
    assert [one["id"] for one in everywhere["items"]] == [transfer]


@pytest.mark.parametrize(
    ("what", "who", "status", "kind"),
    [
        ("refusal", FAR, "refused", TransferRefused),
        ("revocation", NEAR, "revoked", TransferRevoked),
    ],
)
async def test_what_is_refused_or_revoked_leaves_the_case_where_it_is(
    near: Office, what: str, who: dict[str, Any], status: str, kind: Any
) -> None:
    case, transfer = await asked_for(near)
    said = (await answer(near, transfer, what, **who)).json()
    assert (said["status"], said["answer"], said["answered_by"]) == (status, WHY["reason"], f"{who['role']}-1")
    assert (await near.now(case))["branch_id"] == "hada_sham"
    assert len(await near.desk.told(kind)) == 1
    assert (await near.get("/api/v1/transfers?side=from"))["items"] == []
    for again in ("acceptance", "refusal"):
        assert_problem(await answer(near, transfer, again, **FAR), status=409, code="transfer_answered")
    # It may be asked for again.
    await near.step(case, "transfers", WHY | {"to_branch": "ayn_shams"})


async def test_only_the_branch_that_is_asked_takes_a_case_and_only_the_other_revokes(near: Office) -> None:
    _, transfer = await asked_for(near)
    for what, who in (("acceptance", NEAR), ("acceptance", THIRD), ("refusal", NEAR), ("revocation", FAR)):
        assert_problem(await answer(near, transfer, what, **who), status=404, code="transfer_not_found")
    delegate = {"role": Role.DELEGATE, "branch": "ayn_shams"}
    assert_problem(await answer(near, transfer, "acceptance", **delegate), status=403, code="not_yours_to_take")


async def test_a_case_is_asked_for_once_at_a_time_and_never_for_where_it_is(near: Office) -> None:
    case, _ = await asked_for(near)
    body = WHY | {"to_branch": "jamoum"}
    await near.refuse_step(case, "transfers", body, status=409, code="transfer_open")
    other = await near.begin()
    for to, code, field in (("hada_sham", "already_there", "to_person"), ("dilam", "branch_unknown", "to_branch")):
        await near.refuse_step(other, "transfers", WHY | {"to_branch": to}, status=422, code=code, field=field)
    assert len(await near.desk.told(TransferAsked)) == 1


async def test_within_a_branch_whoever_is_asked_takes_it(near: Office) -> None:
    await seat(near.desk, "delegate-2")
    case, transfer = await asked_for(near, to_branch=None, to_person="delegate-2")
    assert (await near.now(case))["assigned_to"] == "delegate-1"
    assert_problem(await answer(near, transfer, "acceptance"), status=403, code="not_yours_to_take")
    await answer(near, transfer, "acceptance", person="delegate-2")
    assert (await near.now(case))["assigned_to"] == "delegate-2"
    assert len(await near.desk.told(CaseAssigned)) == 1
    assert await near.desk.told(CaseTransferred) == []


@pytest.mark.parametrize(
    ("role", "branch", "association", "keeps"),
    [
        (Role.DELEGATE, "hada_sham", ASSOCIATION, True),
        (Role.BRANCH_MANAGER, "hada_sham", ASSOCIATION, True),
        (Role.INTAKE_OFFICER, None, ASSOCIATION, True),
        (Role.DELEGATE, "ayn_shams", ASSOCIATION, False),
        (Role.AUDITOR, None, ASSOCIATION, False),
        (Role.DELEGATE, "hada_sham", KHARJ, False),
    ],
)
async def test_a_case_is_kept_by_who_sits_where_it_is(
    near: Office, role: Role, branch: str | None, association: str, *, keeps: bool
) -> None:
    await seat(near.desk, "huda", role=role, branch=branch, association=association)
    manager, new = {"role": Role.BRANCH_MANAGER}, {"person_id": "huda", "reason": "إجازة"}
    case = await near.begin()
    if keeps:
        assert (await near.step(case, "assignment", new, **manager))["assigned_to"] == "huda"
        return
    no = {"status": 422, "code": "no_seat_there"}
    await near.refuse_step(case, "assignment", new, field="person_id", **no, **manager)
    asked = WHY | {"to_person": "huda"}
    await near.refuse_step(case, "transfers", asked, field="to_person", **no)
    assert (await near.now(case))["assigned_to"] == "delegate-1"


async def test_nobody_keeps_a_case_who_is_unknown_has_left_or_holds_his_seat_no_more(near: Office) -> None:
    await seat(near.desk, "huda", "saad", "salim")
    case, transfer = await asked_for(near, to_branch=None, to_person="salim")
    await leave(near.desk, "huda")
    for gone in ("saad", "salim"):
        await end_seats(near.desk, gone)
    refusal = {"status": 422, "code": "no_seat_there", "role": Role.BRANCH_MANAGER}
    for person in ("nobody", "huda", "saad"):
        new = {"person_id": person, "reason": "إجازة"}
        await near.refuse_step(case, "assignment", new, field="person_id", **refusal)
    late = await answer(near, transfer, "acceptance", role=Role.BRANCH_MANAGER)
    assert_problem(late, status=422, code="no_seat_there", field="to_person")
    assert (await near.now(case))["assigned_to"] == "delegate-1"
    assert await near.desk.told(CaseAssigned) == []


async def test_the_letters_and_the_contact_of_a_case_go_with_it_to_the_other_branch(near: Office) -> None:
    """`channel.letter`, `channel.phone`."""
    case = await convert(near, await reach(near, "letter"))
    await near.post("/api/v1/letters", letter(case_id=case["id"]))
    far = Office(near.desk, **FAR)
    letters, contacts = "/api/v1/letters?direction=incoming&year=2026", "/api/v1/contacts"
    for path, of_case in ((letters, 2), (contacts, 1)):
        assert (len((await near.get(path))["items"]), len((await far.get(path))["items"])) == (of_case, 0)
    asked = await near.step(case, "transfers", WHY | {"to_branch": "ayn_shams"})
    await answer(near, asked["id"], "acceptance", **FAR)
    for path, of_case in ((letters, 2), (contacts, 1)):
        assert (len((await near.get(path))["items"]), len((await far.get(path))["items"])) == (0, of_case)


async def test_a_planned_delivery_stands_on_the_day_of_the_branch_that_has_the_case(near: Office) -> None:
    case = await near.walk(to=S.REGISTERED)
    plan = {"planned_for": "2026-12-20", "place": "الفرع", "what": "حقيبة"}
    await near.step(case, "delivery-plans", plan)
    asked = await near.step(case, "transfers", WHY | {"to_branch": "ayn_shams"})
    await answer(near, asked["id"], "acceptance", **FAR)
    day = "/api/v1/delivery-plans?day=2026-12-20"
    assert (await near.get(day))["items"] == []
    assert len((await near.get(day, **FAR))["items"]) == 1


async def test_the_manager_says_who_keeps_a_case_and_each_sees_his_own(near: Office) -> None:
    await seat(near.desk, "delegate-2")
    case, other = await near.begin(), await near.begin()
    manager = {"role": Role.BRANCH_MANAGER}
    new = {"person_id": "delegate-2", "reason": "إجازة"}
    await near.step(case, "assignment", new, **manager)
    await near.refuse_step(case, "assignment", new, status=422, code="already_there", field="person_id", **manager)

    async def load(query: str = "", **who: Any) -> list[str]:
        return [one["id"] for one in (await near.get(f"/api/v1/caseload{query}", **who))["items"]]

    assert await load() == [other["id"]]
    assert await load(person="delegate-2") == [case["id"]]
    assert await load("?person_id=delegate-2", **manager) == [case["id"]]
    assert await load("?person_id=delegate-2") == [other["id"]], "a delegate has his own, whomever he names"
    assert await load("?person_id=delegate-2", role=Role.BRANCH_MANAGER, branch="ayn_shams") == []
    await near.step(case, "withdrawal")
    assert await load(person="delegate-2") == []


async def test_a_confidential_case_moves_with_its_mark_and_only_by_those_named(near: Office) -> None:
    case = await near.begin()
    manager = {"role": Role.BRANCH_MANAGER, "person": "near-1"}
    await near.step(case, "confidence", {"named": ["far-1"], "reason": "سبب"}, **manager)
    asked = await near.step(case, "transfers", WHY | {"to_branch": "ayn_shams"}, **manager)
    stranger = await answer(near, asked["id"], "acceptance", **FAR)
    assert_problem(stranger, status=404, code="transfer_not_found")
    named = FAR | {"person": "far-1"}
    assert (await answer(near, asked["id"], "acceptance", **named)).status_code == 200
    (marked,) = (await near.get("/api/v1/confidential-cases", role=Role.AUDITOR, branch=None))["items"]
    assert marked["branch_id"] == "ayn_shams"
    assert await seen_by(near, **FAR) == set()
    assert await seen_by(near, **named) == {case["id"]}


async def test_it_stands_in_the_file_of_the_case_from_where_to_where(near: Office) -> None:
    case, transfer = await asked_for(near)
    await answer(near, transfer, "acceptance", **FAR)
    await hear_itself(near.desk)
    timeline = await near.get(f"/api/v1/cases/{case['id']}/timeline", **FAR)
    moved = next(entry for entry in timeline if entry["event"] == "case.transferred")
    assert moved["facts"] == {"from_branch": "hada_sham", "to_branch": "ayn_shams"}
    assert (moved["person_id"], moved["branch_id"]) == ("branch_manager-1", "ayn_shams")


async def test_the_reasons_lie_under_the_persons_key_and_go_with_it(office: Office) -> None:
    case, transfer = await asked_for(Office(office.desk, **NEAR), to=S.DRAFT)
    await answer(office, transfer, "acceptance", **FAR)
    await Office(office.desk, **FAR).walk(to=S.CLOSED, case=case)
    async with office.desk.runtime.database.read(scope=EVERYTHING) as session:
        rows = await (await session.connection()).execute(text("SELECT reason, answer FROM transfers"))
        sealed = [value for row in rows for value in row]
    assert {value[:3] for value in sealed} == {"p1."}
    await erase(office)
    async with office.desk.runtime.database.read(scope=EVERYTHING) as session:
        rows = await (await session.connection()).execute(text("SELECT reason, answer FROM transfers"))
        assert {value for row in rows for value in row} == {"e1"}
