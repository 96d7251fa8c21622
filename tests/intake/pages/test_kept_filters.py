"""The filters that somebody keeps, on the list that they are of; and the list's table, filtered as the list."""

from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of

LIST, KEEP = "/desk/cases", "/desk/filters"
NAMED = {"filter_name": "ناقصة", "query": "status=incomplete"}


async def test_a_filter_is_kept_under_a_name_stands_on_the_list_and_is_dropped(pages: Pages) -> None:
    kept = await pages.post(KEEP, NAMED)
    assert (kept.status_code, kept.headers["location"]) == (303, f"{LIST}?status=incomplete")
    page = await pages.get(LIST)
    assert f'href="{LIST}?status=incomplete"' in main_of(page)
    assert NAMED["filter_name"] in main_of(page)
    (drop,) = {
        part.partition('"')[0] for part in main_of(page).split('action="') if "removal" in part.partition('"')[0]
    }
    assert (await pages.post(drop)).status_code == 303
    assert NAMED["filter_name"] not in main_of(await pages.get(LIST))


async def test_a_name_that_is_taken_or_missing_is_said_beside_it_and_the_filter_stays(pages: Pages) -> None:
    await pages.post(KEEP, NAMED)
    for typed in (NAMED, NAMED | {"filter_name": " "}):
        page = await pages.post(KEEP, typed)
        assert page.status_code in {409, 422}
        assert errors_of(page) == ["filter_name"]
        assert value_of(page, "query") == NAMED["query"]


async def test_no_filter_keeps_whom_somebody_looked_for(pages: Pages) -> None:
    before = everything_written(pages.desk)
    refused = await pages.post(KEEP, NAMED | {"query": "person=somebody"})
    assert refused.status_code == 422
    assert everything_written(pages.desk) == before


async def test_the_table_of_a_filtered_list_has_its_rows_alone(office: Office, pages: Pages) -> None:
    near, far = (Office(office.desk, role=Role.DELEGATE, branch=one) for one in ("hada_sham", "ayn_shams"))
    cases = {branch: await one.begin() for branch, one in (("hada_sham", near), ("ayn_shams", far))}
    address = main_of(await pages.get(f"{LIST}?branch=ayn_shams")).partition("cases.xlsx?")[2].partition('"')[0]
    table = await office.desk.call("GET", f"/api/v1/cases.csv?{address.replace('&amp;', '&')}", **office.who)
    assert cases["ayn_shams"]["reference"] in table.text
    assert cases["hada_sham"]["reference"] not in table.text
