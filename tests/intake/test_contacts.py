"""Somebody reaches the branch, and what he said goes whole into the request that it becomes (`channel.*`)."""

from typing import Any

import pytest

from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel
from shared.language.events import ContactConverted, ContactTaken
from shared.language.roles import Role
from shared.plumbing.vault import VAULT
from tests.contracts.problem import assert_problem, everything_written, refused
from tests.intake.arrivals import CALLER, arrival
from tests.intake.office import KHARJ, NAME, NATIONAL_ID, Office, hear_itself
from tests.intake.rights import erase

NEED = "إيجار متأخر ثلاثة أشهر"
CONTACTS = "/api/v1/contacts"


async def reach(office: Office, channel: str = "phone", **who: Any) -> dict[str, Any]:
    body = {"name": NAME, "mobile": "0555000111", "need": NEED, "arrival": arrival(channel)}
    contact: dict[str, Any] = (await office.post(CONTACTS, body, **who)).json()
    return contact


def request_of(office: Office) -> dict[str, Any]:
    new = office.new_case()
    return {name: new[name] for name in ("service_id", "applicant", "form")}


async def convert(office: Office, contact: dict[str, Any], **who: Any) -> dict[str, Any]:
    answer = await office.post(f"{CONTACTS}/{contact['id']}/request", request_of(office), **who)
    case: dict[str, Any] = answer.json()
    return case


@pytest.mark.parametrize("channel", Channel)
async def test_a_contact_becomes_a_request_that_keeps_all_it_said(office: Office, channel: Channel) -> None:
    contact = await reach(office, channel)
    case = await convert(office, contact)
    assert (case["channel"], case["status"]) == (channel, "draft")
    kept = await office.get(f"/api/v1/cases/{case['id']}/arrival")
    assert kept["said"] == contact["said"]
    assert (kept["said"]["need"], kept["contact_id"]) == (NEED, contact["id"])
    assert (await office.walk(to=CaseStatus.REFERRED, case=case))["status"] == "referred"
    (taken,) = await office.desk.told(ContactTaken)
    assert taken.evidence() == {channel.clause}
    (told,) = await office.desk.told(ContactConverted)
    assert isinstance(told, ContactConverted)
    assert (told.contact_id, told.case_id) == (contact["id"], case["id"])


async def test_a_contact_becomes_one_request_and_then_holds_no_words(office: Office) -> None:
    contact = await reach(office)
    case = await convert(office, contact)
    shown = await office.get(f"{CONTACTS}/{contact['id']}")
    assert (shown["case_id"], shown["said"]) == (case["id"], None)
    path = f"{CONTACTS}/{contact['id']}/request"
    await refused(
        office.desk, "POST", path, body=request_of(office), status=409, code="contact_is_request", **office.who
    )


async def test_the_request_stays_with_the_branch_that_was_reached(office: Office) -> None:
    contact = await reach(office, role=Role.DELEGATE, branch="hada_sham")
    assert (await convert(office, contact))["branch_id"] == "hada_sham"


async def test_another_branch_does_not_find_the_contact(office: Office) -> None:
    contact = await reach(office, role=Role.DELEGATE, branch="hada_sham")
    who = {"role": Role.DELEGATE, "branch": "ayn_shams"}
    assert (await office.get(CONTACTS, **who))["items"] == []
    for method, path in (("GET", ""), ("POST", "/request"), ("POST", "/call")):
        body = request_of(office) if path == "/request" else None
        answer = await office.desk.call(method, f"{CONTACTS}/{contact['id']}{path}", body=body, **who)
        assert (answer.status_code, answer.json()["code"]) == (404, "contact_not_found")


async def test_who_was_promised_a_call_is_called_once(office: Office) -> None:
    contact = await reach(office)
    await reach(office, "social")
    assert [line["id"] for line in (await office.get("/api/v1/calls"))["items"]] == [contact["id"]]
    await office.post(f"{CONTACTS}/{contact['id']}/call")
    assert (await office.get("/api/v1/calls"))["items"] == []
    await refused(
        office.desk, "POST", f"{CONTACTS}/{contact['id']}/call", status=409, code="nobody_to_call", **office.who
    )


async def test_whom_to_call_is_paged_by_when_and_nobody_is_left_out_who_was_promised_the_same_minute(
    office: Office,
) -> None:
    hours = (11, 9, 9, 9, 10)
    promised = []
    for hour in hours:
        call = arrival("phone", call_back_at=f"2026-11-24T{hour:02}:00:00Z")
        contact = await office.post(CONTACTS, {"name": NAME, "mobile": "0555000111", "need": NEED, "arrival": call})
        promised.append((hour, contact.json()["id"]))
    shown: list[str] = []
    after = ""
    while after is not None:
        page = await office.get(f"/api/v1/calls?limit=2&after={after}")
        shown += [line["id"] for line in page["items"]]
        after = page["next"]
    assert shown == [contact_id for _, contact_id in sorted(promised)]


async def test_an_address_that_names_no_place_in_the_list_is_refused(office: Office) -> None:
    for path in ("/api/v1/calls", "/api/v1/clarifications/waiting"):
        for after in ("nobody", "1.", "99999999999999999999.a"):
            answer = await office.desk.call("GET", f"{path}?after={after}", **office.who)
            assert_problem(answer, status=422, code="malformed", field="after")


async def test_a_list_of_contacts_is_paged_and_shows_no_words(office: Office) -> None:
    for _ in range(3):
        await reach(office)
    first = await office.get(f"{CONTACTS}?limit=2")
    rest = await office.get(f"{CONTACTS}?limit=2&after={first['next']}")
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert NEED not in str(first)


async def test_a_channel_that_the_policy_lacks_takes_no_contact(kharj: Office) -> None:
    body = {"arrival": arrival("delegate")}
    await refused(
        kharj.desk,
        "POST",
        CONTACTS,
        body=body,
        status=422,
        code="channel_not_adopted",
        field="channel",
        clause="channel.delegate",
        **kharj.who,
    )
    assert kharj.pack.id == KHARJ


async def test_what_was_said_lies_sealed(office: Office) -> None:
    await reach(office)
    written = "\n".join(everything_written(office.desk))
    assert not [words for words in (NEED, NAME, CALLER, "555000111") if words in written]


async def test_who_is_erased_is_erased_with_the_key_of_his_first_contact(office: Office) -> None:
    contact = await reach(office)
    case = await office.walk(to=CaseStatus.WITHDRAWN, case=await convert(office, contact))
    first_key = next(one for one in await office.desk.told(ContactTaken) if isinstance(one, ContactTaken)).subject_id
    assert first_key is not None
    assert not VAULT.is_destroyed(first_key)
    await hear_itself(office.desk)
    await erase(office)
    assert VAULT.is_destroyed(first_key)
    answer = await office.desk.call("GET", f"/api/v1/cases/{case['id']}/arrival", **office.who)
    assert (answer.status_code, answer.json()["code"]) == (410, "person_erased")


async def test_who_never_made_a_request_may_ask_to_be_erased_by_the_key_of_his_contact(office: Office) -> None:
    contact = await reach(office)
    (taken,) = await office.desk.told(ContactTaken)
    assert isinstance(taken, ContactTaken)
    administrator = {"role": Role.ASSOCIATION_ADMINISTRATOR}
    asked = {"subject_id": taken.subject_id, "right": "erasure", "manner": "spoken", "proof": "called_back"}
    request = (await office.post("/api/v1/personal/requests", asked, **administrator)).json()
    await office.post(f"/api/v1/personal/requests/{request['id']}/erasure", **administrator)
    await hear_itself(office.desk)
    answer = await office.desk.call("GET", f"{CONTACTS}/{contact['id']}", **office.who)
    assert (answer.status_code, answer.json()["code"]) == (410, "person_erased")
    assert NATIONAL_ID not in answer.text
    assert (await office.get("/api/v1/calls"))["items"] == [], "nobody is left whom to call"


async def test_a_converted_contact_answers_a_second_asking_with_the_same_request(office: Office) -> None:
    contact = await reach(office)
    path, headers = f"{CONTACTS}/{contact['id']}/request", {"Idempotency-Key": "once"}
    body = request_of(office)
    first = await office.desk.call("POST", path, body=body, headers=headers, **office.who)
    await hear_itself(office.desk)
    again = await office.desk.call("POST", path, body=body, headers=headers, **office.who)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
