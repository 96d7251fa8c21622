"""Reaching first (`goal.proactive`): what a branch is proposed, once, and what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.intake.domain.proposals import fitting_services
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import ProposalActedOn, ProposalDismissed, ProposalSent
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from shared.policy.adopted import pack_of
from tests.contracts.problem import assert_problem
from tests.intake.office import NAME, OTHER_NATIONAL_ID, Office
from tests.intake.rights import erase

S = CaseStatus
LOOKS = "/api/v1/proposals/looks"


@pytest.fixture
def near(office: Office) -> Office:
    return Office(office.desk, role=Role.BRANCH_MANAGER, branch="hada_sham")


async def look(near: Office, **who: Any) -> list[dict[str, Any]]:
    """What is proposed once the branch was looked through."""
    await near.post(LOOKS, {}, **who)
    await near.desk.settle()
    items: list[dict[str, Any]] = (await near.get("/api/v1/proposals", **who))["items"]
    return items


async def with_paper(near: Office, *, days: int, **changes: Any) -> dict[str, Any]:
    """A request that was handed in, with a paper that runs out in so many days."""
    case = await near.begin(**changes)
    await near.step(case, "reception", {})
    today = near.desk.clock.now().date()
    paper = near.paper("national_id", issued_on="2020-01-01", expires_on=str(today + timedelta(days=days)))
    await near.step(case, "documents", paper)
    return case


async def settle(near: Office, proposal: str, what: str, body: dict[str, Any], **who: Any) -> Any:
    return await near.desk.call("POST", f"/api/v1/proposals/{proposal}/{what}", body=body, **(near.who | who))


async def test_a_paper_that_runs_out_soon_is_proposed_once(near: Office) -> None:
    soon = await with_paper(near, days=20)
    await with_paper(near, days=31)
    (proposal,) = await look(near)
    assert (proposal["kind"], proposal["case_id"], proposal["document_kind"]) == (
        "document_expiring",
        soon["id"],
        "national_id",
    )
    assert proposal["due_on"] == str((near.desk.clock.now() + timedelta(days=20)).date())
    assert [one["id"] for one in await look(near)] == [proposal["id"]]


async def test_a_paper_in_whose_place_a_newer_one_came_or_whose_case_ended_is_left_alone(near: Office) -> None:
    renewed, ended = await with_paper(near, days=20), await with_paper(near, days=20)
    await near.step(renewed, "documents", near.paper("national_id"))
    await near.step(ended, "withdrawal")
    assert await look(near) == []


async def test_a_draft_is_left_alone(near: Office) -> None:
    """Nobody has handed it in: he awaits nothing."""
    case = await near.begin()
    soon = str((near.desk.clock.now() + timedelta(days=20)).date())
    await near.step(case, "documents", near.paper("national_id", issued_on="2020-01-01", expires_on=soon))
    assert await look(near) == []


async def test_a_look_comes_again_each_day_by_itself(near: Office) -> None:
    assert await look(near) == []
    await with_paper(near, days=31)
    near.desk.clock.forward(timedelta(days=1))
    await near.desk.settle()
    assert len((await near.get("/api/v1/proposals"))["items"]) == 1


async def test_another_branch_is_proposed_its_own_alone(near: Office) -> None:
    await with_paper(near, days=20)
    far = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
    assert await look(near, **far) == []
    (proposal,) = await look(near)
    foreign = await settle(near, proposal["id"], "dismissal", {"reason": "سبب"}, **far)
    assert_problem(foreign, status=404, code="proposal_not_found")
    refused = await near.desk.call("POST", LOOKS, body={"branch_id": "hada_sham"}, **far)
    assert refused.status_code == 403
    unknown = await near.desk.call("POST", LOOKS, body={"branch_id": "x"}, role=Role.INTAKE_OFFICER)
    assert_problem(unknown, status=422, code="branch_unknown", field="branch_id")


async def test_a_service_that_fits_whom_another_served_and_was_never_asked_for_is_proposed(near: Office) -> None:
    served = await near.walk(to=S.DELIVERED)
    asked = {"national_id": OTHER_NATIONAL_ID, "name": "ريم القحطاني"}
    await near.walk(to=S.DELIVERED, case=await near.begin(applicant=asked))
    kit = near.pack.services[1]
    form = {field.id: {"text": "حاجة", "integer": 4, "boolean": True}[field.kind] for field in kit.form}
    far = Office(near.desk, role=Role.DELEGATE, branch="ayn_shams")
    await far.begin(applicant=asked, service_id=kit.id, form=form)
    found = [one for one in await look(near) if one["kind"] == "service_fits"]
    assert [(one["case_id"], one["service_id"], one["because"]) for one in found] == [
        (served["id"], "school_kit", "monthly_sponsorship")
    ]


@pytest.mark.parametrize("keep", ["one", "other"])
async def test_what_was_asked_under_his_other_file_is_not_proposed(near: Office, keep: str) -> None:
    served = await near.walk(to=S.DELIVERED)
    kit = near.pack.services[1]
    form = {field.id: {"text": "حاجة", "integer": 4, "boolean": True}[field.kind] for field in kit.form}
    asked = {"national_id": OTHER_NATIONAL_ID, "name": NAME}
    other = await near.begin(applicant=asked, service_id=kit.id, form=form)
    one, two = [(await near.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"] for case in (served, other)]
    pair = (await near.post("/api/v1/duplicates", {"one": one, "other": two})).json()
    await near.post(f"/api/v1/duplicates/{pair['id']}/merge", {"keep": keep, "reason": "بطاقتان لشخص واحد"})
    assert [one for one in await look(near) if one["kind"] == "service_fits"] == []


def test_what_fits_is_what_the_policys_data_say() -> None:
    pack = pack_of("jamoum-orphans")
    kit = ("school_kit", "monthly_sponsorship")
    assert list(fitting_services(pack, served={"monthly_sponsorship"}, asked={"monthly_sponsorship"})) == [kit]
    assert list(fitting_services(pack, served={"monthly_sponsorship"}, asked={"school_kit"})) == []
    assert list(fitting_services(pack, served=set(), asked=set())) == []


async def test_a_follow_up_that_falls_due_stands_beside_the_message_to_him(near: Office) -> None:
    case = await near.walk(to=S.DELIVERED)
    near.desk.clock.forward(timedelta(days=near.service.follow_up_days))
    await near.desk.settle()
    (proposal,) = (await near.get("/api/v1/proposals"))["items"]
    assert (proposal["kind"], proposal["case_id"]) == ("follow_up_due", case["id"])
    written = await settle(near, proposal["id"], "action", {"way": "message"})
    assert_problem(written, status=422, code="nothing_to_send", field="way")
    spoken = await settle(near, proposal["id"], "action", {"way": "spoken", "note": "اتصلنا به"})
    assert spoken.json()["settled_by"] == "branch_manager-1"
    assert len(await near.desk.told(ProposalActedOn)) == 1


async def test_what_came_by_itself_is_over(near: Office) -> None:
    renewed = await with_paper(near, days=20)
    served = await near.walk(to=S.DELIVERED)
    near.desk.clock.forward(timedelta(days=near.service.follow_up_days) - timedelta(days=15))
    await look(near)
    near.desk.clock.forward(timedelta(days=15))
    await near.desk.settle()

    async def proposed() -> set[str]:
        return {one["kind"] for one in (await near.get("/api/v1/proposals"))["items"]} - {"service_fits"}

    assert await proposed() == {"document_expiring", "follow_up_due"}
    await near.step(renewed, "documents", near.paper("national_id"))
    assert await proposed() == {"follow_up_due"}
    await near.step(served, "benefit", {"useful": True, "note": "انتفع"})
    assert await proposed() == set()


async def test_what_is_sent_names_the_paper_and_nothing_of_the_person(near: Office) -> None:
    await with_paper(near, days=20)
    (proposal,) = await look(near)
    assert (await settle(near, proposal["id"], "action", {"way": "message"})).status_code == 200
    (sent,) = await near.desk.told(ProposalSent)
    assert isinstance(sent, ProposalSent)
    assert (sent.document_kind, sent.service_id) == ("national_id", None)
    again = await settle(near, proposal["id"], "action", {"way": "spoken"})
    assert_problem(again, status=409, code="proposal_settled")


async def test_what_was_dismissed_with_its_reason_does_not_come_back(near: Office) -> None:
    await with_paper(near, days=20)
    (proposal,) = await look(near)
    said = (await settle(near, proposal["id"], "dismissal", {"reason": "جدّدها"})).json()
    assert (said["reason"], said["way"]) == ("جدّدها", None)
    near.desk.clock.forward(timedelta(days=1))
    assert await look(near) == []
    assert len(await near.desk.told(ProposalDismissed)) == 1


async def test_a_proposal_goes_with_its_case_to_the_next_branch(near: Office) -> None:
    case = await with_paper(near, days=20)
    (proposal,) = await look(near)
    asked = await near.step(case, "transfers", {"to_branch": "ayn_shams", "reason": "سبب"})
    far = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
    await near.post(f"/api/v1/transfers/{asked['id']}/acceptance", {"reason": "سبب"}, **far)
    assert (await near.get("/api/v1/proposals"))["items"] == []
    assert [one["id"] for one in (await near.get("/api/v1/proposals", **far))["items"]] == [proposal["id"]]


async def test_once_he_is_erased_nobody_is_asked_to_turn_to_him(office: Office) -> None:
    officer = {"role": Role.INTAKE_OFFICER}
    await office.walk(to=S.CLOSED)
    (proposal,) = await look(office, **officer)
    assert proposal["kind"] == "service_fits"
    await erase(office)
    assert (await office.get("/api/v1/proposals"))["items"] == []
    office.desk.clock.forward(timedelta(days=1))
    assert await look(office, **officer) == []
    async with office.desk.runtime.database.read(scope=EVERYTHING) as session:
        reasons = (await (await session.connection()).execute(text("SELECT reason FROM proposals"))).scalars().all()
    assert set(reasons) <= {None, "e1"}
