"""Papers on file at the desk's pages: reused from the case's page, each once, as their owner agreed."""

from typing import Any

import pytest

from shared.language.case_lifecycle import CaseStatus
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of

REQUIRED = 3
AGREED = {"agreed": "applicant", "agreed_name": NAME}


async def two_cases(office: Office) -> dict[str, Any]:
    """A new request of somebody whose papers lie in another one."""
    await office.walk(to=CaseStatus.COMPLETE)
    return await office.walk(to=CaseStatus.INCOMPLETE)


async def on_file(office: Office, case: dict[str, Any]) -> list[str]:
    return [paper["id"] for paper in await office.get(f"/api/v1/cases/{case['id']}/papers-on-file")]


async def test_papers_on_file_serve_from_the_page_of_the_case(office: Office, pages: Pages) -> None:
    """`step.completeness`."""
    case = await two_cases(office)
    path = f"/desk/cases/{case['id']}/papers-on-file"
    page = await pages.get(f"/desk/cases/{case['id']}")
    assert "استخدام 3 مستندات محفوظة" in words_of(page)
    assert f'href="{path}"' in main_of(page)
    form = await pages.get(path)
    there = await on_file(office, case)
    assert [one for one in there if f'value="{one}"' not in main_of(form)] == []
    kept = await pages.post(path, {"document_id": there} | AGREED)
    assert kept.status_code == 303, words_of(kept)
    shown = await pages.get(kept.headers["location"])
    assert "استُخدمت المستندات المحفوظة" in words_of(shown)
    assert (await office.get(f"/api/v1/cases/{case['id']}/checklist"))["missing"] == []
    assert "لا مستند محفوظًا يصلح" in words_of(await pages.get(path)), "each serves once"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"document_id": []}, ["document_id"]),
        ({"agreed": ""}, ["agreed"]),
        ({"agreed": "neighbour"}, ["agreed"]),
        ({"agreed_name": ""}, ["agreed_name"]),
        ({"document_id": ["nowhere"]}, ["document_id"]),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_used(
    office: Office, pages: Pages, changes: dict[str, Any], fields: list[str]
) -> None:
    case = await two_cases(office)
    there = await on_file(office, case)
    before = everything_written(office.desk)
    page = await pages.post(f"/desk/cases/{case['id']}/papers-on-file", {"document_id": there} | AGREED | changes)
    assert (page.status_code, errors_of(page)) == (422, fields)
    assert value_of(page, "agreed_name") == (AGREED | changes)["agreed_name"]
    if "document_id" not in changes:
        assert main_of(page).count(" checked") >= REQUIRED
    assert everything_written(office.desk) == before


async def test_one_paper_that_does_not_serve_leaves_all_as_it_was(office: Office, pages: Pages) -> None:
    case = await two_cases(office)
    there = await on_file(office, case)
    before = everything_written(office.desk)
    page = await pages.post(f"/desk/cases/{case['id']}/papers-on-file", {"document_id": [*there, "zz"]} | AGREED)
    assert page.status_code == 422
    assert everything_written(office.desk) == before


async def test_another_persons_papers_are_neither_shown_nor_counted(office: Office, pages: Pages) -> None:
    await office.walk(to=CaseStatus.COMPLETE)
    case = await office.begin(applicant={"national_id": OTHER_NATIONAL_ID, "name": "هند القحطاني"})
    assert "papers-on-file" not in main_of(await pages.get(f"/desk/cases/{case['id']}"))
    assert "لا مستند محفوظًا يصلح" in words_of(await pages.get(f"/desk/cases/{case['id']}/papers-on-file"))


async def test_a_request_that_went_up_takes_no_paper_in(office: Office, pages: Pages) -> None:
    case = await office.walk(to=CaseStatus.REFERRED)
    path = f"/desk/cases/{case['id']}/papers-on-file"
    assert "<form" not in main_of(await pages.get(path))
    refused = await pages.post(path, {"document_id": ["x"]} | AGREED)
    assert refused.status_code == 409
