"""Two files that may be one person's, by pages: listed, side by side and masked, decided, and taken back."""

import pytest

from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of
from tests.intake.register.desk import FAR, NEAR, register_id

PAIRS = "/desk/duplicates"
MANAGER = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}


async def pair_of(one: Office, other: Office) -> str:
    first = await register_id(one, NATIONAL_ID, NAME, mobile="0555000111")
    second = await register_id(other, OTHER_NATIONAL_ID, NAME, mobile="0555000111")
    head = Office(one.desk)
    return str((await head.post("/api/v1/duplicates", {"one": first, "other": second})).json()["id"])


@pytest.fixture
async def pair(office: Office) -> str:
    near = Office(office.desk, **NEAR)
    return await pair_of(near, near)


async def test_what_waits_is_listed_with_what_speaks_for_it(pages: Pages, pair: str) -> None:
    page = await pages.get(PAIRS, **MANAGER)
    assert f"{PAIRS}/{pair}" in main_of(page)
    assert "جوال واحد" in words_of(page)
    assert f"{PAIRS}/{pair}" not in main_of(await pages.get(f"{PAIRS}?finding=merged", **MANAGER))
    assert f"{PAIRS}/{pair}" not in main_of(await pages.get(PAIRS, **FAR))


async def test_two_files_are_side_by_side_masked_and_merged_and_taken_back(pages: Pages, pair: str) -> None:
    path = f"{PAIRS}/{pair}"
    page = await pages.get(path, **MANAGER)
    assert words_of(page).count(NAME) == 2
    for clear in (NATIONAL_ID, OTHER_NATIONAL_ID, "0555000111"):
        assert clear not in page.text
    merged = await pages.post(path, {"answer": "one", "reason": "رأيت البطاقتين"}, **MANAGER)
    assert merged.status_code == 303, words_of(merged)
    page = await pages.get(merged.headers["location"], **MANAGER)
    assert "دُمج الملفان" in words_of(page)
    assert "رأيت البطاقتين" in words_of(page)
    late = await pages.post(path, {"answer": "not_the_same", "reason": "أخوان"}, **MANAGER)
    assert late.status_code == 409
    assert value_of(late, "reason") == "أخوان"
    back = await pages.post(path, {"answer": "back", "reason": "أخطأت"}, **MANAGER)
    assert back.status_code == 303, words_of(back)
    apart = await pages.post(path, {"answer": "not_the_same", "reason": "أخوان"}, **MANAGER)
    assert apart.status_code == 303, words_of(apart)
    assert f"{PAIRS}/{pair}" in main_of(await pages.get(f"{PAIRS}?finding=not_the_same", **MANAGER))


async def test_no_decision_goes_without_an_answer_and_a_reason(office: Office, pages: Pages, pair: str) -> None:
    before = everything_written(office.desk)
    page = await pages.post(f"{PAIRS}/{pair}", {"answer": "", "reason": ""}, **MANAGER)
    assert errors_of(page) == ["answer", "reason"]
    short = await pages.post(f"{PAIRS}/{pair}", {"answer": "not_the_same", "reason": "."}, **MANAGER)
    assert errors_of(short) == ["reason"], "as the API wants it"
    assert everything_written(office.desk) == before


async def test_a_delegate_sees_the_two_and_decides_nothing(pages: Pages, pair: str) -> None:
    page = await pages.get(f"{PAIRS}/{pair}", **NEAR)
    assert page.status_code == 200
    assert "<form" not in main_of(page)
    assert (await pages.post(f"{PAIRS}/{pair}", {"answer": "one", "reason": "كذا"}, **NEAR)).status_code == 403


async def test_of_another_branchs_file_the_page_names_whom_to_call(office: Office, pages: Pages) -> None:
    pair = await pair_of(Office(office.desk, **NEAR), Office(office.desk, **FAR))
    page = await pages.get(f"{PAIRS}/{pair}", **MANAGER)
    assert words_of(page).count(NAME) == 1
    assert "هذا الملف لفرع آخر" in words_of(page)
    assert "<form" not in main_of(page)
    answer = await pages.post(f"{PAIRS}/{pair}", {"answer": "one", "reason": "هما واحد"}, **MANAGER)
    assert 'role="alert"' in main_of(answer)
