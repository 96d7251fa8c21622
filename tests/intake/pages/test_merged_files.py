"""Of two files that are one person's, by the pages of a new request and of his requests."""

from typing import Any

from tests.intake.office import Office
from tests.intake.pages.clerk import Pages, main_of, words_of
from tests.intake.pages.test_desk import answers
from tests.intake.register.desk import FAR, NEAR, PEOPLE, number, register, register_id

OLD, NEW = "فهد سالم القديم", "فهد سالم الحربي"


async def merged(office: Office, *, other: dict[str, Any]) -> tuple[str, str]:
    """A file of the near branch that leads to one of `other`'s."""
    near = await register_id(office, number(1), OLD, mobile="0555000111", who=NEAR)
    kept = await register_id(office, number(2), NEW, mobile="0555000222", who=other)
    pair = (await office.post("/api/v1/duplicates", {"one": near, "other": kept})).json()
    keep = "one" if pair["one_id"] == kept else "other"
    done = await office.post(f"/api/v1/duplicates/{pair['id']}/merge", {"keep": keep, "reason": "رأيت البطاقتين"})
    assert done.status_code == 200, done.text
    return near, kept


async def ask(office: Office, pages: Pages, person: str) -> None:
    """At the near branch, with a new mobile."""
    sent = {"person": person, "channel": "interview", "service_id": office.service.id, "applicant.mobile": "0555999999"}
    begun = await pages.post("/desk/new", sent | answers(office), **NEAR)
    assert begun.status_code == 303, begun.text


async def test_a_request_begun_from_a_merged_file_changes_no_file_that_the_desk_may_not_see(
    office: Office, pages: Pages
) -> None:
    near, kept = await merged(office, other=FAR)
    assert (await pages.get(f"/desk/people/{kept}", **NEAR)).status_code == 404
    await ask(office, pages, near)
    shown = await office.get(f"{PEOPLE}/{kept}")
    assert (shown["name"], shown["mobile"]) == (NEW, "+9665••••222")
    *_, said = (await office.get(f"{PEOPLE}/{kept}/registrations"))["items"]
    assert said["differs"] == ["mobile", "name"]


async def test_where_the_desk_sees_the_file_that_it_leads_to_that_one_is_before_it(
    office: Office, pages: Pages
) -> None:
    near, kept = await merged(office, other=NEAR)
    assert "ضُم إلى ملف آخر له" in words_of(await pages.get(f"/desk/people?q={number(1)}", **NEAR))
    assert NEW in (await pages.get(f"/desk/new/applicant?person={near}", **NEAR)).text
    await ask(office, pages, near)
    shown = await office.get(f"{PEOPLE}/{kept}", **NEAR)
    assert (shown["name"], shown["mobile"]) == (NEW, "+9665••••999")


async def test_a_persons_requests_are_those_of_all_files_that_are_his(office: Office, pages: Pages) -> None:
    near = await register_id(office, number(1), OLD, who=NEAR)
    before = {"national_id": number(1), "name": OLD, "mobile": "0555000111"}
    case = (await office.post("/api/v1/cases", office.new_case(applicant=before), **NEAR)).json()
    kept = await register_id(office, number(2), NEW, who=NEAR)
    pair = (await office.post("/api/v1/duplicates", {"one": near, "other": kept})).json()
    keep = "one" if pair["one_id"] == kept else "other"
    await office.post(f"/api/v1/duplicates/{pair['id']}/merge", {"keep": keep, "reason": "رأيت البطاقتين"})
    assert case["reference"] in main_of(await pages.get(f"/desk/cases?person={kept}", **NEAR))
    (listed,) = (await office.get(f"/api/v1/cases?beneficiary_id={kept}"))["items"]
    assert listed["id"] == case["id"]


async def test_under_a_merged_number_the_file_of_another_branch_is_not_opened(office: Office) -> None:
    _, kept = await merged(office, other=FAR)
    met = await register(office, number(1), OLD, mobile="0555999999", who=NEAR)
    assert (met["outcome"], met["person"]) == ("elsewhere", None)
    assert (await office.get(f"{PEOPLE}/{kept}"))["mobile"] == "+9665••••222"
