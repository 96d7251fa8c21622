"""A review: study, votes, decision, and the answer on its day."""

from datetime import timedelta

from shared.language.clauses import ReviewingBody
from shared.language.events import CaseAnswered, CaseDecided, CaseReferred, CaseReturned, CaseStudied, CaseWithdrawn
from shared.language.roles import Role
from shared.plumbing.seal import seal
from tests.harness.desk import ASSOCIATION, Desk

CASE = "case-1"


def referred(desk: Desk, *, round_: int = 1, body: ReviewingBody = ReviewingBody.COMMITTEE) -> CaseReferred:
    now = desk.clock.now()
    floor = 14 if body is ReviewingBody.COMMITTEE else 0
    return CaseReferred(
        association_id=ASSOCIATION,
        case_id=CASE,
        reference="JMM-2026-000001",
        round=round_,
        branch_id="branch",
        service_id="monthly_sponsorship",
        department_id="care",
        reviewing_body=body,
        referred_at=now,
        floor_days=floor,
        answer_not_before=now + timedelta(days=floor),
        file=seal("{}"),
    )


async def study(desk: Desk) -> None:
    answer = await desk.call(
        "POST", f"/api/v1/cases/{CASE}/study", role=Role.SOCIAL_RESEARCHER, body={"findings": "زيارة"}
    )
    assert answer.status_code == 201, answer.text


async def vote(desk: Desk, *verdicts: str) -> None:
    for number, verdict in enumerate(verdicts):
        answer = await desk.call(
            "POST",
            f"/api/v1/cases/{CASE}/votes",
            role=Role.COMMITTEE_MEMBER,
            person=f"member-{number}",
            body={"verdict": verdict, "reason": "نعم"},
        )
        assert answer.status_code == 201, answer.text


async def decide(desk: Desk) -> dict[str, object]:
    answer = await desk.call(
        "POST", f"/api/v1/cases/{CASE}/committee-decision", role=Role.COMMITTEE_CHAIR, body={"reason": "بالأغلبية"}
    )
    return {"status_code": answer.status_code, **answer.json()}


async def test_a_decision_made_early_is_told_on_day_fourteen(research: Desk) -> None:
    await research.hear(referred(research))
    await study(research)
    research.clock.forward(timedelta(days=3))
    await vote(research, "accepted", "accepted", "rejected")
    assert (await decide(research))["status"] == "decided"
    assert [type(event) for event in await research.told()] == [CaseStudied, CaseDecided]

    research.clock.forward(timedelta(days=11) - timedelta(seconds=1))
    await research.settle()
    assert await research.told(CaseAnswered) == []

    research.clock.forward(timedelta(seconds=1))
    await research.settle()
    (answered,) = await research.told(CaseAnswered)
    assert isinstance(answered, CaseAnswered)
    assert answered.answered_at - answered.referred_at == timedelta(days=14)


async def test_a_decision_before_the_study_is_refused(research: Desk) -> None:
    await research.hear(referred(research))
    refused = await decide(research)
    assert (refused["status_code"], refused["code"]) == (409, "study_missing")
    assert await research.told() == []


async def test_a_withdrawn_case_is_never_answered(research: Desk) -> None:
    await research.hear(referred(research))
    await study(research)
    await vote(research, "accepted", "accepted", "accepted")
    await decide(research)
    await research.hear(
        CaseWithdrawn(association_id=ASSOCIATION, case_id=CASE, reference="JMM-2026-000001", department_id="care")
    )
    research.clock.forward(timedelta(days=30))
    await research.settle()
    assert await research.told(CaseAnswered) == []
    assert await research.dead() == []


async def test_a_department_without_a_floor_answers_at_once(research: Desk) -> None:
    await research.hear(referred(research, body=ReviewingBody.DEPARTMENT))
    await study(research)
    answer = await research.call(
        "POST",
        f"/api/v1/cases/{CASE}/department-decision",
        role=Role.DEPARTMENT_DECIDER,
        body={"verdict": "returned", "reason": "ينقص مستند", "missing": ["income_statement"]},
    )
    assert answer.json()["status"] == "returned"
    (returned,) = await research.told(CaseReturned)
    assert isinstance(returned, CaseReturned)
    assert returned.missing == ("income_statement",)


async def test_words_about_a_person_are_no_paper_that_is_missing(research: Desk) -> None:
    await research.hear(referred(research, body=ReviewingBody.DEPARTMENT))
    await study(research)
    body = {"verdict": "returned", "reason": "ينقص", "missing": ["Zubayda 0555777101"]}
    path = f"/api/v1/cases/{CASE}/department-decision"
    refused = await research.call("POST", path, role=Role.DEPARTMENT_DECIDER, body=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "document_not_on_checklist")
    assert "Zubayda" not in refused.text
    assert await research.told(CaseReturned) == []
