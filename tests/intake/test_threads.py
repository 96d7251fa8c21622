"""A question is a thread with a time: reminded before it is over, told when it is, answered by any channel."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.domain.threads import due_after
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel, Clause
from shared.language.events import ClarificationAnswered, ClarificationDue
from shared.language.roles import Role
from shared.plumbing.seal import unseal
from tests.contracts.problem import everything_written
from tests.intake.office import Office
from tests.intake.test_clarifications import ANSWER, QUESTION, RESEARCHER, asked

FURTHER = {"words": "وهل يكفي عقد منتهٍ؟", "channel": "phone"}
REPLY = {"words": "لا، يلزم عقد سارٍ.", "channel": "interview"}
HOUR = timedelta(hours=1)


async def threads(office: Office, case: dict[str, Any]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = await office.get(f"/api/v1/cases/{case['id']}/clarifications")
    return shown


async def waiting(office: Office, **who: Any) -> list[str]:
    found = await office.get("/api/v1/clarifications/waiting", **(RESEARCHER | who))
    return [one["clarification_id"] for one in found["items"]]


async def test_what_waits_is_paged_and_a_question_answered_meanwhile_hides_none(office: Office) -> None:
    """`step.clarification`."""
    case = await office.walk(to=CaseStatus.RECEIVED)
    asked_for = []
    for minutes in (0, 0, 5, 0, 5):
        office.desk.clock.forward(timedelta(minutes=minutes))
        asked_for.append(await asked(office, case))
    path = "/api/v1/clarifications/waiting?limit=2"
    first = await office.get(path, **RESEARCHER)
    await office.step(case, f"clarifications/{asked_for[0]}/answer", ANSWER, **RESEARCHER)
    second = await office.get(f"{path}&after={first['next']}", **RESEARCHER)
    third = await office.get(f"{path}&after={second['next']}", **RESEARCHER)
    shown = [one["clarification_id"] for page in (first, second, third) for one in page["items"]]
    assert (shown, third["next"]) == (asked_for, None)


@pytest.mark.parametrize(
    ("asked_at", "due_at"),
    [
        (datetime(2026, 11, 22, 9, tzinfo=UTC), datetime(2026, 11, 25, 9, tzinfo=UTC)),
        (datetime(2026, 11, 25, 9, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)),
        (datetime(2026, 11, 27, 9, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)),
        # It is Friday in Riyadh already.
        (datetime(2026, 11, 26, 22, tzinfo=UTC), datetime(2026, 11, 30, 22, tzinfo=UTC)),
        # Al-Adha is Saturday to Tuesday, 15 to 18 May 2027.
        (datetime(2027, 5, 13, 9, tzinfo=UTC), datetime(2027, 5, 23, 9, tzinfo=UTC)),
        # National Day is a Wednesday.
        (datetime(2026, 9, 21, 9, tzinfo=UTC), datetime(2026, 9, 27, 9, tzinfo=UTC)),
    ],
)
def test_a_question_has_three_working_days(asked_at: datetime, due_at: datetime) -> None:
    assert due_after(asked_at) == due_at


async def test_a_question_may_be_asked_at_any_instant_of_a_real_clock(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    office.desk.clock.forward(timedelta(microseconds=426_841))
    number = await asked(office, case)
    assert await waiting(office) == [number]


async def test_who_forgets_a_question_is_reminded_and_then_told_that_it_is_late(office: Office) -> None:
    """`step.clarification`."""
    case = await office.walk(to=CaseStatus.RECEIVED)
    number = await asked(office, case)
    office.desk.clock.forward(timedelta(days=2) - HOUR)
    await office.desk.settle()
    assert await office.desk.told(ClarificationDue) == []
    for overdue, by in ((False, 2 * HOUR), (True, timedelta(days=1))):
        office.desk.clock.forward(by)
        await office.desk.settle()
        told = (await office.desk.told(ClarificationDue))[-1]
        assert isinstance(told, ClarificationDue)
        assert (told.clarification_id, told.overdue) == (number, overdue)
    (thread,) = await threads(office, case)
    assert (thread["waits"], thread["overdue"]) == (True, True)


async def test_an_answered_question_reminds_nobody(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    number = await asked(office, case)
    assert await waiting(office) == [number]
    await office.step(case, f"clarifications/{number}/answer", ANSWER | {"through": "phone"}, **RESEARCHER)
    assert await waiting(office) == []
    office.desk.clock.forward(timedelta(days=9))
    await office.desk.settle()
    assert await office.desk.told(ClarificationDue) == []
    (thread,) = await threads(office, case)
    assert (thread["through"], thread["waits"]) == ("phone", False)


@pytest.mark.parametrize("channel", Channel)
async def test_a_thread_goes_on_by_any_channel(office: Office, channel: Channel) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    number = await asked(office, case)
    await office.step(case, f"clarifications/{number}/answer", ANSWER, **RESEARCHER)
    await office.step(case, f"clarifications/{number}/questions", FURTHER | {"channel": channel})
    assert await waiting(office) == [number]
    await office.step(case, f"clarifications/{number}/replies", REPLY | {"channel": channel}, **RESEARCHER)
    assert await waiting(office) == []
    (thread,) = await threads(office, case)
    assert [(note["side"], note["words"], note["channel"]) for note in thread["notes"]] == [
        ("applicant", FURTHER["words"], channel),
        ("researcher", REPLY["words"], channel),
    ]
    *_, told = await office.desk.told(ClarificationAnswered)
    assert isinstance(told, ClarificationAnswered)
    assert unseal(told.answer) == REPLY["words"]
    assert Clause.STEP_CLARIFICATION in told.evidence()


async def test_a_further_question_has_its_time_anew(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    number = await asked(office, case)
    await office.step(case, f"clarifications/{number}/answer", ANSWER, **RESEARCHER)
    office.desk.clock.forward(timedelta(days=7))
    await office.step(case, f"clarifications/{number}/questions", FURTHER)
    await office.desk.settle()
    assert await office.desk.told(ClarificationDue) == []
    office.desk.clock.forward(timedelta(days=3))
    await office.desk.settle()
    assert [
        told.overdue for told in await office.desk.told(ClarificationDue) if isinstance(told, ClarificationDue)
    ] in (
        [False, True],
        [True, False],
    )


async def test_what_was_asked_before_the_first_answer_waits_on_for_its_own_time(office: Office) -> None:
    """`step.clarification`."""
    case = await office.walk(to=CaseStatus.RECEIVED)
    number = await asked(office, case)
    office.desk.clock.forward(timedelta(days=1))
    await office.step(case, f"clarifications/{number}/questions", FURTHER)
    office.desk.clock.forward(HOUR)
    await office.step(case, f"clarifications/{number}/answer", ANSWER, **RESEARCHER)
    assert await waiting(office) == [number]
    office.desk.clock.forward(timedelta(days=10))
    await office.desk.settle()
    late = [told for told in await office.desk.told(ClarificationDue) if isinstance(told, ClarificationDue)]
    assert sorted(told.overdue for told in late) == [False, True]
    await office.step(case, f"clarifications/{number}/replies", REPLY, **RESEARCHER)
    assert await waiting(office) == []


async def test_nothing_is_replied_where_nothing_further_was_asked(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    number = await asked(office, case)
    refusal = {"status": 409, "code": "replied_already"}
    await office.refuse_step(case, f"clarifications/{number}/replies", REPLY, **(RESEARCHER | refusal))
    await office.step(case, f"clarifications/{number}/answer", ANSWER, **RESEARCHER)
    await office.refuse_step(case, f"clarifications/{number}/replies", REPLY, **(RESEARCHER | refusal))


async def test_a_branch_sees_what_waits_of_its_own_requests_alone(office: Office) -> None:
    here = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    number = await asked(here, await here.walk(to=CaseStatus.RECEIVED))
    assert await waiting(office) == [number]
    assert await waiting(office, role=Role.BRANCH_MANAGER, branch="hada_sham") == [number]
    assert await waiting(office, role=Role.BRANCH_MANAGER, branch="ayn_shams") == []


async def test_what_was_said_in_a_thread_lies_sealed(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    number = await asked(office, case)
    await office.step(case, f"clarifications/{number}/questions", FURTHER)
    written = "\n".join(everything_written(office.desk))
    assert not [words for words in (FURTHER["words"], QUESTION["question"]) if words in written]
