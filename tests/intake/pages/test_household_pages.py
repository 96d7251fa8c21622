"""His household by pages: who lives in it, its means with their sum, and who may act for him."""

from typing import Any

import pytest

from services.intake.pages.desk.register import words
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, on, value_of, words_of
from tests.intake.register.desk import FAR, NEAR, register_id
from tests.intake.rights import erase

SON = {"kinship": "son", "name": "سعد الحربي"}
MEANS = {
    "seen": "0",
    "incomes.0.kind": "pension",
    "incomes.0.monthly": "٢٬٤٠٠٫٥٠",
    "incomes.2.kind": "social_security",
    "incomes.2.monthly": "1,100",
    "incomes.2.note": "منذ رجب",
    "obligations.0.kind": "electricity_and_water",
    "obligations.0.monthly": "310.50",
    "debts.0.creditor": "بنك التنمية",
    "debts.0.left": "18000",
    "debts.0.instalment": "600",
    "debts.0.has_paper": "yes",
    "housing.dwelling": "flat",
    "housing.tenure": "rented",
    "housing.repair": "fair",
    "housing.rooms": "٣",
    "housing.yearly_rent": "14000",
}


@pytest.fixture
async def file(office: Office) -> str:
    """Where a person's file is at the desk."""
    return f"/desk/people/{await register_id(office, NATIONAL_ID, NAME)}"


def test_every_word_of_a_file_is_there() -> None:
    """A code of the API that the desk has no word for would be a page that breaks."""
    for known in (words.KINSHIPS, words.INCOMES, words.OBLIGATIONS, words.DWELLINGS, words.TENURES, words.REPAIRS):
        assert set(known) == set(type(next(iter(known))))
    for known in (words.CAPACITIES, words.DEEDS, words.MARITAL, words.SIGNS, words.FINDINGS, words.CLEAR):
        assert set(known) == set(type(next(iter(known))))


async def test_somebody_joins_the_household_and_leaves_it_with_a_reason(
    office: Office, pages: Pages, file: str
) -> None:
    today = riyadh_day(office.desk.clock.now())
    wrong = await pages.post(f"{file}/members", {"kinship": "", "name": "سعد", "birthday_day": "40"})
    assert errors_of(wrong) == ["kinship", "birthday"]
    assert value_of(wrong, "name") == "سعد"
    added = await pages.post(f"{file}/members", SON | on("birthday", today), role=Role.SOCIAL_RESEARCHER)
    assert added.status_code == 303, words_of(added)
    page = await pages.get(f"{file}/household?done=members")
    assert "أُضيف إلى الأسرة" in words_of(page)
    assert "سعد الحربي" in words_of(page)
    assert "ابن" in words_of(page)
    member = page.text.partition("member-ending?member=")[2].partition('"')[0]
    form = await pages.get(f"{file}/member-ending?member={member}")
    assert f'value="{member}" selected' in main_of(form)
    before = everything_written(office.desk)
    early = await pages.post(
        f"{file}/member-ending", {"member_id": member, "reason": "سافر", **on("on", today.replace(year=2020))}
    )
    assert errors_of(early) == ["on"]
    assert everything_written(office.desk) == before
    left = await pages.post(f"{file}/member-ending", {"member_id": member, "reason": "سافر", **on("on", today)})
    assert left.status_code == 303, words_of(left)


async def test_whoever_is_in_the_household_already_is_told_at_the_number(
    pages: Pages, office: Office, file: str
) -> None:
    await register_id(office, OTHER_NATIONAL_ID, "خالد الغامدي")
    member = {"kinship": "brother", "name": "خالد", "national_id": OTHER_NATIONAL_ID}
    assert (await pages.post(f"{file}/members", member)).status_code == 303
    again = await pages.post(f"{file}/members", member | {"name": "خالد بن علي"})
    assert errors_of(again) == ["national_id"]
    himself = await pages.post(f"{file}/members", member | {"national_id": NATIONAL_ID})
    assert errors_of(himself) == ["national_id"]


async def test_the_means_are_stated_with_their_sum_and_come_again_to_be_changed(pages: Pages, file: str) -> None:
    """`tool.research_guide`: what the report asks is asked at the desk."""
    stated = await pages.post(f"{file}/means", MEANS, role=Role.SOCIAL_RESEARCHER)
    assert stated.status_code == 303, words_of(stated)
    told = words_of(await pages.get(f"{file}/household"))
    for sum_ in ("3,500.50", "310.50", "600.00", "2,590.00", "18,000.00"):
        assert sum_ in told, sum_
    form = await pages.get(f"{file}/means")
    assert value_of(form, "seen") == "1"
    assert value_of(form, "incomes.1.monthly") == "1100", "an empty line is left out"
    assert value_of(form, "incomes.1.note") == "منذ رجب"
    assert value_of(form, "housing.rooms") == "3"
    assert 'name="debts.0.has_paper" value="yes" checked' in main_of(form)


@pytest.mark.parametrize("typed", ["1250.5", "1,250.50", "١٬٢٥٠٫٥٠", "1 250.50"])
async def test_an_amount_is_read_with_each_mark_for_thousands(pages: Pages, file: str, typed: str) -> None:
    stated = await pages.post(f"{file}/means", MEANS | {"incomes.0.monthly": typed})
    assert stated.status_code == 303, words_of(stated)
    assert "2,350.50" in words_of(await pages.get(f"{file}/household"))


async def test_more_lines_are_asked_for_and_nothing_typed_is_lost(pages: Pages, file: str, office: Office) -> None:
    before = everything_written(office.desk)
    page = await pages.post(f"{file}/means", {"incomes.2.kind": "salary", "incomes.2.monthly": "ألف", "step": "more"})
    assert page.status_code == 200
    assert value_of(page, "incomes.2.monthly") == "ألف"
    assert 'name="incomes.4.monthly"' in main_of(page)
    assert everything_written(office.desk) == before


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"incomes.0.monthly": "ألف"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": ""}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "-5"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "NaN"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "1e400"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "1.005"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "1250,50"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "١٢٥٠٬٥٠"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "1250 50"}, ["incomes.0.monthly"]),
        ({"incomes.0.monthly": "1.250"}, ["incomes.0.monthly"]),
        ({"incomes.0.kind": "moon"}, ["incomes.0.kind"]),
        ({"debts.0.creditor": ""}, ["debts.0.creditor"]),
        ({"housing.rooms": "0"}, ["housing.rooms"]),
        ({"housing.rooms": "51"}, ["housing.rooms"]),
        ({"housing.tenure": "", "obligations.0.kind": ""}, ["obligations.0.kind", "housing.tenure"]),
    ],
)
async def test_a_wrong_line_is_told_at_its_field(
    office: Office, pages: Pages, file: str, changes: dict[str, str], fields: list[str]
) -> None:
    before = everything_written(office.desk)
    page = await pages.post(f"{file}/means", MEANS | changes)
    assert page.status_code == 422, words_of(page)
    assert errors_of(page) == fields
    assert value_of(page, "debts.0.left") == "18000"
    assert everything_written(office.desk) == before


async def test_whoever_states_second_sees_the_newer_sum_beside_his_own(pages: Pages, file: str) -> None:
    assert (await pages.post(f"{file}/means", MEANS)).status_code == 303
    late = await pages.post(f"{file}/means", {"seen": "0", "incomes.0.kind": "salary", "incomes.0.monthly": "5000"})
    assert late.status_code == 409
    assert errors_of(late) == ["seen"]
    assert "3,500.50" in words_of(late)
    assert value_of(late, "incomes.0.monthly") == "5000"
    assert value_of(late, "seen") == "1"


async def test_who_may_act_for_him_is_noted_and_ended(office: Office, pages: Pages, file: str) -> None:
    today = riyadh_day(office.desk.clock.now())
    sent: dict[str, Any] = {"agent_national_id": OTHER_NATIONAL_ID, "capacity": "agent", "deeds": ["ask", "collect"]}
    nobody = await pages.post(f"{file}/mandates", sent)
    assert nobody.status_code == 422
    assert errors_of(nobody) == ["agent_national_id"], "he has no file yet"
    assert value_of(nobody, "agent_national_id") == OTHER_NATIONAL_ID
    himself = await pages.post(f"{file}/mandates", sent | {"agent_national_id": NATIONAL_ID})
    assert errors_of(himself) == ["agent_national_id"]
    assert errors_of(await pages.post(f"{file}/mandates", {})) == ["agent_national_id", "capacity", "deeds"]
    await register_id(office, OTHER_NATIONAL_ID, "خالد الغامدي")
    noted = await pages.post(f"{file}/mandates", sent | {"paper": "وكالة 448811"})
    assert noted.status_code == 303, words_of(noted)
    page = await pages.get(file)
    assert "خالد الغامدي" in words_of(page)
    assert "وكيل شرعي" in words_of(page)
    mandate = page.text.partition("mandate-ending?mandate=")[2].partition('"')[0]
    ended = await pages.post(f"{file}/mandate-ending", {"mandate_id": mandate, "reason": "فُسخت", **on("on", today)})
    assert ended.status_code == 303, words_of(ended)
    assert "فُسخت" in words_of(await pages.get(file))


async def test_a_mandate_of_another_file_is_not_ended_from_this_one(office: Office, pages: Pages, file: str) -> None:
    today = riyadh_day(office.desk.clock.now())
    other = await register_id(office, OTHER_NATIONAL_ID, "خالد الغامدي")
    sent = {"agent_national_id": NATIONAL_ID, "capacity": "agent", "deeds": ["ask"]}
    mandate = (await office.post(f"/api/v1/people/{other}/mandates", sent)).json()["id"]
    before = everything_written(office.desk)
    answer = await pages.post(f"{file}/mandate-ending", {"mandate_id": mandate, "reason": "خطأ", **on("on", today)})
    assert answer.status_code == 404
    assert everything_written(office.desk) == before


async def test_of_an_agent_who_is_another_branchs_the_branch_is_named_and_not_he(office: Office, pages: Pages) -> None:
    near = Office(office.desk, **NEAR)
    subject = await register_id(near, NATIONAL_ID, NAME)
    await register_id(Office(office.desk, **FAR), OTHER_NATIONAL_ID, "خالد الغامدي")
    sent = {"agent_national_id": OTHER_NATIONAL_ID, "capacity": "guardian", "deeds": ["attest"]}
    assert (await pages.post(f"/desk/people/{subject}/mandates", sent, **NEAR)).status_code == 303
    page = await pages.get(f"/desk/people/{subject}", **NEAR)
    assert "خالد" not in page.text
    assert "ولي" in words_of(page)


async def test_whoever_lived_with_somebody_erased_has_his_file_all_the_same(office: Office, pages: Pages) -> None:
    await office.walk(to=CaseStatus.CLOSED)
    head = (await office.get(f"/api/v1/people?q={NATIONAL_ID}"))["people"][0]["id"]
    son = f"/desk/people/{await register_id(office, OTHER_NATIONAL_ID, 'سعد الحربي')}"
    lives_there = await pages.post(f"/desk/people/{head}/members", SON | {"national_id": OTHER_NATIONAL_ID})
    assert lives_there.status_code == 303, words_of(lives_there)
    stated = await pages.post(f"/desk/people/{head}/means", MEANS)
    assert stated.status_code == 303, words_of(stated)
    assert await erase(office) == head
    for page in ("", "/household", "/means", "/member-ending"):
        assert (await pages.get(son + page)).status_code == 200, page
    assert (await pages.post(f"{son}/means", MEANS)).status_code == 303
