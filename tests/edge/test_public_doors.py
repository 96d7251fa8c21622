"""What a stranger learns at the public's doors: nothing, and the same of everything."""

import string
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from services.feedback.domain.survey import make_code
from services.feedback.main import FEEDBACK
from tests.contracts.problem import everything_written
from tests.feedback.build import closed, code_of
from tests.harness.desk import Desk, open_desk
from tests.harness.plans import statements_of
from tests.intake.office import NATIONAL_ID, OTHER_NATIONAL_ID, Office

SURVEYS = "/api/v1/public/surveys"
REQUESTS = "/api/v1/public/requests"
REPLY = {"overall": 5, "ease": 4, "impression": 5, "respect": 5, "speed": 4}


@pytest.fixture
async def feedback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(FEEDBACK, tmp_path, monkeypatch) as desk:
        yield desk


def bare(answer: httpx.Response) -> tuple[int, bytes, set[str]]:
    """What a stranger can tell two answers apart by."""
    return answer.status_code, answer.content, set(answer.headers)


WRONG = ["x", "jmm-2026-000001", "٢" * 11, "a" * 3_000, string.punctuation.replace("/", "").replace("?", "")[:20], " "]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_wrong_code_and_an_unknown_one_get_the_same_answer_for_the_same_work(
    feedback: Desk, method: str
) -> None:
    async def knock(code: str) -> tuple[object, list[str]]:
        body = REPLY if method == "POST" else None
        async with statements_of(feedback.runtime.database) as asked:
            answer = await feedback.client.request(method, f"{SURVEYS}/{quote(code, safe='')}", json=body)
        return bare(answer), [statement for statement, _ in asked]

    await feedback.hear(closed())
    before = everything_written(feedback)
    unknown = await knock(make_code())
    assert unknown[0][0] == 404  # type: ignore[index]
    for code in WRONG:
        assert await knock(code) == unknown
    assert everything_written(feedback) == before


async def test_a_reference_number_opens_no_survey(feedback: Desk) -> None:
    await feedback.hear(closed())
    case = closed()
    unknown = await feedback.client.get(f"{SURVEYS}/{make_code()}")
    for stolen in (case.reference, case.case_id):
        assert bare(await feedback.client.get(f"{SURVEYS}/{stolen}")) == bare(unknown)
    assert (await feedback.client.get(f"{SURVEYS}/{await code_of(feedback)}")).status_code == 200


async def test_a_request_does_not_tell_whether_the_person_was_known(intake: Desk) -> None:
    office = Office(intake)
    await office.begin()

    async def ask(national_id: str) -> httpx.Response:
        new = office.new_case()
        body = {"association_id": office.pack.id, "service_id": new["service_id"], "form": new["form"]}
        applicant = new["applicant"] | {"national_id": national_id}
        return await intake.client.post(REQUESTS, json=body | {"applicant": applicant})

    known, unknown = await ask(NATIONAL_ID), await ask(OTHER_NATIONAL_ID)
    assert known.status_code == unknown.status_code == 201
    assert set(known.json()) == set(unknown.json()) == {"reference", "status"}
    assert known.json()["status"] == unknown.json()["status"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_a_reference_number_alone_shows_nothing(intake: Desk, method: str) -> None:
    case = await Office(intake).begin()
    for stolen in (case["reference"], case["id"]):
        for path in (f"{REQUESTS}/{stolen}", f"/api/v1/public/{stolen}", f"/api/v1/cases/{stolen}"):
            answer = await intake.client.request(method, path)
            assert answer.status_code in {401, 404, 405}
            assert case["id"] not in answer.text
            assert case["status"] not in answer.text
