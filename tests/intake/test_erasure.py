"""A person is erased: when nothing is in the way, everywhere, and for good."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from services.intake.domain.retention import years_after
from shared.language import errors
from shared.language.calendar import short_day
from shared.language.events import (
    ComplaintReceived,
    Party,
    PersonErased,
)
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.audit.tables import entries
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import ERASED, RING, SealedText, unseal
from shared.plumbing.vault import VAULT
from shared.policy import adopted
from shared.policy.parts import Retention, Words
from tests.audit.book import broken, kept
from tests.contracts.problem import assert_problem, everything_written
from tests.harness.desk import ASSOCIATION, NOON
from tests.intake.office import MOBILE, NAME, NATIONAL_ID, Office, hear_itself
from tests.intake.rights import ADMIN, ASKED, REQUESTS, WORDS, S, act, ask, erase


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


async def test_who_was_erased_is_found_by_nothing_that_was_known_of_him(office: Office) -> None:
    case = await office.walk(to=S.CLOSED)
    known = [NATIONAL_ID, MOBILE, NAME]
    for q in known:
        assert (await office.get(f"/api/v1/people?{urlencode({'q': q})}"))["people"] != []
    await erase(office)
    for q in known:
        found = await office.get(f"/api/v1/people?{urlencode({'q': q})}")
        assert (found["people"], found["elsewhere"]) == ([], [])
    # By its number his case is found still, as a count; it names nobody.
    found = await office.get(f"/api/v1/people?{urlencode({'q': case['reference']})}")
    assert NAME not in str(found)


async def test_an_open_confidential_case_bars_the_erasure_though_the_administrator_cannot_see_it(
    office: Office,
) -> None:
    delegate: dict[str, Any] = {"role": Role.DELEGATE, "branch": "jamoum"}
    case = (await office.post("/api/v1/cases", office.new_case(), **delegate)).json()
    await office.step(case, "reception", {}, **delegate)
    closing = {"named": ["researcher-1"], "reason": "لحساسية الحالة"}
    await office.step(case, "confidence", closing, role=Role.BRANCH_MANAGER, branch="jamoum")
    request = await ask(office)
    assert_problem(await act(office, request, "erasure"), status=409, code="case_still_open")
    assert not VAULT.is_destroyed(request["subject_id"])


async def test_who_saw_him_in_clear_and_why_stands_in_the_trail_and_opens_no_more_once_he_is_erased(
    office: Office,
) -> None:
    case = await office.walk(to=S.CLOSED)
    reveal = {"fields": ["mobile"], "reason": "للاتصال به"}
    await office.desk.call("POST", f"/api/v1/cases/{case['id']}/applicant/reveal", body=reveal, **office.who)
    (seen,) = await kept(office.desk.runtime.database, entries.c.act == "reveal")
    assert unseal(SealedText(seen.reason)) == "للاتصال به"
    subject = await erase(office)
    assert seen.subject_id == subject
    with pytest.raises(errors.PersonErased):
        unseal(SealedText(seen.reason))
    assert await broken(office.desk.runtime.database) == []


async def test_an_answer_that_was_kept_for_a_second_asking_is_gone_with_him(office: Office) -> None:
    await office.walk(to=S.CLOSED)
    once = {"headers": {"Idempotency-Key": "once"}}
    asked = ASKED | {"right": "access", "words": WORDS}
    first = await office.desk.call("POST", REQUESTS, body=asked, **(office.who | once))
    again = await office.desk.call("POST", REQUESTS, body=asked, **(office.who | once))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    async with office.desk.runtime.database.read(scope=EVERYTHING) as session:
        kept = (await (await session.connection()).execute(select(tables.answers.c.body))).scalars().all()
    assert [body.decode()[:3] for body in kept] == ["p1."]
    await erase(office)
    gone = await office.desk.call("POST", REQUESTS, body=asked, **(office.who | once))
    assert_problem(gone, status=410, code="person_erased")


async def test_what_shows_him_in_clear_is_never_answered_from_what_was_kept(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    path = f"/api/v1/cases/{case['id']}/applicant/reveal"
    reveal = {"fields": ["national_id"], "reason": "للتحقق"}
    once = {"headers": {"Idempotency-Key": "once"}}
    for _ in range(2):
        seen = await office.desk.call("POST", path, body=reveal, **(office.who | once))
        assert seen.json()["values"] == {"national_id": NATIONAL_ID}
        assert "Idempotency-Replayed" not in seen.headers
    assert len(await kept(office.desk.runtime.database, entries.c.act == "reveal")) == 2, "each look is noted"


async def test_an_answer_to_one_seat_is_not_answered_to_another(office: Office) -> None:
    once = {"headers": {"Idempotency-Key": "once"}, "person": "p-1"}
    new = office.new_case()
    made = await office.desk.call("POST", "/api/v1/cases", body=new, **(office.who | once))
    assert made.status_code == 201
    seat: dict[str, Any] = {"role": Role.DELEGATE, "branch": "hada_sham"}
    other = await office.desk.call("POST", "/api/v1/cases", body=new, **(office.who | once | seat))
    assert_problem(other, status=422, code="idempotency_key_reused", field="Idempotency-Key")


async def test_what_else_an_erased_person_asked_is_over_and_no_correction_brings_him_back(office: Office) -> None:
    await office.walk(to=S.CLOSED)
    access, correction = await ask(office, right="access"), await ask(office, right="correction")
    request = await ask(office)
    assert (await act(office, request, "erasure")).status_code == 202
    # Before the services have heard of it, and after.
    for _ in range(2):
        corrected = {"correction": {"name": "ريم القحطاني"}}
        assert (await act(office, correction, "correction", corrected)).status_code in {409, 410}
        answer = await office.desk.call("POST", REQUESTS, body=ASKED, **office.who)
        assert answer.status_code in {404, 410}
        await hear_itself(office.desk)
    assert (await office.get(f"{REQUESTS}?only_open=true", **ADMIN))["items"] == []
    shown = await office.get(f"{REQUESTS}/{access['id']}", **ADMIN)
    assert shown["fulfilled"] is False
    assert (await office.get(f"/api/v1/people?{urlencode({'q': NAME})}"))["people"] == []
    assert await office.desk.dead() == []


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
    VAULT.close()
    VAULT._stock.clear()
    (tmp_path / "vault.db").rename(tmp_path / "elsewhere.db")
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
        "given_benefits",
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
    assert short_day(years_after(NOON.date(), 1), language="en") in problem["sentences"]["en"]


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


async def test_what_an_erased_person_asked_the_researcher_is_over(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    asked = await office.step(case, "clarifications", {"question": "هل يلزم عقد إيجار موثق؟"})
    await office.step(case, "withdrawal")
    await erase(office)
    answer = {"answer": "لا يلزم.", "misconception_corrected": False}
    who = {"role": Role.SOCIAL_RESEARCHER, "status": 409, "code": "already_answered"}
    await office.refuse_step(case, f"clarifications/{asked['id']}/answer", answer, **who)


async def test_a_refused_erasure_names_no_case_that_is_confidential_to_who_asks(office: Office) -> None:
    open_case = (await office.post("/api/v1/cases", office.new_case())).json()
    delegate: dict[str, Any] = {"role": Role.DELEGATE, "branch": "jamoum"}
    hidden = (await office.post("/api/v1/cases", office.new_case(), **delegate)).json()
    await office.step(hidden, "reception", {}, **delegate)
    closing = {"named": ["researcher-1"], "reason": "لحساسية الحالة"}
    await office.step(hidden, "confidence", closing, role=Role.BRANCH_MANAGER, branch="jamoum")
    refused = await act(office, await ask(office), "erasure")
    assert_problem(refused, status=409, code="case_still_open")
    assert open_case["reference"] in refused.text
    assert hidden["reference"] not in refused.text
