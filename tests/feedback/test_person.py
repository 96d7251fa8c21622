"""Whoever complains has a key for it, how he is reached is shown with a reason alone, and an answer stays nobody's."""

from typing import Any

from sqlalchemy import text

from shared.language.events import ComplaintReceived, ComplaintResolved, ContactShown, PersonErased
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import ERASED, unseal
from shared.plumbing.vault import VAULT
from tests.contracts.problem import assert_problem
from tests.feedback.build import answer, closed
from tests.feedback.test_relations import QUALITY, SAID, complain, resolve
from tests.harness.desk import ASSOCIATION, NOON, Desk


async def raw(desk: Desk, query: str) -> list[Any]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return list((await (await session.connection()).execute(text(query))).scalars())


async def reveal(desk: Desk, complaint: str, **who: Any) -> Any:
    who = {"role": QUALITY} | who
    return await desk.call("POST", f"/api/v1/relations/{complaint}/reveal", body={"reason": "للرد عليه"}, **who)


async def test_each_complaint_lies_under_a_key_of_its_own(feedback: Desk) -> None:
    await complain(feedback)
    await complain(feedback)
    first, second = [event for event in await feedback.told(ComplaintReceived) if isinstance(event, ComplaintReceived)]
    assert first.subject_id != second.subject_id
    kept = await raw(feedback, "SELECT text FROM relations ORDER BY id")
    assert [one.rpartition(".")[0] for one in kept] == [f"p1.{first.subject_id}", f"p1.{second.subject_id}"]


async def test_how_he_is_reached_is_shown_with_a_reason_that_is_told(feedback: Desk) -> None:
    complaint = await complain(feedback)
    (listed,) = (await feedback.call("GET", "/api/v1/complaints", role=QUALITY)).json()["items"]
    assert listed["contact"] == "••••11"
    assert (await reveal(feedback, complaint)).json() == {"contact": SAID["contact"]}
    (told,) = await feedback.told(ContactShown)
    assert isinstance(told, ContactShown)
    assert unseal(told.reason) == "للرد عليه"
    elsewhere = await reveal(feedback, complaint, association="kharj-dawah")
    assert_problem(elsewhere, status=404, code="relation_not_found")
    assert_problem(await reveal(feedback, complaint, role=Role.AUDITOR), status=403, code="not_allowed")


async def test_once_he_is_erased_the_complaint_counts_and_says_nothing(feedback: Desk) -> None:
    complaint, other = await complain(feedback), await complain(feedback)
    first, _ = await feedback.told(ComplaintReceived)
    subject = str(first.model_dump()["subject_id"])
    VAULT.destroy(subject, now=NOON)
    await feedback.hear(PersonErased(association_id=ASSOCIATION, subject_id=subject))
    listed = (await feedback.call("GET", "/api/v1/complaints", role=QUALITY)).json()["items"]
    assert [(item["id"], item["text"], item["contact"]) for item in listed] == [
        (complaint, ERASED, ERASED),
        (other, SAID["text"], "••••11"),
    ]
    assert_problem(await reveal(feedback, complaint), status=410, code="person_erased")
    assert_problem(await resolve(feedback, complaint), status=409, code="already_resolved")
    assert (await resolve(feedback, other)).status_code == 201


async def test_nothing_leads_from_a_survey_answer_to_the_person_not_even_a_key(feedback: Desk) -> None:
    VAULT.make("person-1", now=NOON)
    await feedback.hear(closed().model_copy(update={"subject_id": "person-1"}))
    assert (await answer(feedback)).status_code == 201
    (comment,) = await raw(feedback, "SELECT comment FROM survey_answers")
    assert "person-1" not in comment
    assert comment.startswith("gAAAA")


async def test_what_an_erased_person_complained_of_is_over_and_counts_as_no_answer(feedback: Desk) -> None:
    complaint = await complain(feedback)
    (told,) = await feedback.told(ComplaintReceived)
    subject = str(told.model_dump()["subject_id"])
    VAULT.destroy(subject, now=NOON)
    for _ in range(2):
        await feedback.hear(PersonErased(association_id=ASSOCIATION, subject_id=subject))
    (listed,) = (await feedback.call("GET", "/api/v1/complaints", role=QUALITY)).json()["items"]
    assert (listed["answer"], listed["resolved_at"] is not None) == (ERASED, True)
    assert_problem(await resolve(feedback, complaint), status=409, code="already_resolved")
    assert await feedback.told(ComplaintResolved) == []
    assert await feedback.dead() == []
