"""Complaints and suggestions of every party, from both doors, answered once."""

from typing import Any

import pytest

from shared.language.clauses import Clause
from shared.language.events import ComplaintReceived, ComplaintResolved, Party, SuggestionReceived
from shared.language.roles import Role
from tests.feedback.build import OTHER_ASSOCIATION
from tests.harness.desk import ASSOCIATION, Desk

SAID: dict[str, Any] = {
    "party": "beneficiary",
    "subject": "تأخر الرد",
    "text": "انتظرت طويلًا",
    "contact": "0555000111",
}
QUALITY = Role.QUALITY_OFFICER


async def complain(desk: Desk, **changed: Any) -> str:
    answer = await desk.call("POST", "/api/v1/complaints", role=Role.INTAKE_OFFICER, body=SAID | changed)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def resolve(desk: Desk, complaint: str, **who: Any) -> Any:
    who = {"role": QUALITY} | who
    return await desk.call("POST", f"/api/v1/complaints/{complaint}/resolution", body={"answer": "نعتذر"}, **who)


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize(("path", "event"), [("complaints", ComplaintReceived), ("suggestions", SuggestionReceived)])
async def test_every_party_is_heard_at_both_doors(
    feedback: Desk, party: Party, path: str, event: type[ComplaintReceived]
) -> None:
    said = SAID | {"party": party.value}
    at_the_desk = await feedback.call("POST", f"/api/v1/{path}", role=Role.DELEGATE, branch="jamoum", body=said)
    public = await feedback.call("POST", f"/api/v1/public/{path}", body=said | {"association_id": ASSOCIATION})
    assert (at_the_desk.status_code, public.status_code) == (201, 201)
    told = await feedback.told(event)
    assert [fact.evidence() for fact in told] == [
        frozenset() if party is Party.BENEFICIARY else {Clause.POLICY_PARTIES}
    ] * 2
    page = (await feedback.call("GET", f"/api/v1/{path}", role=QUALITY)).json()
    assert [(item["party"], item["text"], item["contact"]) for item in page["items"]] == [
        (party.value, SAID["text"], "••••11")
    ] * 2


async def test_a_complaint_is_answered_once(feedback: Desk) -> None:
    complaint = await complain(feedback)
    assert (await resolve(feedback, complaint)).status_code == 201
    again = await resolve(feedback, complaint)
    assert (again.status_code, again.json()["code"]) == (409, "already_resolved")
    (resolved,) = await feedback.told(ComplaintResolved)
    assert isinstance(resolved, ComplaintResolved)
    assert resolved.relation_id == complaint
    (shown,) = (await feedback.call("GET", "/api/v1/complaints", role=Role.AUDITOR)).json()["items"]
    assert shown["answer"] == "نعتذر"


async def test_a_suggestion_or_nothing_is_no_complaint_to_answer(feedback: Desk) -> None:
    suggestion = await feedback.call("POST", "/api/v1/suggestions", role=QUALITY, body=SAID)
    for number in (suggestion.json()["id"], "no-such-number"):
        refused = await resolve(feedback, number)
        assert (refused.status_code, refused.json()["code"]) == (404, "relation_not_found")


async def test_complaints_and_suggestions_are_kept_apart(feedback: Desk) -> None:
    complaint = await complain(feedback)
    suggestions = await feedback.call("GET", "/api/v1/suggestions", role=QUALITY)
    assert suggestions.json() == {"items": [], "next": None}
    complaints = await feedback.call("GET", "/api/v1/complaints", role=QUALITY)
    assert [item["id"] for item in complaints.json()["items"]] == [complaint]


async def test_complaints_come_oldest_first_a_page_at_a_time(feedback: Desk) -> None:
    said = [await complain(feedback, subject=f"{n}") for n in range(3)]
    first = (await feedback.call("GET", "/api/v1/complaints?limit=2", role=QUALITY)).json()
    rest = (await feedback.call("GET", f"/api/v1/complaints?limit=2&after={first['next']}", role=QUALITY)).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == said
    assert rest["next"] is None


async def test_another_association_sees_and_answers_nothing(feedback: Desk) -> None:
    complaint = await complain(feedback)
    elsewhere: dict[str, Any] = {"association": OTHER_ASSOCIATION}
    for path in ("complaints", "suggestions", "survey-answers", "improvements", "evaluations"):
        seen = await feedback.call("GET", f"/api/v1/{path}", role=QUALITY, **elsewhere)
        assert seen.json() == {"items": [], "next": None}
    assert (await resolve(feedback, complaint, **elsewhere)).status_code == 404
    assert await feedback.told(ComplaintResolved) == []


async def test_an_unknown_association_is_refused_at_the_public_door(feedback: Desk) -> None:
    for path in ("complaints", "suggestions"):
        said = SAID | {"association_id": "nobody"}
        refused = await feedback.call("POST", f"/api/v1/public/{path}", body=said)
        assert (refused.status_code, refused.json()["code"]) == (403, "association_unknown")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"party": "stranger"}, "party"), ({"text": "  "}, "text"), ({"subject": "س" * 201}, "subject"), ({"x": 1}, "x")],
)
async def test_what_is_missing_or_unknown_is_refused_at_its_field(
    feedback: Desk, wrong: dict[str, Any], field: str
) -> None:
    refused = await feedback.call("POST", "/api/v1/complaints", role=QUALITY, body=SAID | wrong)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_the_same_key_gives_the_first_receipt_again_and_keeps_no_words_in_it(feedback: Desk) -> None:
    key = {"Idempotency-Key": "sent-twice"}
    answers = [
        await feedback.call("POST", "/api/v1/complaints", role=QUALITY, body=SAID, headers=key) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len(await feedback.told(ComplaintReceived)) == 1
    assert not any(SAID[word] in answers[0].text for word in ("subject", "text", "contact"))


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", "complaints", Role.COMMITTEE_MEMBER),
        ("POST", "suggestions", Role.AUDITOR),
        ("GET", "complaints", Role.DELEGATE),
        ("GET", "suggestions", Role.BRANCH_MANAGER),
        ("POST", "complaints/1/resolution", Role.INTAKE_OFFICER),
    ],
)
async def test_other_roles_are_refused(feedback: Desk, method: str, path: str, role: Role) -> None:
    refused = await feedback.call(method, f"/api/v1/{path}", role=role, body=SAID if method == "POST" else None)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (await feedback.call(method, f"/api/v1/{path}")).status_code == 401
