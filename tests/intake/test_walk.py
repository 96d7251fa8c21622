"""A case at the branch's desk, from the first contact to the closed file."""

from datetime import timedelta
from typing import Any

from shared.language.events import CaseAnswered, CaseClosed, CaseDecided, CaseReferred, CaseStudied, Outcome
from shared.language.roles import Role
from shared.plumbing.seal import seal
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION, Desk

OFFICER = Role.INTAKE_OFFICER
NATIONAL_ID = "1000000008"


def new_case(**changes: Any) -> dict[str, Any]:
    service = pack_of(ASSOCIATION).services[0]
    sample = {"text": "حاجة", "integer": 4, "boolean": True}
    return {
        "channel": "interview",
        "service_id": service.id,
        "applicant": {"national_id": NATIONAL_ID, "name": "نورة الحربي", "mobile": "٠٥٥٥٠٠٠١١١"},
        "form": {field.id: sample[field.kind] for field in service.form},
        **changes,
    }


async def step(desk: Desk, case_id: str, path: str, body: Any = None, *, role: Role = OFFICER) -> dict[str, Any]:
    answer = await desk.call("POST", f"/api/v1/cases/{case_id}/{path}", role=role, body=body)
    assert answer.status_code < 300, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def give_papers(desk: Desk, case_id: str) -> None:
    today = desk.clock.now().date()
    for demand in pack_of(ASSOCIATION).services[0].documents:
        if demand.required:
            paper = {"kind": demand.kind, "issued_on": str(today), "expires_on": str(today + timedelta(days=400))}
            await step(desk, case_id, "documents", paper)


async def sign(desk: Desk, case_id: str) -> dict[str, Any]:
    text = pack_of(ASSOCIATION).attestation
    assert text is not None
    body = {"text_version": text.version, "accepted_statements": len(text.statements), "signed_name": "نورة الحربي"}
    return await step(desk, case_id, "attestation", body)


async def test_a_case_walks_from_the_first_contact_to_the_closed_file(intake: Desk) -> None:
    opened = await intake.call("POST", "/api/v1/cases", role=OFFICER, body=new_case())
    assert opened.status_code == 201, opened.text
    case = opened.json()
    case_id = case["id"]
    assert case["reference"] == "JMM-2026-000001"

    assert (await step(intake, case_id, "reception", {}))["status"] == "received"
    assert (await step(intake, case_id, "check"))["status"] == "incomplete"
    await give_papers(intake, case_id)
    assert (await step(intake, case_id, "check"))["status"] == "complete"
    assert (await sign(intake, case_id))["status"] == "attested"
    assert (await step(intake, case_id, "referral"))["status"] == "referred"

    (referred,) = await intake.told(CaseReferred)
    assert isinstance(referred, CaseReferred)
    assert referred.answer_not_before - referred.referred_at == timedelta(days=14)

    names = {"association_id": ASSOCIATION, "case_id": case_id, "reference": case["reference"]}
    intake.clock.forward(timedelta(days=14))
    now = intake.clock.now()
    await intake.hear(
        CaseStudied(**names, round=1),
        CaseDecided(**names, round=1, held_until=now),
        CaseAnswered(
            **names,
            round=1,
            outcome=Outcome.ACCEPTED,
            reason=seal("مستحق"),
            referred_at=referred.referred_at,
            answered_at=now,
            floor_days=14,
        ),
    )
    assert await intake.dead() == []
    assert (await step(intake, case_id, "registration"))["status"] == "registered"
    handover = {"delivered_on": str(now.date()), "received_by": "نورة الحربي", "proof": "توقيع"}
    assert (await step(intake, case_id, "delivery", handover))["status"] == "delivered"
    assert (await step(intake, case_id, "benefit", {"useful": True, "note": "انتظم الطفلان"}))["status"] == "delivered"
    assert (await step(intake, case_id, "closing"))["status"] == "closed"
    assert len(await intake.told(CaseClosed)) == 1
