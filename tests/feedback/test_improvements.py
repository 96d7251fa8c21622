"""Departments evaluate each other, and obstacles are taken up and removed."""

from datetime import timedelta
from typing import Any

import pytest

from shared.language.calendar import riyadh_day
from shared.language.events import DepartmentEvaluated, ImprovementCompleted, ImprovementOpened
from shared.language.roles import Role
from tests.feedback.build import OTHER_ASSOCIATION
from tests.harness.desk import Desk

EVALUATION: dict[str, Any] = {
    "department_id": "sponsorship",
    "by_department_id": "education",
    "overall": 4,
    "note": "تعاون جيد",
}
QUALITY = Role.QUALITY_OFFICER


async def open_one(desk: Desk, *, days: int = 30, **changed: Any) -> Any:
    due_on = (riyadh_day(desk.clock.now()) + timedelta(days=days)).isoformat()
    body = {"title": "خط هاتف ثانٍ", "found_by": "complaint", "owner": "officer-1", "due_on": due_on} | changed
    return await desk.call("POST", "/api/v1/improvements", role=QUALITY, body=body)


async def complete(desk: Desk, improvement: str, **who: Any) -> Any:
    path = f"/api/v1/improvements/{improvement}/completion"
    return await desk.call("POST", path, role=QUALITY, body={"result": "شُغّل الخط"}, **who)


STAFF = [role for role in Role if role not in {Role.PLATFORM_OPERATOR, Role.AUDITOR}]


@pytest.mark.parametrize("role", STAFF)
async def test_any_of_the_staff_evaluates_another_department(feedback: Desk, role: Role) -> None:
    said = await feedback.call("POST", "/api/v1/evaluations", role=role, body=EVALUATION)
    assert said.status_code == 201, said.text
    (told,) = await feedback.told(DepartmentEvaluated)
    assert isinstance(told, DepartmentEvaluated)
    assert (told.department_id, told.by_department_id, told.overall) == ("sponsorship", "education", 4)
    page = (await feedback.call("GET", "/api/v1/evaluations", role=QUALITY)).json()
    assert [item["note"] for item in page["items"]] == ["تعاون جيد"]
    assert role.value not in str(page)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"department_id": "kitchen"}, "department_unknown", "department_id"),
        ({"by_department_id": "kitchen"}, "department_unknown", "by_department_id"),
        ({"by_department_id": "sponsorship"}, "malformed", "by_department_id"),
        ({"overall": 6}, "malformed", "overall"),
    ],
)
async def test_a_department_that_is_not_there_or_is_the_same_is_refused(
    feedback: Desk, wrong: dict[str, Any], code: str, field: str
) -> None:
    refused = await feedback.call("POST", "/api/v1/evaluations", role=QUALITY, body=EVALUATION | wrong)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
    assert await feedback.told() == []


async def test_the_platforms_operator_evaluates_nobody(feedback: Desk) -> None:
    refused = await feedback.call("POST", "/api/v1/evaluations", role=Role.PLATFORM_OPERATOR, body=EVALUATION)
    assert refused.status_code == 403


@pytest.mark.parametrize("found_by", ["survey", "complaint", "suggestion"])
async def test_an_obstacle_is_taken_up_and_removed_once(feedback: Desk, found_by: str) -> None:
    opened = await open_one(feedback, found_by=found_by)
    assert opened.status_code == 201, opened.text
    improvement = opened.json()["id"]
    assert (await complete(feedback, improvement)).status_code == 201
    again = await complete(feedback, improvement)
    assert (again.status_code, again.json()["code"]) == (409, "already_resolved")
    assert [type(event) for event in await feedback.told()] == [ImprovementOpened, ImprovementCompleted]
    (shown,) = (await feedback.call("GET", "/api/v1/improvements", role=Role.AUDITOR)).json()["items"]
    assert (shown["title"], shown["found_by"], shown["result"]) == ("خط هاتف ثانٍ", found_by, "شُغّل الخط")


async def test_an_improvement_due_today_in_riyadh_is_in_time_and_yesterday_is_not(feedback: Desk) -> None:
    feedback.clock.forward(timedelta(hours=13))  # 22:00 in UTC: the next day has begun in Riyadh
    assert (await open_one(feedback, days=0)).status_code == 201
    refused = await open_one(feedback, days=-1)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "malformed", "due_on")
    assert "مضى" in refused.json()["sentences"]["ar"]


async def test_another_association_completes_nothing(feedback: Desk) -> None:
    improvement = (await open_one(feedback)).json()["id"]
    refused = await complete(feedback, improvement, association=OTHER_ASSOCIATION)
    assert (refused.status_code, refused.json()["code"]) == (404, "improvement_not_found")
    assert await feedback.told(ImprovementCompleted) == []


async def test_only_the_quality_officer_opens_and_completes(feedback: Desk) -> None:
    for path in ("improvements", "improvements/1/completion"):
        refused = await feedback.call("POST", f"/api/v1/{path}", role=Role.BRANCH_MANAGER, body={})
        assert refused.status_code == 403
