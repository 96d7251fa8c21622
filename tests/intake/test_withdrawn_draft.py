"""A draft that was never handed in, and a delivery on a day that cannot be."""

import pytest

from shared.language.events import CaseAnswered, CaseDecided, CaseReferred, CaseStudied, CaseWithdrawn, Outcome
from shared.language.roles import Role
from shared.plumbing.seal import seal
from tests.contracts.problem import assert_problem
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.test_walk import OFFICER, give_papers, new_case, sign, step


async def test_a_draft_that_is_taken_back_says_that_nobody_has_heard_of_it(intake: Desk) -> None:
    case = (await intake.call("POST", "/api/v1/cases", role=OFFICER, body=new_case())).json()
    await step(intake, case["id"], "withdrawal")
    (withdrawn,) = await intake.told(CaseWithdrawn)
    assert isinstance(withdrawn, CaseWithdrawn)
    assert withdrawn.handed_in is False


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "2026-11-20"])
async def test_a_service_is_not_delivered_before_it_was_asked_for(intake: Desk, day: str) -> None:
    case = (await intake.call("POST", "/api/v1/cases", role=OFFICER, body=new_case())).json()
    await step(intake, case["id"], "reception", {})
    await give_papers(intake, case["id"])
    await step(intake, case["id"], "check")
    await sign(intake, case["id"])
    await step(intake, case["id"], "referral")
    (referred,) = await intake.told(CaseReferred)
    assert isinstance(referred, CaseReferred)
    names = {"association_id": ASSOCIATION, "case_id": case["id"], "reference": case["reference"]}
    answered = CaseAnswered(
        **names,
        round=1,
        outcome=Outcome.ACCEPTED,
        reason=seal("مستحق"),
        referred_at=referred.referred_at,
        answered_at=referred.answer_not_before,
        floor_days=14,
    )
    await intake.hear(CaseStudied(**names, round=1), CaseDecided(**names, round=1, held_until=answered.answered_at))
    await intake.hear(answered)
    await step(intake, case["id"], "registration")
    handover = {"delivered_on": day, "received_by": "نورة الحربي", "proof": "توقيع"}
    path = f"/api/v1/cases/{case['id']}/delivery"
    refused = await intake.call("POST", path, role=Role.INTAKE_OFFICER, body=handover)
    assert_problem(refused, status=422, code="malformed", field="delivered_on")


async def test_a_body_over_the_limit_is_refused_before_it_is_read(intake: Desk) -> None:
    whole = b"x" * (intake.runtime.settings.body_limit_bytes + 1)
    headers = {"Authorization": f"Bearer {intake.token(OFFICER)}", "Content-Type": "application/json"}
    refused = await intake.client.post("/api/v1/cases", content=whole, headers=headers)
    assert_problem(refused, status=413, code="body_too_large")


async def test_a_body_over_the_limit_that_does_not_say_its_length_is_refused_too(intake: Desk) -> None:
    async def pieces() -> object:
        for _ in range(12):
            yield b"x" * 100_000

    headers = {"Authorization": f"Bearer {intake.token(OFFICER)}", "Content-Type": "application/json"}
    refused = await intake.client.post("/api/v1/cases", content=pieces(), headers=headers)
    assert_problem(refused, status=413, code="body_too_large")
