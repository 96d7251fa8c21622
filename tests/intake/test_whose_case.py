"""A delegate sees his own branch, a head office its association, and nobody another association."""

from typing import Any

import pytest

from shared.language.roles import Role
from tests.contracts.problem import refused
from tests.intake.office import Office

DELEGATE = {"role": Role.DELEGATE, "branch": "hada_sham"}
STEPS = ("reception", "check", "referral", "registration", "withdrawal", "closing")


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.BRANCH_MANAGER])
async def test_another_branchs_case_does_not_exist_for_a_branch(office: Office, role: Role) -> None:
    case = await office.begin(branch_id="ayn_shams")
    who: dict[str, Any] = {"role": role, "branch": "hada_sham", "status": 404, "code": "case_not_found"}
    for part in ("", "/timeline", "/tools"):
        await refused(office.desk, "GET", f"/api/v1/cases/{case['id']}{part}", **who)
    for step in STEPS:
        await office.refuse_step(case, step, {} if step == "reception" else None, **who)


async def test_another_associations_case_does_not_exist(office: Office, kharj: Office) -> None:
    case = await office.begin()
    who: dict[str, Any] = kharj.who | {"status": 404, "code": "case_not_found"}
    for part in ("", "/timeline", "/tools"):
        await refused(office.desk, "GET", f"/api/v1/cases/{case['id']}{part}", **who)
    for step in STEPS:
        await kharj.refuse_step(case, step, {} if step == "reception" else None, status=404, code="case_not_found")
    assert (await kharj.get("/api/v1/cases"))["items"] == []


async def test_a_case_that_never_was_is_not_found(office: Office) -> None:
    await office.refuse_step({"id": "no-such-case"}, "check", status=404, code="case_not_found")


async def test_a_delegate_lists_his_branch_and_the_head_office_all(office: Office) -> None:
    head = await office.begin()
    near = await office.begin(branch_id="hada_sham")
    far = await office.begin(branch_id="ayn_shams")

    async def listed(**who: Any) -> list[str]:
        return [case["id"] for case in (await office.get("/api/v1/cases", **who))["items"]]

    assert await listed(**DELEGATE) == [near["id"]]
    assert await listed(role=Role.BRANCH_MANAGER, branch="ayn_shams") == [far["id"]]
    assert await listed() == [head["id"], near["id"], far["id"]]
    assert await listed(role=Role.AUDITOR) == [head["id"], near["id"], far["id"]]


async def test_a_delegates_request_belongs_to_his_branch(office: Office) -> None:
    answer = await office.post("/api/v1/cases", office.new_case(channel="delegate"), **DELEGATE)
    assert answer.json()["branch_id"] == "hada_sham"


async def test_the_list_goes_on_after_the_last_case_of_a_page(office: Office) -> None:
    numbers = [(await office.begin())["id"] for _ in range(5)]
    pages, after = [], ""
    while after is not None:
        page = await office.get(f"/api/v1/cases?limit=2&after={after}")
        pages.append([case["id"] for case in page["items"]])
        after = page["next"]
    assert pages == [numbers[:2], numbers[2:4], numbers[4:]]


async def test_the_list_can_be_narrowed_to_a_status(office: Office) -> None:
    await office.begin()
    received = await office.begin()
    await office.step(received, "reception", {})
    assert [case["id"] for case in (await office.get("/api/v1/cases?status=received"))["items"]] == [received["id"]]
    assert (await office.get("/api/v1/cases?status=closed")) == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "field"), [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("status=lost", "status")]
)
async def test_a_malformed_question_to_the_list_is_refused(office: Office, query: str, field: str) -> None:
    await refused(office.desk, "GET", f"/api/v1/cases?{query}", status=422, code="malformed", field=field, **office.who)


async def test_roles_without_a_seat_at_the_desk_take_no_step(office: Office) -> None:
    case = await office.begin()
    for role in (Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.SOCIAL_RESEARCHER, Role.PLATFORM_OPERATOR):
        await office.refuse_step(case, "withdrawal", status=403, code="not_allowed", role=role)
    await office.refuse_step(case, "withdrawal", status=401, code="not_signed_in", role=None, association=None)
