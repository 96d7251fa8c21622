"""What a person may ask about his own data: taken down, proven, answered within thirty days, and erased for good."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.intake.domain.retention import years_after
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import (
    ApplicantShown,
    ComplaintReceived,
    Party,
    PersonCorrected,
    PersonErased,
    RightsAnswered,
    RightsDue,
    RightsRequested,
)
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.seal import ERASED, RING, unseal
from shared.plumbing.vault import VAULT
from shared.policy import adopted
from shared.policy.parts import Retention, Words
from tests.contracts.problem import assert_problem, everything_written
from tests.harness.desk import ASSOCIATION, NOON, Desk
from tests.intake.office import NAME, NATIONAL_ID, Office, hear_itself

S = CaseStatus
ADMIN: dict[str, Any] = {"role": Role.ASSOCIATION_ADMINISTRATOR}
REQUESTS = "/api/v1/personal/requests"
ASKED = {"national_id": NATIONAL_ID, "right": "erasure", "manner": "spoken", "proof": "document_seen"}
WORDS = "أريد حذف كل ما عندكم عني"


async def ask(office: Office, **changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = (await office.post(REQUESTS, ASKED | changes)).json()
    return asked


async def act(office: Office, request: dict[str, Any], what: str, body: Any = None) -> httpx.Response:
    return await office.desk.call("POST", f"{REQUESTS}/{request['id']}/{what}", body=body, **(office.who | ADMIN))


async def erase(office: Office) -> str:
    """Whose case has ended asks to be erased, and is; the id of his key."""
    request = await ask(office, words=WORDS)
    done = await act(office, request, "erasure")
    assert done.status_code == 202, done.text
    await hear_itself(office.desk)
    assert await office.desk.dead() == []
    return str(request["subject_id"])


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


async def test_while_a_case_is_open_its_person_is_not_erased(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    request = await ask(office)
    before = everything_written(office.desk)
    problem = assert_problem(await act(office, request, "erasure"), status=409, code="case_still_open")
    assert case["reference"] in problem["sentences"]["ar"]
    assert everything_written(office.desk) == before
    assert not VAULT.is_destroyed(request["subject_id"])


async def test_whose_cases_have_ended_is_erased_and_nobody_reads_him_any_more(office: Office) -> None:
    case = await office.walk(to=S.CLOSED)
    other = await office.begin(applicant={"national_id": "2000000006", "name": "ريم القحطاني"})
    subject = await erase(office)
    assert VAULT.is_destroyed(subject)
    (told,) = await office.desk.told(PersonErased)
    assert isinstance(told, PersonErased)
    assert told.case_ids == (case["id"],)
    applicant = await office.get(f"/api/v1/cases/{case['id']}/applicant")
    assert (applicant["name"], applicant["national_id"]) == (ERASED, ERASED)
    reveal = {"fields": ["mobile"], "reason": "للاتصال به"}
    path = f"/api/v1/cases/{case['id']}/applicant/reveal"
    assert_problem(await office.desk.call("POST", path, body=reveal, **office.who), status=410, code="person_erased")
    # His case stays as a count and a proof; another person's words stay as they were.
    assert (await office.now(case))["status"] == "closed"
    assert (await office.get(f"/api/v1/cases/{other['id']}/applicant"))["name"] == "ريم القحطاني"
    held = await office.get(f"/api/v1/personal/people/{subject}?limit=200", **ADMIN)
    words = str(held)
    assert NAME not in words
    assert NATIONAL_ID not in words
    shown = await office.get(REQUESTS, **ADMIN)
    assert shown["items"][0]["erased_at"] is not None


async def test_who_comes_again_after_he_was_erased_is_new(office: Office) -> None:
    await office.walk(to=S.WITHDRAWN)
    subject = await erase(office)
    case = await office.begin()
    applicant = await office.get(f"/api/v1/cases/{case['id']}/applicant")
    assert applicant["name"] == NAME
    assert applicant["subject_id"] != subject


async def test_no_hash_of_him_stays(office: Office) -> None:
    await office.walk(to=S.CLOSED)
    index = RING.index(NATIONAL_ID)
    assert index in str(everything_written(office.desk))
    await erase(office)
    assert index not in str(everything_written(office.desk))


async def test_an_answer_that_was_kept_for_a_second_asking_is_gone_with_him(office: Office) -> None:
    case = await office.walk(to=S.CLOSED)
    path = f"/api/v1/cases/{case['id']}/applicant/reveal"
    reveal = {"fields": ["national_id"], "reason": "للتحقق"}
    once = {"headers": {"Idempotency-Key": "once"}}
    first = await office.desk.call("POST", path, body=reveal, **(office.who | once))
    again = await office.desk.call("POST", path, body=reveal, **(office.who | once))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    async with office.desk.runtime.database.read() as session:
        kept = (await (await session.connection()).execute(select(tables.answers.c.body))).scalars().all()
    assert [body.decode()[:3] for body in kept] == ["p1."]
    await erase(office)
    gone = await office.desk.call("POST", path, body=reveal, **(office.who | once))
    assert_problem(gone, status=410, code="person_erased")


async def test_an_erasure_that_is_heard_twice_harms_nothing(office: Office) -> None:
    VAULT.make("somebody", now=NOON)
    erased = PersonErased(association_id=ASSOCIATION, subject_id="somebody")
    await office.desk.hear(erased, erased)
    assert await office.desk.dead() == []
    assert VAULT.is_destroyed("somebody")


async def test_while_the_vault_is_away_requests_are_answered_so_and_an_erasure_waits_for_it(
    office: Office, tmp_path: Path
) -> None:
    await office.walk(to=S.WITHDRAWN)
    request = await ask(office)
    assert (await act(office, request, "erasure")).status_code == 202
    (tmp_path / "vault.db").rename(tmp_path / "elsewhere.db")
    VAULT.close()
    VAULT._stock.clear()
    stranger = office.new_case(applicant={"national_id": "2000000006", "name": "ريم القحطاني"})
    before = everything_written(office.desk)
    answer = await office.desk.call("POST", "/api/v1/cases", body=stranger, **office.who)
    assert_problem(answer, status=503, code="part_down")
    assert everything_written(office.desk) == before
    await hear_itself(office.desk)
    assert await office.desk.dead() == []
    VAULT.close()
    (tmp_path / "elsewhere.db").rename(tmp_path / "vault.db")
    office.desk.clock.forward(timedelta(minutes=1))
    await office.desk.settle()
    assert VAULT.is_destroyed(request["subject_id"])
    assert await office.desk.dead() == []


async def test_the_administrator_sees_all_that_is_held_of_a_person_a_page_at_a_time(
    office: Office, kharj: Office
) -> None:
    case = await office.walk(to=S.CLOSED)
    subject = (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    whole = await office.get(f"/api/v1/personal/people/{subject}?limit=200", **ADMIN)
    assert {item["table"] for item in whole["items"]} == {
        "attestations",
        "beneficiaries",
        "benefits",
        "cases",
        "deliveries",
        "documents",
    }
    assert any(item["row"].get("national_id") == NATIONAL_ID for item in whole["items"])
    assert not any(name.endswith("_index") for item in whole["items"] for name in item["row"])
    pages, after = [], ""
    while after is not None:
        page = await office.get(f"/api/v1/personal/people/{subject}?limit=2&after={after}", **ADMIN)
        pages += page["items"]
        after = page["next"]
    assert pages == whole["items"]
    elsewhere = await kharj.desk.call("GET", f"/api/v1/personal/people/{subject}", **(kharj.who | ADMIN))
    assert_problem(elsewhere, status=404, code="person_not_found")


async def test_somebody_who_only_complained_may_be_erased_too(office: Office) -> None:
    VAULT.make("other-1", now=NOON)
    complaint = ComplaintReceived(
        association_id=ASSOCIATION, relation_id="r-1", party=Party.SUPPORTER, subject_id="other-1"
    )
    await office.desk.hear(complaint)
    by_id = {name: value for name, value in ASKED.items() if name != "national_id"} | {"subject_id": "other-1"}
    request = (await office.post(REQUESTS, by_id)).json()
    assert (await act(office, request, "erasure")).status_code == 202
    await hear_itself(office.desk)
    assert VAULT.is_destroyed("other-1")
    gone = await office.desk.call("POST", REQUESTS, body=by_id, **office.who)
    assert_problem(gone, status=410, code="person_erased")


KEPT = Retention(served_years=10, rejected_years=2, withdrawn_years=1, basis=Words(ar="لائحة الحفظ", en="the rule"))


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """The association's policy says how long it keeps its files."""
    pack = adopted.pack_of(ASSOCIATION).model_copy(update={"retention": KEPT})
    monkeypatch.setitem(adopted.packs(), ASSOCIATION, pack)


@pytest.mark.usefixtures("keeping")
async def test_while_the_association_has_to_keep_a_file_its_person_is_not_erased(office: Office) -> None:
    await office.walk(to=S.WITHDRAWN)
    request = await ask(office)
    problem = assert_problem(await act(office, request, "erasure"), status=409, code="retention_runs")
    assert years_after(NOON.date(), 1).isoformat() in problem["sentences"]["en"]


@pytest.mark.usefixtures("keeping")
async def test_whose_keeping_is_over_is_proposed_and_erased_by_an_act_alone(office: Office) -> None:
    await office.walk(to=S.WITHDRAWN)
    await office.begin(applicant={"national_id": "2000000006", "name": "ريم القحطاني"})
    path = "/api/v1/personal/kept-long-enough"
    assert (await office.get(path, **ADMIN))["items"] == []
    office.desk.clock.forward(timedelta(days=366))
    request = await ask(office)
    assert await office.get(path, **ADMIN) == {"items": [request["subject_id"]], "next": None}
    assert not VAULT.is_destroyed(request["subject_id"])
    assert (await act(office, request, "erasure")).status_code == 202


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
