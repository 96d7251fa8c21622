"""Where others failed: each of these was somebody's defect (OpenSPP 294, 591, 771; CiviCRM 19689; Open Zaak 2026)."""

from typing import Any

import pytest

from shared.language.roles import Role
from tests.harness.desk import Desk
from tests.intake.office import Office
from tests.notifications import facts
from tests.research.body import Body, ballot

DELEGATE: dict[str, Any] = {"role": Role.DELEGATE, "branch": "hada_sham"}
NOT_HANDED_IN = {"status": 403, "code": "not_handed_in"}
ANOTHERS = {"status": 403, "code": "assigned_to_another"}


@pytest.mark.parametrize("step", ["reception", "check", "withdrawal", "attestation", "referral", "documents"])
async def test_the_head_office_does_nothing_to_a_case_that_the_branch_has_not_handed_in(
    office: Office, step: str
) -> None:
    draft = (await office.post("/api/v1/cases", office.new_case(), **DELEGATE)).json()
    body = {"reception": {}, "attestation": office.signature(), "documents": office.paper("national_id")}.get(step)
    await office.refuse_step(draft, step, body, **NOT_HANDED_IN)


async def test_once_the_branch_has_handed_it_in_the_head_office_goes_on(office: Office) -> None:
    draft = (await office.post("/api/v1/cases", office.new_case(), **DELEGATE)).json()
    await office.step(draft, "reception", {}, **DELEGATE)
    assert (await office.step(draft, "check"))["status"] == "incomplete"


async def test_the_head_office_hands_in_what_it_began_itself_for_a_branch(office: Office) -> None:
    draft = await office.begin(branch_id="hada_sham")
    await office.refuse_step(draft, "reception", {}, **(NOT_HANDED_IN | {"person": "another-officer"}))
    assert (await office.step(draft, "reception", {}))["status"] == "received"


async def test_a_study_that_is_assigned_to_another_is_not_written(committee: Body) -> None:
    await committee.take_up()
    await committee.post("assignment", {"researcher": "layla"}, Role.COMMITTEE_CHAIR)
    await committee.refuse("study", {"findings": "زيارة"}, Role.SOCIAL_RESEARCHER, "another", **ANOTHERS)
    assert (await committee.study("layla"))["status"] == "studied"


async def test_a_request_that_is_assigned_to_another_is_neither_rejected_nor_accepted(department: Body) -> None:
    await department.take_up()
    await department.post("assignment", {"decider": "salim"}, Role.ASSOCIATION_ADMINISTRATOR)
    await department.study()
    for verdict in ("rejected", "accepted", "returned"):
        body = ballot(verdict) | {"missing": [department.pack.services[0].documents[0].kind]}
        await department.refuse("department-decision", body, Role.DEPARTMENT_DECIDER, "another", **ANOTHERS)
    await department.post("assignment", {"decider": "huda"}, Role.ASSOCIATION_ADMINISTRATOR)
    assert (await department.rule("rejected", "huda"))["status"] == "answered"


async def test_nobody_assigns_a_case_to_himself_without_the_right_to_assign(department: Body) -> None:
    await department.take_up()
    barred = {"status": 403, "code": "not_allowed"}
    for role in (Role.SOCIAL_RESEARCHER, Role.DEPARTMENT_DECIDER, Role.COMMITTEE_MEMBER, Role.AUDITOR):
        await department.refuse("assignment", {"decider": "me"}, role, **barred)


async def test_who_may_see_his_own_cases_alone_and_has_none_gets_a_page(office: Office) -> None:
    await office.begin(branch_id="ayn_shams")
    for who in (DELEGATE, DELEGATE | {"branch": None}, DELEGATE | {"branch": "closed-long-ago"}):
        assert await office.get("/api/v1/cases", **who) == {"items": [], "next": None}


async def test_a_search_by_another_associations_case_finds_nothing(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    who = {"role": Role.NOTIFICATIONS_OPERATOR, "association": "kharj-dawah"}
    page = await notifications.call("GET", f"/api/v1/messages?case_id={facts.CASE}", **who)
    assert page.json() == {"items": [], "next": None}


async def test_a_page_that_begins_after_another_associations_row_shows_none_of_it(office: Office) -> None:
    mine = await office.begin()
    stranger = {"role": Role.INTAKE_OFFICER, "association": "kharj-dawah"}
    before = mine["id"][:-1]
    assert (await office.get(f"/api/v1/cases?after={before}", **stranger))["items"] == []
