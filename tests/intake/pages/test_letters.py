"""The register of letters at the desk's pages (`channel.letter`)."""

from datetime import date
from typing import Any

import pytest

from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, on, value_of, words_of

SUBJECT, CENTRE = "طلب إعانة لأسرة", "مركز حي هدى الشام"


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "direction": "incoming",
        "their_number": "44/1203",
        **on("dated", date(2026, 11, 20)),
        "attachments": "٢",
        "subject": SUBJECT,
        "correspondent": CENTRE,
        **changes,
    }


async def test_letters_in_and_out_are_entered_each_under_its_running_number(office: Office, pages: Pages) -> None:
    """`channel.letter`."""
    for number in (1, 2):
        kept = await pages.post("/desk/letters", letter())
        assert kept.status_code == 303, words_of(kept)
        assert f"بالرقم 2026/{number}" in words_of(await pages.get(kept.headers["location"]))
    await pages.post("/desk/letters", letter(direction="outgoing", subject="رد على خطابكم"))
    coming = words_of(await pages.get("/desk/letters"))
    assert [words for words in (SUBJECT, CENTRE, "44/1203", "2026/2") if words not in coming] == []
    assert "رد على خطابكم" not in coming
    going = words_of(await pages.get("/desk/letters?direction=outgoing"))
    assert "رد على خطابكم" in going
    assert "2026/1" in going
    (one, two) = (await office.get("/api/v1/letters"))["items"]
    assert (one["attachments"], two["number"]) == (2, 2)


async def test_each_who_enters_a_letter_is_told_its_own_number(pages: Pages) -> None:
    one, two = [await pages.post("/desk/letters", letter(), person=person) for person in ("clerk-one", "clerk-two")]
    assert "بالرقم 2026/1" in words_of(await pages.get(one.headers["location"], person="clerk-one"))
    assert "بالرقم 2026/2" in words_of(await pages.get(two.headers["location"], person="clerk-two"))


async def test_a_letter_is_about_a_request_by_its_number(office: Office, pages: Pages) -> None:
    case = await office.begin()
    await pages.post("/desk/letters", letter(case=case["reference"].lower()))
    assert f"/desk/cases/{case['id']}" in main_of(await pages.get("/desk/letters"))
    before = everything_written(office.desk)
    for typed in ("JMM-2026-000999", "رقم"):
        page = await pages.post("/desk/letters", letter(case=typed))
        assert (page.status_code, errors_of(page), value_of(page, "case")) == (422, ["case"], typed)
    elsewhere = await pages.post(
        "/desk/letters", letter(case=case["reference"]), role=Role.DELEGATE, branch="ayn_shams"
    )
    assert (elsewhere.status_code, errors_of(elsewhere)) == (422, ["case"])
    assert everything_written(office.desk) == before


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"subject": ""}, ["subject"]),
        ({"correspondent": "", "direction": ""}, ["direction", "correspondent"]),
        ({"attachments": "1000"}, ["attachments"]),
        ({"dated_day": "31", "dated_month": "2"}, ["dated"]),
        ({"dated_year": "2030"}, ["dated"]),
        ({"subject": "ح" * 201}, ["subject"]),
    ],
)
async def test_what_is_wrong_with_a_letter_is_told_at_its_field_and_the_rest_is_kept(
    office: Office, pages: Pages, changes: dict[str, str], fields: list[str]
) -> None:
    before = everything_written(office.desk)
    page = await pages.post("/desk/letters", letter(**changes))
    assert (page.status_code, errors_of(page)) == (422, fields)
    for name, value in letter(**changes).items():
        if name != "direction":
            assert value_of(page, name) == value
    assert everything_written(office.desk) == before


async def test_why_a_field_is_wrong_stands_at_it_without_the_fields_code(pages: Pages) -> None:
    page = await pages.post("/desk/letters", letter(dated_year="2030"))
    assert "هذا اليوم لم يأتِ بعد." in words_of(page)
    assert "dated" not in words_of(page)


async def test_the_register_is_leafed_through_by_year_and_another_year_is_empty(pages: Pages) -> None:
    for _ in range(26):
        await pages.post("/desk/letters", letter())
    first = await pages.get("/desk/letters")
    assert main_of(first).count("data-row") == 25
    older = main_of(first).partition("&amp;before=")[2].partition('"')[0]
    assert "2026/1" in words_of(await pages.get(f"/desk/letters?before={older}"))
    assert "لا خطابات هنا" in words_of(await pages.get("/desk/letters?year=2025"))
    for year in ("", "0", "سنة", "99999"):
        assert main_of(await pages.get(f"/desk/letters?year={year}")).count("data-row") == 25


async def test_an_auditor_reads_the_register_and_enters_nothing(pages: Pages) -> None:
    await pages.post("/desk/letters", letter())
    page = await pages.get("/desk/letters", role=Role.AUDITOR)
    assert SUBJECT in words_of(page)
    assert "/desk/letters/new" not in main_of(page)
    assert (await pages.get("/desk/letters/new", role=Role.AUDITOR)).status_code == 403
