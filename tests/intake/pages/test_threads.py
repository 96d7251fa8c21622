"""Questions as threads at the desk's pages: further questions, answers through a channel, deadlines, what waits."""

from datetime import timedelta
from typing import Any

from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of
from tests.intake.test_clarifications import QUESTION, asked

RESEARCHER = {"role": Role.SOCIAL_RESEARCHER}
FURTHER, REPLY = "وهل يكفي عقد منتهٍ؟", "لا، يلزم عقد سارٍ."


def at(case: dict[str, Any], thread: str, path: str) -> str:
    return f"/desk/cases/{case['id']}/clarifications/{thread}/{path}"


async def test_a_thread_goes_on_through_its_channels_and_shows_its_deadline(office: Office, pages: Pages) -> None:
    """`step.clarification`."""
    case = await office.walk(to=CaseStatus.RECEIVED)
    of_case = f"/desk/cases/{case['id']}"
    thread = await asked(office, case)
    waiting = await pages.get(of_case, **RESEARCHER)
    assert at(case, thread, "answer") in main_of(waiting)
    assert "2026/11/25م · 12:00" in words_of(waiting), "three working days"
    answer = await pages.post(at(case, thread, "answer"), {"answer": "لا يلزم.", "channel": "phone"}, **RESEARCHER)
    assert answer.status_code == 303
    answered = words_of(await pages.get(of_case))
    assert "الهاتف" in answered
    assert "بانتظار الباحث" not in answered

    further = await pages.get(of_case)
    assert at(case, thread, "further") in main_of(further)
    kept = await pages.post(at(case, thread, "further"), {"words": FURTHER, "channel": "interview"})
    assert "السؤال اللاحق لدى الباحث" in words_of(await pages.get(kept.headers["location"]))
    page = await pages.get(of_case, **RESEARCHER)
    assert at(case, thread, "reply") in main_of(page)
    assert FURTHER in words_of(page)
    form = await pages.get(at(case, thread, "reply"), **RESEARCHER)
    assert [words for words in (QUESTION["question"], "لا يلزم.", FURTHER) if words not in words_of(form)] == []
    done = await pages.post(at(case, thread, "reply"), {"words": REPLY, "channel": "letter"}, **RESEARCHER)
    assert done.status_code == 303
    (shown,) = await office.get(f"/api/v1/cases/{case['id']}/clarifications")
    assert [(note["words"], note["channel"]) for note in shown["notes"]] == [(FURTHER, "interview"), (REPLY, "letter")]
    assert REPLY in words_of(await pages.get(of_case))


async def test_the_channel_of_the_first_answer_stays_whatever_is_asked_further(office: Office, pages: Pages) -> None:
    """`step.clarification`: asked further before the answer, and after it."""
    case = await office.walk(to=CaseStatus.RECEIVED)
    early, late = [await asked(office, case) for _ in range(2)]
    for thread, further, answer in ((early, "further", "answer"), (late, "answer", "further")):
        for act in (further, answer):
            sent = {"words": FURTHER} if act == "further" else {"answer": "لا يلزم.", "channel": "phone"}
            done = await pages.post(at(case, thread, act), sent, **({} if act == "further" else RESEARCHER))
            assert done.status_code == 303, words_of(done)
    assert words_of(await pages.get(f"/desk/cases/{case['id']}")).count("· الهاتف") == 2
    for thread in (early, late):
        await pages.post(at(case, thread, "reply"), {"words": REPLY, "channel": "letter"}, **RESEARCHER)
    kept = await office.get(f"/api/v1/cases/{case['id']}/clarifications")
    assert [thread["answered_through"] for thread in kept] == ["phone", "phone"]


async def test_the_queue_says_what_waits_and_what_is_late(office: Office, pages: Pages) -> None:
    """`step.clarification`."""
    assert "لا سؤال ينتظر" in words_of(await pages.get("/desk/questions", **RESEARCHER))
    case = await office.walk(to=CaseStatus.RECEIVED)
    thread = await asked(office, case)
    for role in (Role.SOCIAL_RESEARCHER, Role.INTAKE_OFFICER):
        page = await pages.get("/desk/questions", role=role)
        assert [words for words in (NAME, case["reference"], "خلال 3 أيام") if words not in words_of(page)] == []
        assert QUESTION["question"] not in page.text
    office.desk.clock.forward(timedelta(days=3, hours=1))
    assert "متأخر منذ اليوم" in words_of(await pages.get("/desk/questions", **RESEARCHER))
    office.desk.clock.forward(timedelta(days=1))
    assert "متأخر" in words_of(await pages.get("/desk/questions", **RESEARCHER))
    await pages.post(at(case, thread, "answer"), {"answer": "لا يلزم."}, **RESEARCHER)
    assert "لا سؤال ينتظر" in words_of(await pages.get("/desk/questions", **RESEARCHER))


async def test_another_branch_sees_no_question_of_a_case_that_is_not_its_own(office: Office, pages: Pages) -> None:
    case = await office.begin(branch_id="hada_sham")
    await office.step(case, "reception", {})
    await asked(office, case)
    manager = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
    assert case["reference"] not in (await pages.get("/desk/questions", **manager)).text
    here = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
    assert case["reference"] in (await pages.get("/desk/questions", **here)).text


async def test_an_empty_or_odd_word_in_a_thread_is_told_at_its_field_and_the_rest_is_kept(
    office: Office, pages: Pages
) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    thread = await asked(office, case)
    await pages.post(at(case, thread, "answer"), {"answer": "لا يلزم."}, **RESEARCHER)
    before = everything_written(office.desk)
    odd = await pages.post(at(case, thread, "further"), {"words": FURTHER, "channel": "pigeon"})
    assert (odd.status_code, errors_of(odd), value_of(odd, "words")) == (422, ["channel"], FURTHER)
    empty = await pages.post(at(case, thread, "further"), {"words": " "})
    assert (empty.status_code, errors_of(empty)) == (422, ["words"])
    nothing = await pages.post(at(case, thread, "reply"), {"words": REPLY}, **RESEARCHER)
    assert nothing.status_code == 409
    assert 'role="alert"' in main_of(nothing)
    assert everything_written(office.desk) == before


async def test_a_thread_of_another_case_is_not_found(office: Office, pages: Pages) -> None:
    first, second = await office.walk(to=CaseStatus.RECEIVED), await office.walk(to=CaseStatus.RECEIVED)
    thread = await asked(office, first)
    for path, who in (("further", {}), ("reply", RESEARCHER), ("answer", RESEARCHER)):
        assert (await pages.get(at(second, thread, path), **who)).status_code == 404
        assert (await pages.post(at(second, thread, path), {"words": REPLY, "answer": REPLY}, **who)).status_code == 404
