"""Who did the one does not do the other: every pair of the table, and each where it bites."""

from typing import Any

import pytest

from shared.language.case_lifecycle import CaseStatus
from shared.language.events import CaseAppealed, CaseDecided, CaseReferred
from shared.language.incompatible import INCOMPATIBLE, Act, Incompatible, check_compatible
from shared.language.roles import Role
from tests.contracts.problem import refused
from tests.harness.desk import Desk
from tests.intake.office import Office, referral_of
from tests.research.body import CHAIR, RESEARCHER, Body, ballot

MEMBER, CHAIRS, DECIDER = Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.DEPARTMENT_DECIDER
TOOK = {"status": 403, "code": "took_the_request"}
PARTIAL = {"status": 403, "code": "not_impartial"}
CLOSING = {"reason": "بالأغلبية"}


@pytest.mark.parametrize("pair", INCOMPATIBLE, ids=lambda pair: f"{pair.did} then {pair.then}")
def test_who_did_the_one_is_refused_the_other_and_others_are_not(pair: Incompatible) -> None:
    did = {pair.did: {"maker"}}
    with pytest.raises(pair.refusal):
        check_compatible(pair.then, by="maker", did=did)
    check_compatible(pair.then, by="checker", did=did)
    check_compatible(pair.then, by="maker", did={})


def test_no_pair_stands_twice() -> None:
    assert len({(pair.did, pair.then) for pair in INCOMPATIBLE}) == len(INCOMPATIBLE)


async def test_who_studied_an_earlier_round_neither_votes_nor_closes_the_vote_on_the_appeal(committee: Body) -> None:
    await committee.reject()
    await committee.take_up(CaseAppealed, round_=2)
    await committee.study("researcher-2")
    await committee.refuse("votes", ballot("accepted"), MEMBER, RESEARCHER, **PARTIAL)
    await committee.vote("accepted", "accepted", "accepted", first=3)
    for person in (RESEARCHER, "researcher-2"):
        await committee.refuse("committee-decision", CLOSING, CHAIRS, person, **PARTIAL)
    assert (await committee.decide())["verdict"] == "accepted"


async def test_who_studied_an_earlier_round_does_not_decide_the_appeal_for_the_department(department: Body) -> None:
    await department.reject()
    await department.take_up(CaseAppealed, round_=2)
    await department.study("researcher-2")
    for person in (RESEARCHER, "researcher-2", "decider-1"):
        await department.refuse("department-decision", ballot("accepted"), DECIDER, person, **PARTIAL)
    assert (await department.rule("accepted", "decider-2"))["status"] == "answered"


def taken_by(body: Body, *people: str) -> CaseReferred:
    referral: CaseReferred = body.referral()
    return referral.model_copy(update={"handled_by": people})


async def test_who_took_the_request_neither_votes_nor_closes_the_vote(committee: Body) -> None:
    await committee.desk.hear(taken_by(committee, "taker"))
    await committee.study()
    await committee.refuse("votes", ballot("accepted"), MEMBER, "taker", **TOOK)
    await committee.vote("accepted", "accepted", "accepted")
    await committee.refuse("committee-decision", CLOSING, CHAIRS, "taker", **TOOK)


async def test_who_took_the_request_does_not_decide_it_for_the_department(department: Body) -> None:
    await department.desk.hear(taken_by(department, "taker"))
    await department.study()
    await department.refuse("department-decision", ballot("accepted"), DECIDER, "taker", **TOOK)


async def test_the_body_is_told_who_began_the_request_took_its_signature_and_sent_it_up(office: Office) -> None:
    case = await office.begin()
    for status in (CaseStatus.RECEIVED, CaseStatus.COMPLETE):
        await office.advance(case, to=status)
    await office.step(case, "attestation", office.signature(), person="signature-taker")
    await office.step(case, "referral", person="sender")
    assert (await referral_of(office.desk)).handled_by == ("intake_officer-1", "sender", "signature-taker")


async def test_a_request_from_the_website_was_taken_by_nobody_of_the_staff(office: Office) -> None:
    body = office.new_case(channel="website") | {"association_id": office.pack.id}
    receipt = (await office.desk.call("POST", "/api/v1/public/requests", body=body)).json()
    (case,) = (await office.get("/api/v1/cases"))["items"]
    assert case["reference"] == receipt["reference"]
    for status in (CaseStatus.COMPLETE, CaseStatus.ATTESTED):
        await office.advance(case, to=status)
    await office.step(case, "referral", person="sender")
    assert "applicant" not in (await referral_of(office.desk)).handled_by


async def test_a_decision_says_whose_word_it_is(committee: Body) -> None:
    await committee.take_up()
    await committee.study()
    await committee.vote("accepted", "accepted", "rejected")
    await committee.decide()
    (decided,) = await committee.desk.told(CaseDecided)
    assert isinstance(decided, CaseDecided)
    assert decided.decided_by == (CHAIR, "member-0", "member-1", "member-2")


async def test_who_decided_a_request_does_not_confirm_its_delivery(office: Office) -> None:
    case = await office.walk(to=CaseStatus.REFERRED)
    decided = office.decided(case).model_copy(update={"decided_by": ("chair-1", "member-0")})
    await office.hear_body(office.studied(case), decided)
    for status in (CaseStatus.ANSWERED, CaseStatus.REGISTERED):
        await office.advance(case, to=status)
    expected: dict[str, Any] = {"status": 403, "code": "decided_it"}
    for person in ("chair-1", "member-0"):
        await office.refuse_step(case, "delivery", office.handover(), person=person, **expected)
    delivered = await office.step(case, "delivery", office.handover(), person="another")
    assert delivered["status"] == "delivered"


async def test_whom_a_complaint_is_about_does_not_answer_it(feedback: Desk) -> None:
    said = {"party": "beneficiary", "subject": "تأخر", "text": "تأخر الرد", "about_person": "quality_officer-1"}
    officer: dict[str, Any] = {"role": Role.QUALITY_OFFICER}
    complaint = (await feedback.call("POST", "/api/v1/complaints", body=said, **officer)).json()["id"]
    path, body = f"/api/v1/complaints/{complaint}/resolution", {"answer": "نعتذر"}
    await refused(feedback, "POST", path, body=body, status=403, code="about_yourself", **officer)
    answered = await feedback.call("POST", path, body=body, **officer, person="another-officer")
    assert answered.status_code == 201


def test_acts_that_bar_and_acts_that_are_barred_are_all_in_use() -> None:
    assert {pair.did for pair in INCOMPATIBLE} | {pair.then for pair in INCOMPATIBLE} == set(Act)
