"""Satisfaction over a period, told so that nobody can be recognised in it."""

from datetime import timedelta
from typing import Any

import pytest

from shared.language.calendar import riyadh_day
from shared.language.events import Ending
from shared.language.roles import Role
from tests.feedback.build import OTHER_ASSOCIATION, answer, closed, serve_and_answer, withdrawn
from tests.harness.desk import Desk

NOTHING = {"overall": None, "ease": None, "impression": None, "respect": None, "speed": None}


async def measured(desk: Desk, query: str = "", *, role: Role = Role.QUALITY_OFFICER, **who: Any) -> Any:
    answer = await desk.call("GET", f"/api/v1/satisfaction{query}", role=role, **who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def named(groups: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (group,) = [group for group in groups if name in (group.get("department_id"), group.get("ending"))]
    return group


async def test_it_counts_who_was_asked_who_answered_and_how_it_was(feedback: Desk) -> None:
    await serve_and_answer(feedback, "a", "b", overall=5)
    await serve_and_answer(feedback, "c", overall=3)
    await feedback.hear(withdrawn("d"))
    report = await measured(feedback)
    assert report["overall"] == {
        "invitations": 4,
        "answers": 3,
        "response_rate": 0.75,
        "averages": {"overall": 4.3, "ease": 4.0, "impression": 5.0, "respect": 3.0, "speed": 2.0},
    }
    assert named(report["endings"], "served")["averages"]["overall"] == 4.3
    assert named(report["endings"], "withdrawn") == {
        "ending": "withdrawn",
        "invitations": 1,
        "answers": 0,
        "response_rate": 0.0,
        "averages": NOTHING,
    }


async def test_a_group_of_fewer_than_three_shows_its_counts_alone(feedback: Desk) -> None:
    await serve_and_answer(feedback, "a", "b", overall=1)
    report = await measured(feedback)
    for group in (report["overall"], named(report["departments"], "sponsorship"), named(report["endings"], "served")):
        assert (group["invitations"], group["answers"], group["averages"]) == (2, 2, NOTHING)


async def test_a_small_group_cannot_be_reckoned_from_the_others(feedback: Desk) -> None:
    await serve_and_answer(feedback, "a", "b", "c", "d", department="sponsorship")
    await serve_and_answer(feedback, "e", "f", "g", department="health")
    await serve_and_answer(feedback, "h", department="education", overall=1)
    report = await measured(feedback)
    assert report["overall"]["averages"]["overall"] == 4.5
    assert named(report["departments"], "sponsorship")["averages"]["overall"] == 5.0
    # Told, health would leave the one answer of education as the difference to the whole.
    assert named(report["departments"], "health")["averages"] == NOTHING
    assert named(report["departments"], "health")["answers"] == 3
    assert named(report["departments"], "education")["averages"] == NOTHING


async def test_two_small_groups_of_three_together_hide_each_other(feedback: Desk) -> None:
    await serve_and_answer(feedback, "a", "b", "c", department="sponsorship")
    await serve_and_answer(feedback, "d", "e", department="education")
    await feedback.hear(closed("f", department="health"))
    assert (await answer(feedback, "f")).status_code == 201
    report = await measured(feedback)
    told = {group["department_id"]: group["averages"]["overall"] for group in report["departments"]}
    assert told == {"sponsorship": 5.0, "education": None, "health": None}


async def test_it_looks_back_ninety_days_unless_told_otherwise(feedback: Desk) -> None:
    await serve_and_answer(feedback, "a", "b", "c")
    day = riyadh_day(feedback.clock.now())
    feedback.clock.forward(timedelta(days=89))
    assert (await measured(feedback))["overall"]["answers"] == 3
    feedback.clock.forward(timedelta(days=1))
    assert (await measured(feedback))["overall"]["answers"] == 0
    report = await measured(feedback, f"?from={day}&to={day}")
    assert (report["first"], report["last"]) == (day.isoformat(), day.isoformat())
    assert (report["overall"]["answers"], report["overall"]["invitations"]) == (3, 3)


async def test_a_day_ends_at_midnight_in_riyadh(feedback: Desk) -> None:
    day = riyadh_day(feedback.clock.now())
    feedback.clock.forward(timedelta(hours=12))  # 21:00 in UTC: midnight in Riyadh
    await serve_and_answer(feedback, "a")
    before = (await measured(feedback, f"?from={day}&to={day}"))["overall"]
    after = (await measured(feedback, f"?from={day + timedelta(days=1)}"))["overall"]
    assert (before["invitations"], before["answers"]) == (0, 0)
    assert (after["invitations"], after["answers"]) == (1, 1)


async def test_an_answer_that_comes_late_counts_for_its_invitation(feedback: Desk) -> None:
    await feedback.hear(closed("a", ending=Ending.REJECTED))
    invited_on = riyadh_day(feedback.clock.now())
    feedback.clock.forward(timedelta(days=5))
    await answer(feedback, "a")
    then = (await measured(feedback, f"?from={invited_on}&to={invited_on}"))["overall"]
    now = (await measured(feedback, f"?from={invited_on + timedelta(days=1)}"))["overall"]
    assert (then["invitations"], then["answers"], then["response_rate"]) == (1, 0, 1.0)
    assert (now["invitations"], now["answers"], now["response_rate"]) == (0, 1, None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=2026-11-02&to=2026-11-01", "from"),
        ("?from=2099-01-01", "from"),
        ("?from=yesterday", "from"),
        ("?to=0001-01-01", "to"),
        ("?to=9999-12-31", "to"),
    ],
)
async def test_a_period_that_cannot_be_is_refused(feedback: Desk, query: str, field: str) -> None:
    refused = await feedback.call("GET", f"/api/v1/satisfaction{query}", role=Role.QUALITY_OFFICER)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "malformed", field)


async def test_another_association_sees_nothing_of_it(feedback: Desk) -> None:
    await serve_and_answer(feedback, "a", "b", "c")
    report = await measured(feedback, association=OTHER_ASSOCIATION)
    assert (report["overall"]["invitations"], report["overall"]["answers"]) == (0, 0)
    assert (report["departments"], report["endings"]) == ([], [])


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.SOCIAL_RESEARCHER, Role.COMMITTEE_CHAIR, Role.PLATFORM_OPERATOR])
async def test_it_is_not_for_other_roles(feedback: Desk, role: Role) -> None:
    refused = await feedback.call("GET", "/api/v1/satisfaction", role=role)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
