"""Letters in and out stand in a register, each under a running number of its year (`channel.letter`)."""

from datetime import timedelta
from typing import Any

from shared.language.roles import Role
from tests.contracts.problem import everything_written, refused
from tests.intake.arrivals import arrival
from tests.intake.office import KHARJ, Office
from tests.intake.test_contacts import convert, reach

LETTERS = "/api/v1/letters"
SUBJECT = "طلب إعانة لأسرة"


def letter(**changes: Any) -> dict[str, Any]:
    facts = {"dated": "2026-11-20", "attachments": 2, "subject": SUBJECT, "correspondent": "مركز حي هدى الشام"}
    return {"direction": "incoming", "their_number": "44/1203", **facts, **changes}


async def register(office: Office, **changes: Any) -> dict[str, Any]:
    entered: dict[str, Any] = (await office.post(LETTERS, letter(**changes))).json()
    return entered


async def numbers(office: Office, query: str = "", **who: Any) -> list[int]:
    return [one["number"] for one in (await office.get(f"{LETTERS}?{query}", **who))["items"]]


async def test_each_direction_and_year_and_association_counts_for_itself(office: Office, kharj: Office) -> None:
    assert [(await register(office))["number"] for _ in range(2)] == [1, 2]
    assert (await register(office, direction="outgoing", their_number=None))["number"] == 1
    assert (await register(kharj))["number"] == 1
    office.desk.clock.forward(timedelta(days=60))
    in_the_new_year = await register(office, dated="2026-12-31")
    assert (in_the_new_year["number"], in_the_new_year["shown_number"]) == (1, "2027/1")
    assert await numbers(office) == [1]
    assert await numbers(office, "year=2026") == [1, 2]
    assert await numbers(office, "year=2026&direction=outgoing") == [1]
    assert kharj.pack.id == KHARJ


async def test_the_register_is_paged_by_its_numbers(office: Office) -> None:
    for _ in range(3):
        await register(office)
    first = await office.get(f"{LETTERS}?limit=2")
    assert ([one["number"] for one in first["items"]], first["next"]) == ([1, 2], 2)
    assert await numbers(office, "limit=2&after=2") == [3]


async def test_who_comes_by_letter_stands_in_the_register_with_his_request(office: Office) -> None:
    case = await office.begin(channel="letter", arrival=arrival("letter"))
    (entered,) = (await office.get(LETTERS))["items"]
    assert (entered["case_id"], entered["subject"], entered["attachments"]) == (case["id"], SUBJECT, 2)
    kept = await office.get(f"/api/v1/cases/{case['id']}/arrival")
    assert kept["letter_id"] == entered["id"]


async def test_the_letter_of_a_contact_goes_with_it_into_its_request(office: Office) -> None:
    contact = await reach(office, "letter")
    (before,) = (await office.get(LETTERS))["items"]
    case = await convert(office, contact)
    (after,) = (await office.get(LETTERS))["items"]
    assert (before["case_id"], after["case_id"]) == (None, case["id"])
    assert (after["number"], after["subject"]) == (before["number"], SUBJECT)


async def test_a_letter_about_a_request_lies_with_its_branch_and_under_his_key(office: Office) -> None:
    delegate = {"role": Role.DELEGATE, "branch": "hada_sham"}
    case = await Office(office.desk, **delegate).begin()
    await register(office, direction="outgoing", case_id=case["id"])
    assert await numbers(office, "direction=outgoing", **delegate) == [1]
    assert await numbers(office, "direction=outgoing", role=Role.DELEGATE, branch="ayn_shams") == []
    assert SUBJECT not in "\n".join(everything_written(office.desk))


async def test_a_letter_of_tomorrow_or_about_a_request_that_is_not_there_is_refused(office: Office) -> None:
    for body, expected in (
        (letter(dated="2026-11-23"), {"status": 422, "code": "malformed", "field": "dated"}),
        (letter(case_id="nowhere"), {"status": 404, "code": "case_not_found"}),
    ):
        await refused(office.desk, "POST", LETTERS, body=body, **office.who, **expected)
