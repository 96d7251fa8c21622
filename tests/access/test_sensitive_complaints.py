"""A sensitive complaint is read by its officer; others see that there is one."""

from typing import Any

from shared.language.roles import Role
from shared.plumbing.audit.reading import CONFIDENTIAL
from tests.contracts.problem import refused
from tests.harness.desk import Desk

OFFICER: dict[str, Any] = {"role": Role.SENSITIVE_COMPLAINTS_OFFICER}
QUALITY: dict[str, Any] = {"role": Role.QUALITY_OFFICER}
WORDS = {"subject": "تحرش", "text": "كلام جارح من موظف", "contact": "0555000111"}


async def complain(desk: Desk, **said: Any) -> str:
    body = {"association_id": "jamoum-orphans", "party": "beneficiary", **WORDS, **said}
    answer = await desk.call("POST", "/api/v1/public/complaints", body=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def listed(desk: Desk, **who: Any) -> dict[str, dict[str, Any]]:
    page = await desk.call("GET", "/api/v1/complaints", **who)
    return {one["id"]: one for one in page.json()["items"]}


async def test_others_see_that_there_is_one_and_none_of_its_words(feedback: Desk) -> None:
    sensitive, plain = await complain(feedback, sensitive=True), await complain(feedback)
    for who in (QUALITY, {"role": Role.AUDITOR}):
        shown = await listed(feedback, **who)
        assert shown[plain]["text"] == WORDS["text"]
        assert shown[sensitive]["sensitive"] is True
        assert {shown[sensitive][word] for word in (*WORDS, "answer")} == {None}


async def test_its_officer_reads_it_and_no_other(feedback: Desk) -> None:
    sensitive, _ = await complain(feedback, sensitive=True), await complain(feedback)
    shown = await listed(feedback, **OFFICER)
    assert set(shown) == {sensitive}
    assert shown[sensitive]["text"] == WORDS["text"]


async def test_its_officer_alone_answers_it(feedback: Desk) -> None:
    path, body = f"/api/v1/complaints/{await complain(feedback, sensitive=True)}/resolution", {"answer": "نعتذر"}
    await refused(feedback, "POST", path, body=body, status=403, code="sensitive_complaint", **QUALITY)
    assert (await feedback.call("POST", path, body=body, **OFFICER)).status_code == 201


async def test_another_associations_officer_sees_none(feedback: Desk) -> None:
    await complain(feedback, sensitive=True)
    assert await listed(feedback, **OFFICER, association="kharj-dawah") == {}


async def test_two_strangers_with_the_same_key_get_each_his_own_answer(feedback: Desk) -> None:
    async def ask(text: str) -> Any:
        body = {"association_id": "jamoum-orphans", "party": "other", "subject": "x", "text": text}
        return await feedback.call("POST", "/api/v1/public/complaints", body=body, headers={"Idempotency-Key": "1"})

    first, second, again = await ask("الأول"), await ask("الثاني"), await ask("الأول")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_why_its_officer_saw_who_complained_the_trail_tells_no_reader(feedback: Desk) -> None:
    sensitive, plain = await complain(feedback, sensitive=True), await complain(feedback)
    for one, who, why in ((sensitive, OFFICER, "للاتصال بالضحية"), (plain, QUALITY, "للرد عليه")):
        shown = await feedback.call("POST", f"/api/v1/relations/{one}/reveal", body={"reason": why}, **who)
        assert shown.status_code == 200, shown.text
    page = (await feedback.call("GET", "/api/v1/audit", role=Role.AUDITOR)).json()
    reasons = [one["reason"] for one in page["items"] if one["reason"]]
    assert reasons == [CONFIDENTIAL, "للرد عليه"]
