"""What a person may ask about his own data: taken down, proven, answered within thirty days, and erased for good."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.domain.retention import years_after
from shared.language.events import (
    ApplicantShown,
    PersonCorrected,
    RightsAnswered,
    RightsDue,
    RightsRequested,
)
from shared.language.roles import Role
from shared.plumbing.seal import unseal
from tests.contracts.problem import assert_problem
from tests.harness.desk import NOON, Desk
from tests.intake.office import NAME, NATIONAL_ID, Office, hear_itself
from tests.intake.rights import ADMIN, ASKED, REQUESTS, WORDS, S, act, ask


async def test_a_request_is_taken_down_even_when_it_was_only_spoken_and_is_due_in_thirty_days(office: Office) -> None:
    case = await office.begin()
    applicant = await office.get(f"/api/v1/cases/{case['id']}/applicant")
    request = await ask(office, right="access", words=WORDS)
    assert request["subject_id"] == applicant["subject_id"]
    assert request["due_at"].startswith((NOON + timedelta(days=30)).isoformat()[:19])
    (told,) = await office.desk.told(RightsRequested)
    assert WORDS not in told.model_dump_json()
    page = await office.get(f"{REQUESTS}?only_open=true", **ADMIN)
    assert [item["id"] for item in page["items"]] == [request["id"]]
    shown = await office.get(f"{REQUESTS}/{request['id']}", **ADMIN)
    assert shown["words"] == WORDS


async def test_a_guardian_asks_for_whom_he_answers_for_by_name(office: Office) -> None:
    await office.begin()
    request = await ask(office, asker="guardian", guardian="سالم الحربي", right="access")
    assert (await office.get(f"{REQUESTS}/{request['id']}", **ADMIN))["guardian"] == "سالم الحربي"
    for wrong in ({"asker": "guardian"}, {"guardian": "سالم"}, {"subject_id": "x"}, {"national_id": None}):
        answer = await office.desk.call("POST", REQUESTS, body=ASKED | wrong, **office.who)
        assert_problem(answer, status=422, code="malformed", field="body")


async def test_of_whom_nothing_is_held_nothing_is_asked(office: Office, kharj: Office) -> None:
    await office.begin()
    request = await ask(office, right="access")
    answer = await kharj.desk.call("POST", REQUESTS, body=ASKED, **kharj.who)
    assert_problem(answer, status=404, code="person_not_found")
    by_id = {name: value for name, value in ASKED.items() if name != "national_id"}
    by_id["subject_id"] = request["subject_id"]
    answer = await kharj.desk.call("POST", REQUESTS, body=by_id, **kharj.who)
    assert_problem(answer, status=404, code="person_not_found")
    for what in ("identity", "extension", "answer", "correction", "erasure"):
        bodies: dict[str, Any] = {
            "identity": {"proof": "called_back"},
            "extension": {"reason": "لأن الملف كبير"},
            "answer": {"fulfilled": True, "answer": "نعم"},
            "correction": {"correction": {"name": "غيره"}},
        }
        answer = await act(kharj, request, what, bodies.get(what))
        assert_problem(answer, status=404, code="rights_request_not_found")


async def test_nothing_is_done_for_whom_nobody_knows(office: Office) -> None:
    await office.walk(to=S.WITHDRAWN)
    request = await ask(office, proof="none")
    assert_problem(await act(office, request, "erasure"), status=409, code="identity_unproven", field="proof")
    assert (await act(office, request, "identity", {"proof": "called_back"})).json()["proof"] == "called_back"
    assert (await act(office, request, "erasure")).status_code == 202


async def test_the_time_is_extended_once_with_a_reason_and_in_time(office: Office) -> None:
    await office.begin()
    request = await ask(office, right="access")
    office.desk.clock.forward(timedelta(days=29))
    longer = await act(office, request, "extension", {"reason": "الملف موزع على فرعين"})
    assert longer.json()["due_at"].startswith((NOON + timedelta(days=60)).isoformat()[:19])
    again = await act(office, request, "extension", {"reason": "ومرة أخرى"})
    assert_problem(again, status=409, code="already_extended")
    late = await ask(office, right="access")
    office.desk.clock.forward(timedelta(days=31))
    assert_problem(await act(office, late, "extension", {"reason": "تأخرنا"}), status=409, code="extended_too_late")


async def test_somebody_is_reminded_before_the_time_is_over_and_not_of_what_was_answered(office: Office) -> None:
    await office.begin()
    request, answered = await ask(office, right="access"), await ask(office, right="access")
    assert (await act(office, answered, "answer", {"fulfilled": True, "answer": "سُلّمت"})).status_code == 200
    office.desk.clock.forward(timedelta(days=25))
    await office.desk.settle()
    (due,) = await office.desk.told(RightsDue)
    assert isinstance(due, RightsDue)
    assert due.request_id == request["id"]
    assert (await office.get(f"{REQUESTS}/{request['id']}", **ADMIN))["reminded_at"] is not None


async def test_a_request_is_answered_once_and_in_its_own_way(office: Office) -> None:
    await office.begin()
    request = await ask(office, right="access")
    wrong = await act(office, request, "correction", {"correction": {"name": "نورة"}})
    assert_problem(wrong, status=409, code="rights_request_of_another_kind")
    assert (await act(office, request, "answer", {"fulfilled": False, "answer": "ليس وليّها"})).status_code == 200
    again = await act(office, request, "answer", {"fulfilled": True, "answer": "نعم"})
    assert_problem(again, status=409, code="rights_request_answered")
    (told,) = await office.desk.told(RightsAnswered)
    assert isinstance(told, RightsAnswered)
    assert told.fulfilled is False


async def test_a_correction_is_kept_and_told_to_whoever_writes_to_him(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    request = await ask(office, right="correction")
    done = await act(office, request, "correction", {"correction": {"mobile": "0555000222"}, "answer": "صُحح"})
    assert done.status_code == 200, done.text
    applicant = await office.get(f"/api/v1/cases/{case['id']}/applicant")
    assert (applicant["mobile"], applicant["name"]) == ("+9665••••222", NAME)
    (told,) = await office.desk.told(PersonCorrected)
    assert isinstance(told, PersonCorrected)
    assert "+966555000222" in unseal(told.contact)


async def test_his_numbers_are_masked_and_shown_in_clear_only_with_a_reason_that_stands_in_the_file(
    office: Office,
) -> None:
    case = await office.walk(to=S.RECEIVED)
    path = f"/api/v1/cases/{case['id']}/applicant"
    applicant = await office.get(path)
    assert (applicant["name"], applicant["national_id"], applicant["mobile"]) == (NAME, "••••08", "+9665••••111")
    without = await office.desk.call("POST", f"{path}/reveal", body={"fields": ["mobile"]}, **office.who)
    assert_problem(without, status=422, code="malformed", field="reason")
    reveal = {"fields": ["mobile", "national_id", "email"], "reason": "للاتصال به"}
    shown = await office.desk.call("POST", f"{path}/reveal", body=reveal, **office.who)
    assert shown.json() == {"values": {"mobile": "+966555000111", "national_id": NATIONAL_ID, "email": None}}
    (told,) = await office.desk.told(ApplicantShown)
    assert isinstance(told, ApplicantShown)
    assert unseal(told.reason) == "للاتصال به"
    await hear_itself(office.desk)
    timeline = await office.get(f"/api/v1/cases/{case['id']}/timeline")
    assert [(one["person_id"], one["facts"]) for one in timeline if one["event"] == "applicant.shown"] == [
        ("intake_officer-1", {"fields": "mobile, national_id, email"})
    ]


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", REQUESTS, Role.AUDITOR),
        ("GET", REQUESTS, Role.INTAKE_OFFICER),
        ("GET", f"{REQUESTS}/1", Role.AUDITOR),
        ("POST", f"{REQUESTS}/1/erasure", Role.INTAKE_OFFICER),
        ("POST", f"{REQUESTS}/1/answer", Role.BRANCH_MANAGER),
        ("GET", "/api/v1/personal/people/1", Role.PLATFORM_OPERATOR),
        ("GET", "/api/v1/personal/people/1", Role.AUDITOR),
        ("POST", "/api/v1/cases/1/applicant/reveal", Role.AUDITOR),
        ("GET", "/api/v1/personal/kept-long-enough", Role.QUALITY_OFFICER),
    ],
)
async def test_other_roles_are_refused(intake: Desk, method: str, path: str, role: Role) -> None:
    answer = await intake.call(method, path, role=role, body={} if method == "POST" else None)
    assert_problem(answer, status=403, code="not_allowed")


def test_a_year_after_the_29th_of_february_is_the_1st_of_march() -> None:
    assert years_after(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)
