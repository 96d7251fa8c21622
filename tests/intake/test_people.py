"""One file a person, one number a request, and the public's door changes nobody's particulars."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.language.events import CaseReceived
from shared.plumbing.seal import unseal
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.office import NATIONAL_ID, OTHER_NATIONAL_ID, Office

ARABIC_INDIC_ID = "١٠٠٠٠٠٠٠٠٨"


def beneficiaries(desk: Desk) -> int:
    file = sqlite3.connect(str(desk.runtime.database.engine.url.database))
    try:
        return int(file.execute("SELECT count(*) FROM beneficiaries").fetchone()[0])
    finally:
        file.close()


def person(**changes: Any) -> dict[str, Any]:
    return {"national_id": NATIONAL_ID, "name": "نورة الحربي", "mobile": "0555000111"} | changes


async def contact_of(office: Office) -> str:
    """How the applicant of the last request that was handed in is reached."""
    *_, received = await office.desk.told(CaseReceived)
    assert isinstance(received, CaseReceived)
    return unseal(received.contact)


async def hand_in(office: Office, **changes: Any) -> str:
    case = await office.begin(**changes)
    await office.step(case, "reception", {})
    return await contact_of(office)


def website_request(office: Office, **changes: Any) -> dict[str, Any]:
    return {"association_id": ASSOCIATION, **office.new_case(channel="website"), **changes}


async def test_requests_are_numbered_one_after_the_other(office: Office, kharj: Office) -> None:
    references = [(await office.begin())["reference"] for _ in range(3)]
    assert references == ["JMM-2026-000001", "JMM-2026-000002", "JMM-2026-000003"]
    assert (await kharj.begin())["reference"] == "KHJ-2026-000001"


async def test_requests_at_the_same_moment_get_numbers_of_their_own(office: Office) -> None:
    cases = await asyncio.gather(*(office.begin() for _ in range(8)))
    assert sorted(case["reference"] for case in cases) == [f"JMM-2026-{n:06d}" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("at", "reference"),
    [
        (datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC), "JMM-2026-000001"),
        (datetime(2026, 12, 31, 21, 0, tzinfo=UTC), "JMM-2027-000001"),
    ],
)
async def test_the_year_of_a_number_begins_at_midnight_in_riyadh(office: Office, at: datetime, reference: str) -> None:
    office.desk.clock.at = at
    assert (await office.begin())["reference"] == reference


async def test_the_same_person_has_one_file_however_his_id_is_typed(office: Office) -> None:
    await office.begin()
    await office.begin(applicant=person(national_id=ARABIC_INDIC_ID))
    await office.begin(applicant=person(national_id=f" {NATIONAL_ID} "))
    assert beneficiaries(office.desk) == 1
    await office.begin(applicant=person(national_id=OTHER_NATIONAL_ID))
    assert beneficiaries(office.desk) == 2


async def test_each_association_keeps_its_own_file_of_a_person(office: Office, kharj: Office) -> None:
    await office.begin()
    await kharj.begin()
    assert beneficiaries(office.desk) == 2


async def test_what_a_person_says_at_the_desk_today_is_kept(office: Office) -> None:
    assert "+966555000111" in await hand_in(office, applicant=person())
    assert "+966555000222" in await hand_in(office, applicant=person(mobile="0555000222"))


async def test_what_a_person_leaves_out_today_stays_as_it_was(office: Office) -> None:
    await hand_in(office, applicant=person(email="noura@example.org"))
    contact = await hand_in(office, applicant={"national_id": NATIONAL_ID, "name": "نورة الحربي"})
    assert "+966555000111" in contact
    assert "noura@example.org" in contact


async def test_the_public_door_changes_nothing_of_a_known_person(office: Office) -> None:
    await hand_in(office, applicant=person(email="noura@example.org"))
    known = await contact_of(office)
    stranger = person(name="غيرها", mobile="0599999999", email="other@example.org", language="en")
    answer = await office.desk.call("POST", "/api/v1/public/requests", body=website_request(office, applicant=stranger))
    assert answer.status_code == 201
    assert await contact_of(office) == known
    assert beneficiaries(office.desk) == 1


async def test_the_public_door_says_nothing_of_a_person(office: Office) -> None:
    await hand_in(office, applicant=person(email="noura@example.org"))
    answer = await office.desk.call("POST", "/api/v1/public/requests", body=website_request(office))
    assert answer.json() == {"reference": "JMM-2026-000002", "status": "received"}


async def test_a_request_from_the_website_reaches_the_head_office(office: Office) -> None:
    await office.desk.call("POST", "/api/v1/public/requests", body=website_request(office))
    (case,) = (await office.get("/api/v1/cases"))["items"]
    assert (case["branch_id"], case["channel"], case["status"]) == ("jamoum", "website", "received")
