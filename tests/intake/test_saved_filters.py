"""Filters that a person keeps for himself."""

from shared.language.roles import Role
from tests.contracts.problem import assert_problem, refused
from tests.intake.office import NAME, Office

PATH = "/api/v1/filters"
INCOMPLETE = {"of_list": "cases", "name": "ناقصة", "query": "?status=incomplete"}


async def test_a_filter_is_kept_for_whoever_saved_it_and_nobody_else(office: Office) -> None:
    kept = (await office.post(PATH, INCOMPLETE)).json()
    assert kept["query"] == "status=incomplete"
    assert [one["id"] for one in (await office.get(PATH))["items"]] == [kept["id"]]
    assert (await office.get(PATH, person="another"))["items"] == []
    assert (await office.get(f"{PATH}?of_list=rights"))["items"] == []
    dropped = await office.desk.call("DELETE", f"{PATH}/{kept['id']}", **(office.who | {"person": "another"}))
    assert_problem(dropped, status=404, code="filter_not_found")


async def test_a_filter_is_dropped(office: Office) -> None:
    kept = (await office.post(PATH, INCOMPLETE)).json()
    assert (await office.desk.call("DELETE", f"{PATH}/{kept['id']}", **office.who)).status_code == 204
    assert (await office.get(PATH))["items"] == []


async def test_a_name_is_given_once_a_list(office: Office) -> None:
    await office.post(PATH, INCOMPLETE)
    taken = {"status": 409, "code": "filter_name_taken", "field": "name"}
    await refused(office.desk, "POST", PATH, body=INCOMPLETE, **taken, **office.who)
    await office.post(PATH, INCOMPLETE | {"of_list": "reviews"})


async def test_a_filter_keeps_no_search_for_a_person(office: Office) -> None:
    for query in ("q=1000000008", "status=1000000008", f"status={NAME}", f"branch={NAME}"):
        body = INCOMPLETE | {"query": query}
        await refused(office.desk, "POST", PATH, body=body, status=422, code="malformed", field="query", **office.who)


async def test_nobody_keeps_more_filters_than_a_page_shows(office: Office) -> None:
    for number in range(50):
        await office.post(PATH, INCOMPLETE | {"name": str(number)})
    await refused(office.desk, "POST", PATH, body=INCOMPLETE, status=409, code="too_many_filters", **office.who)
    assert len((await office.get(PATH))["items"]) == 50


async def test_an_auditor_reads_and_keeps_nothing(office: Office) -> None:
    answer = await office.desk.call("POST", PATH, body=INCOMPLETE, role=Role.AUDITOR)
    assert_problem(answer, status=403, code="not_allowed")
