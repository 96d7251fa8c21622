"""The person's survey: his right, answered once, and never led back to him."""

from typing import Any

import pytest

from shared.language.events import Ending, SurveyAnswered
from shared.language.roles import Role
from tests.feedback.build import REPLY, answer, closed, code_of, serve_and_answer, withdrawn
from tests.harness.desk import Desk

ANSWERS = "/api/v1/survey-answers"


async def test_the_survey_says_his_right_and_nothing_of_his_case(feedback: Desk) -> None:
    await feedback.hear(closed(ending=Ending.REJECTED))
    shown = await feedback.call("GET", f"/api/v1/public/surveys/{await code_of(feedback)}")
    survey = shown.json()
    assert shown.status_code == 200
    assert [question["id"] for question in survey["questions"]] == ["overall", "ease", "impression", "respect", "speed"]
    assert all(question["words"]["ar"] and question["words"]["en"] for question in survey["questions"])
    assert "حق" in survey["right"]["ar"]
    assert "right" in survey["right"]["en"]
    assert survey["association"]["ar"]
    assert survey["answered"] is False
    assert not any(secret in shown.text for secret in ("case-1", "JMM-", "sponsorship", "rejected"))


async def test_looking_at_the_survey_answers_nothing(feedback: Desk) -> None:
    await feedback.hear(withdrawn())
    for _ in range(2):
        await feedback.call("GET", f"/api/v1/public/surveys/{await code_of(feedback)}")
    assert await feedback.told(SurveyAnswered) == []
    assert (await answer(feedback)).status_code == 201


async def test_a_survey_is_answered_once(feedback: Desk) -> None:
    await feedback.hear(closed())
    assert (await answer(feedback)).status_code == 201
    again = await answer(feedback, overall=1)
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    (answered,) = await feedback.told(SurveyAnswered)
    assert isinstance(answered, SurveyAnswered)
    assert not {"overall", "ease", "impression", "comment"} & set(answered.model_dump())
    assert answered.department_id == "sponsorship"
    shown = await feedback.call("GET", f"/api/v1/public/surveys/{await code_of(feedback)}")
    assert shown.json()["answered"] is True


async def test_the_same_key_gives_the_first_answer_again(feedback: Desk) -> None:
    await feedback.hear(closed())
    path, key = f"/api/v1/public/surveys/{await code_of(feedback)}", {"Idempotency-Key": "tapped-twice"}
    first = await feedback.call("POST", path, body=REPLY, headers=key)
    second = await feedback.call("POST", path, body=REPLY, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert len(await feedback.told(SurveyAnswered)) == 1


@pytest.mark.parametrize("code", ["aaaaaaaaaaa", "x", "2" * 500, "case-1", "رمز"])
async def test_a_wrong_code_is_not_found_whatever_is_wrong_with_it(feedback: Desk, code: str) -> None:
    await feedback.hear(closed())
    shown = await feedback.call("GET", f"/api/v1/public/surveys/{code}")
    said = await feedback.call("POST", f"/api/v1/public/surveys/{code}", body=REPLY)
    assert (shown.status_code, said.status_code) == (404, 404)
    assert shown.json() == said.json()
    assert shown.json()["code"] == "survey_not_found"


async def test_a_code_is_known_however_the_keyboard_wrote_it(feedback: Desk) -> None:
    await feedback.hear(closed())
    code = await code_of(feedback)
    typed = code.upper().translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩"))
    assert (await feedback.call("GET", f"/api/v1/public/surveys/{typed}%20")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"overall": 0}, {"ease": 6}, {"speed": None}, {"respect": "5"}, {"impression": True}, {"comment": "ا" * 2001}],
)
async def test_what_is_out_of_range_is_refused_at_its_field(feedback: Desk, wrong: dict[str, Any]) -> None:
    await feedback.hear(closed())
    refused = await answer(feedback, **wrong)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "malformed", *wrong)
    assert await feedback.told(SurveyAnswered) == []
    assert (await answer(feedback)).status_code == 201


async def test_an_answer_without_a_comment_is_an_answer(feedback: Desk) -> None:
    await feedback.hear(closed())
    assert (await answer(feedback, comment="")).status_code == 201


async def test_the_quality_officer_reads_what_was_said_and_not_by_whom(feedback: Desk) -> None:
    await serve_and_answer(feedback, "case-1", "case-2")
    few = await feedback.call("GET", ANSWERS, role=Role.QUALITY_OFFICER)
    assert few.json() == {"items": [], "next": None}

    await serve_and_answer(feedback, "case-3", overall=1)
    page = await feedback.call("GET", ANSWERS, role=Role.QUALITY_OFFICER)
    assert sorted(item["overall"] for item in page.json()["items"]) == [1, 5, 5]
    assert all(set(item) == {*REPLY} for item in page.json()["items"])
    assert "case" not in page.text


async def test_answers_come_a_page_at_a_time(feedback: Desk) -> None:
    await serve_and_answer(feedback, *(f"case-{n}" for n in range(5)))
    seen = 0
    after: str | None = ""
    for _ in range(3):
        page = (await feedback.call("GET", f"{ANSWERS}?limit=2&after={after}", role=Role.AUDITOR)).json()
        seen, after = seen + len(page["items"]), page["next"]
    assert (seen, after) == (5, None)


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.BRANCH_MANAGER, Role.SOCIAL_RESEARCHER, Role.COMMITTEE_MEMBER])
async def test_who_served_him_does_not_read_his_answer(feedback: Desk, role: Role) -> None:
    refused = await feedback.call("GET", ANSWERS, role=role)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
