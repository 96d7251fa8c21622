"""The desk's pages show nobody of whom there are confidential cases alone, whichever way they are come to."""

from typing import Any
from urllib.parse import urlencode

import pytest

from services.intake.pages.desk.register.acts import FILE_ACTS
from shared.language.roles import Role
from tests.access.test_confidential import CLOSING, DELEGATE, MANAGER, NAMED
from tests.intake.office import MOBILE, NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, hidden_in, main_of, words_of
from tests.intake.register.desk import register_id

OFFICER: dict[str, Any] = {"role": Role.INTAKE_OFFICER}
FILE = ("", "/household", "/given", "/reveal", *(f"/{act.path}" for act in FILE_ACTS))
both = pytest.mark.parametrize("who", [DELEGATE, OFFICER], ids=["of the branch", "of the head office"])


@pytest.fixture
def pages(office: Office) -> Pages:
    return Pages(office.desk)


@pytest.fixture
async def hidden(office: Office) -> str:
    """The file of whom one case knows, which was made confidential."""
    case = (await office.post("/api/v1/cases", office.new_case(), **DELEGATE)).json()
    await office.step(case, "reception", {}, **DELEGATE)
    await office.step(case, "confidence", CLOSING, **MANAGER)
    (found,) = (await office.get(f"/api/v1/people?{urlencode({'q': NATIONAL_ID})}", **NAMED))["people"]
    return str(found["id"])


@both
async def test_the_pages_of_his_file_are_not_there(hidden: str, pages: Pages, who: dict[str, Any]) -> None:
    for page in FILE:
        shown = await pages.get(f"/desk/people/{hidden}{page}", **who)
        assert shown.status_code == 404, page
        assert NAME not in shown.text, page
    assert NAME in words_of(await pages.get(f"/desk/people/{hidden}", **NAMED))


@both
async def test_no_search_of_a_page_shows_him(hidden: str, pages: Pages, who: dict[str, Any]) -> None:
    for page in ("people", "new", "register"):
        for q in (NAME, NATIONAL_ID, MOBILE):
            found = main_of(await pages.get(f"/desk/{page}?{urlencode({'q': q})}", **who))
            # What was sought stands in the field again, and he on no line.
            assert hidden not in found, (page, q)
            assert "<table" not in found, (page, q)


@both
async def test_a_reason_opens_no_file_of_his_from_its_page(hidden: str, pages: Pages, who: dict[str, Any]) -> None:
    form = await pages.get(f"/desk/register?{urlencode({'q': NATIONAL_ID})}", **who)
    typed = {"national_id": NATIONAL_ID, "name": "سلمى الحربي", "language": "ar", "here_because": "جاءت إلينا"}
    met = await pages.post("/desk/register", hidden_in(form)[1] | typed, **who)
    assert met.status_code == 200
    assert hidden not in met.text
    assert NAME not in met.text


@both
async def test_no_list_says_that_another_is_like_him(
    office: Office, hidden: str, pages: Pages, who: dict[str, Any]
) -> None:
    other = await register_id(office, OTHER_NATIONAL_ID, NAME, mobile=MOBILE, who=who)
    listed = main_of(await pages.get("/desk/duplicates", **NAMED))
    (pair,) = {part.partition('"')[0] for part in listed.split("/desk/duplicates/")[1:]}
    assert pair not in main_of(await pages.get("/desk/duplicates", **who))
    assert pair not in main_of(await pages.get(f"/desk/people/{other}", **who))
    assert (await pages.get(f"/desk/duplicates/{pair}", **who)).status_code == 404
    assert hidden not in (await pages.get("/desk/duplicates", **who)).text
