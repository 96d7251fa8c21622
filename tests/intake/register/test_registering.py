"""A person is looked for before his file is opened; what was typed is never lost, and what is secret stays masked."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.language.events import PersonCorrected, PersonRegistered, PersonShown
from shared.plumbing.seal import unseal
from tests.contracts.problem import assert_problem, everything_written, refused
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.register.desk import (
    FAR,
    IBAN,
    NEAR,
    PEOPLE,
    look_for,
    number,
    register,
    register_id,
    try_to_register,
)

WHOLE: dict[str, Any] = {
    "mobile": "٠٥٥٥٠٠٠١١١",
    "birthday": {"day": "1410-05-12", "calendar": "hijri"},
    "iban": "SA03 8000 0000 6080 1016 7519",
    "short_address": "rrrd ١٢٣٤",
    "marital_status": "widowed",
}


async def test_nobody_is_registered_who_was_not_looked_for(office: Office) -> None:
    body = {"national_id": NATIONAL_ID, "name": NAME}
    await refused(office.desk, "POST", PEOPLE, status=409, code="search_first", field="search", body=body, **office.who)


@pytest.mark.parametrize("q", [NATIONAL_ID, "١٠٠٠٠٠٠٠٠٨", "0555000111", "نوره بنت سالم", "الحربي نورة"])
async def test_a_search_by_number_mobile_or_name_opens_the_file_of_whom_was_sought(office: Office, q: str) -> None:
    proof = (await look_for(office, q))["search"]
    body = {"national_id": NATIONAL_ID, "name": "نورة سالم الحربي", "mobile": "0555000111", "search": proof}
    assert (await office.post(PEOPLE, body)).json()["outcome"] == "registered"


@pytest.mark.parametrize("q", [OTHER_NATIONAL_ID, "0555999999", "هند القحطاني", "نورة", "JMM-2026-000001", "🙂🙂"])
async def test_a_search_for_somebody_else_or_for_half_a_country_opens_none(office: Office, q: str) -> None:
    proof = (await look_for(office, q))["search"]
    body = {"national_id": NATIONAL_ID, "name": NAME, "mobile": "0555000111", "search": proof}
    answer = await office.desk.call("POST", PEOPLE, body=body, **office.who)
    assert_problem(answer, status=409, code="search_first", field="search")


async def test_a_search_counts_half_an_hour_and_for_its_own_searcher(office: Office) -> None:
    proof = (await look_for(office, NATIONAL_ID, **NEAR))["search"]
    body = {"national_id": NATIONAL_ID, "name": NAME, "search": proof}
    other = await office.desk.call("POST", PEOPLE, body=body, **(office.who | FAR))
    assert_problem(other, status=409, code="search_first", field="search")
    forged = await office.desk.call("POST", PEOPLE, body=body | {"search": proof[:-4] + "AAAA"}, **(office.who | NEAR))
    assert_problem(forged, status=409, code="search_first", field="search")
    office.desk.clock.forward(timedelta(minutes=30))
    late = await office.desk.call("POST", PEOPLE, body=body, **(office.who | NEAR))
    assert_problem(late, status=409, code="search_first", field="search")


async def test_a_file_shows_what_was_said_masked_and_keeps_it_sealed(office: Office) -> None:
    met = await register(office, NATIONAL_ID, NAME, **WHOLE)
    shown = await office.get(f"{PEOPLE}/{met['person']['id']}")
    assert shown["particulars"] == {
        "iban": "SA038••••519",
        "short_address": "••••34",
        "born_in": "1989",
        "marital_status": "widowed",
        "version": 1,
    }
    for secret in (NATIONAL_ID, "555000111", IBAN, "RRRD1234", "1989-12-10"):
        assert secret not in str(shown)
        assert secret not in str(met)
        assert [line for line in everything_written(office.desk) if secret in line] == []


async def test_an_account_is_seen_in_clear_with_a_reason_that_is_told(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME, **WHOLE)
    body = {"fields": ["iban", "birthday", "national_id"], "reason": "لتحويل الدفعة"}
    clear = (await office.post(f"{PEOPLE}/{subject}/reveal", body)).json()["values"]
    assert clear == {"iban": IBAN, "birthday": "1989-12-10", "national_id": NATIONAL_ID}
    (told,) = await office.desk.told(PersonShown)
    assert isinstance(told, PersonShown)
    assert (told.subject_id, told.fields) == (subject, ("birthday", "iban", "national_id"))
    assert unseal(told.reason) == "لتحويل الدفعة"


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("name", "نورة 🙂", "name_unwritable"),
        ("name", "ن" * 301, "name_too_long"),
        ("mobile", "0555", "mobile_wrong"),
        ("iban", "SA0380000000608010167518", "iban_wrong"),
        ("short_address", "RRR1234", "short_address_wrong"),
        ("birthday", {"day": "2027-01-01"}, "birthday_wrong"),
    ],
)
async def test_what_is_wrong_is_refused_by_its_own_field_in_kind_words(
    office: Office, field: str, typed: Any, code: str
) -> None:
    answer = await try_to_register(office, **({"national_id": NATIONAL_ID, "name": NAME} | {field: typed}))
    assert_problem(answer, status=422, code=code, field=field)


async def test_a_wrong_check_digit_is_refused(office: Office) -> None:
    answer = await try_to_register(office, "1000000009", NAME)
    assert_problem(answer, status=422, code="national_id_wrong", field="national_id")


async def test_a_name_of_three_hundred_letters_is_kept_whole_and_found(office: Office) -> None:
    name = ("نورة " * 60).strip() + "ا"
    subject = await register_id(office, NATIONAL_ID, name)
    assert (await office.get(f"{PEOPLE}/{subject}"))["name"] == name
    assert [one["id"] for one in (await look_for(office, NATIONAL_ID))["people"]] == [subject]


async def test_who_is_known_keeps_what_his_file_says_and_what_is_typed_otherwise_is_kept_beside_it(
    office: Office,
) -> None:
    first = await register(office, NATIONAL_ID, NAME, mobile="0555000111")
    again = await register(office, NATIONAL_ID, "نورة بنت سالم", mobile="0555000222", iban=IBAN, who=dict(office.who))
    assert (again["outcome"], again["person"]["id"]) == ("known", first["person"]["id"])
    assert again["differs"] == ["mobile", "name"]
    shown = await office.get(f"{PEOPLE}/{first['person']['id']}")
    assert (shown["name"], shown["mobile"]) == (NAME, "+9665••••111")
    assert shown["particulars"]["iban"] == "SA038••••519"
    typed = (await office.get(f"{PEOPLE}/{first['person']['id']}/registrations"))["items"]
    assert [row["said"]["name"] for row in typed] == [NAME, "نورة بنت سالم"]
    assert typed[1]["differs"] == ["mobile", "name"]
    assert "0555000222" not in str(typed)


async def test_what_was_typed_otherwise_is_taken_into_the_file_with_a_reason_and_told(office: Office) -> None:
    await register(office, NATIONAL_ID, NAME, mobile="0555000111", iban=IBAN)
    met = await register(office, NATIONAL_ID, "نورة بنت سالم", mobile="+971555000222", iban="SA4420000001234567891234")
    assert met["differs"] == ["iban", "mobile", "name"]
    subject = met["person"]["id"]
    path = f"{PEOPLE}/{subject}/registrations/{met['registration_id']}/taking"
    shown = (await office.post(path, {"fields": ["mobile", "iban"], "reason": "أجابت على الجديد"})).json()
    assert (shown["name"], shown["mobile"], shown["particulars"]["iban"]) == (NAME, "+9715••••222", "SA442••••234")
    assert [one["id"] for one in (await look_for(office, "+971 55 500 0222"))["people"]] == [subject]
    assert (await look_for(office, "0555000111"))["people"] == []
    (told,) = await office.desk.told(PersonCorrected)
    assert "+971555000222" in unseal(told.contact)  # type: ignore[attr-defined]
    again = await office.desk.call("POST", path, body={"fields": ["iban"], "reason": "مرة أخرى"}, **office.who)
    assert_problem(again, status=409, code="changed_meanwhile", field="fields")


async def test_another_branch_learns_that_a_file_exists_and_whom_to_call_and_nothing_of_what_is_in_it(
    office: Office,
) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME, mobile="0555000111", who=NEAR)
    met = await register(office, NATIONAL_ID, "نورة", mobile="0555000111", who=FAR)
    assert met["outcome"] == "elsewhere"
    assert [branch["id"] for branch in met["call"]] == ["hada_sham"]
    assert (met["person"], met["differs"], met["duplicates"]) == (None, [], [])
    assert NAME not in str(met)
    assert subject not in str(met)
    for path in ("", "/households", "/mandates", "/registrations"):
        answer = await office.desk.call("GET", f"{PEOPLE}/{subject}{path}", **(office.who | FAR))
        assert_problem(answer, status=404, code="person_not_found")
    # What the far desk wrote is not lost: it stands with the file, where those who have it see it.
    typed = (await office.get(f"{PEOPLE}/{subject}/registrations", **NEAR))["items"]
    assert [row["at_branch"] for row in typed] == ["hada_sham", "ayn_shams"]


async def test_a_person_who_sits_before_the_second_branch_is_served_there_with_a_reason(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME, who=NEAR)
    met = await register(office, NATIONAL_ID, NAME, here_because="انتقلت إلى عين شمس", who=FAR)
    assert (met["outcome"], met["person"]["id"]) == ("known", subject)
    assert (await office.get(f"{PEOPLE}/{subject}", **FAR))["name"] == NAME


async def test_two_who_register_one_person_at_once_end_with_one_file_and_lose_nothing(office: Office) -> None:
    at = office.desk.clock.now() - timedelta(hours=3)
    out_there = {"on_device_at": at.isoformat(), "mobile": "0555000111"}
    bodies = [{"national_id": NATIONAL_ID, "name": name, **out_there} for name in (NAME, "نورة سالم الحربي")]
    answers = await asyncio.gather(*(office.post(PEOPLE, body, **NEAR) for body in bodies))
    outcomes = sorted(answer.json()["outcome"] for answer in answers)
    assert outcomes == ["known", "registered"]
    (subject,) = {answer.json()["person"]["id"] for answer in answers}
    typed = (await office.get(f"{PEOPLE}/{subject}/registrations", **NEAR))["items"]
    assert sorted(row["said"]["name"] for row in typed) == sorted([NAME, "نورة سالم الحربي"])
    assert all(row["on_device_at"] is not None for row in typed)


async def test_two_who_register_one_person_by_two_numbers_out_of_the_network_are_proposed(office: Office) -> None:
    at = {"on_device_at": office.desk.clock.now().isoformat(), "mobile": "0555000111"}
    near = (await office.post(PEOPLE, {"national_id": number(1), "name": "نورة سالم الحربي", **at}, **NEAR)).json()
    far = (await office.post(PEOPLE, {"national_id": number(2), "name": "نوره بنت سالم حربي", **at}, **FAR)).json()
    assert (near["outcome"], far["outcome"]) == ("registered", "registered")
    (pair,) = far["duplicates"]
    assert {pair["one_id"], pair["other_id"]} == {near["person"]["id"], far["person"]["id"]}
    assert "mobile" in pair["signs"]


async def test_a_click_twice_registers_once(office: Office) -> None:
    proof = (await look_for(office, NATIONAL_ID))["search"]
    body = {"national_id": NATIONAL_ID, "name": NAME, "search": proof}
    key = {"Idempotency-Key": "one-click"}
    twice = [await office.desk.call("POST", PEOPLE, body=body, headers=key, **office.who) for _ in range(2)]
    assert twice[0].json() == twice[1].json()
    assert len(await office.desk.told(PersonRegistered)) == 1


async def test_a_change_over_one_that_was_not_seen_is_refused_and_the_first_stands(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME, iban=IBAN)
    path = f"{PEOPLE}/{subject}/particulars"
    first = (await office.post(path, {"short_address": "RRRD1234", "seen": 1})).json()
    assert first["particulars"]["version"] == 2
    body = {"short_address": "RRRD9999", "seen": 1}
    await refused(
        office.desk, "POST", path, status=409, code="changed_meanwhile", field="seen", body=body, **office.who
    )
    assert (await office.get(f"{PEOPLE}/{subject}"))["particulars"]["short_address"] == "••••34"


async def test_a_request_opens_no_file_either_before_its_person_was_looked_for(strict: Office) -> None:
    new = strict.new_case()
    answer = await strict.desk.call("POST", "/api/v1/cases", body=new, **strict.who)
    assert_problem(answer, status=409, code="search_first", field="search")
    proof = (await look_for(strict, NATIONAL_ID))["search"]
    begun = await strict.begin(search=proof)
    assert begun["status"] == "draft"


async def test_an_emoji_in_the_name_of_a_request_is_refused_kindly(office: Office) -> None:
    new = office.new_case(applicant={"national_id": NATIONAL_ID, "name": "نورة 🙂"})
    answer = await office.desk.call("POST", "/api/v1/cases", body=new, **office.who)
    assert_problem(answer, status=422, code="name_unwritable", field="applicant.name")
