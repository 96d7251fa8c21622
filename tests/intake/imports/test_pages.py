"""The administrator's pages of imports, without scripts: a list is sent, its columns are chosen, and it is taken in."""

import re
from typing import Any

import httpx
import pytest

from shared.language.roles import Role
from tests.edge.file_desk import FORM, form
from tests.intake.imports.lists import Administrator, as_csv, people


class Pages:
    """What a browser of the administrator's gets and sends."""

    def __init__(self, administrator: Administrator, role: Role = Role.ASSOCIATION_ADMINISTRATOR) -> None:
        self.desk, self.role = administrator.desk, role

    async def get(self, path: str, *, language: str = "ar") -> httpx.Response:
        return await self.desk.client.get(f"{path}?lang={language}", headers=self._headers())

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return await self.desk.client.post(path, data=fields, headers=self._headers())

    async def upload(self, table: bytes) -> httpx.Response:
        headers = self._headers() | {"Content-Type": FORM}
        return await self.desk.client.post("/imports", content=form(table, name="قائمة.csv"), headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.desk.token(self.role)}", "Accept": "text/html"}


@pytest.fixture
def pages(administrator: Administrator) -> Pages:
    return Pages(administrator)


async def sent(pages: Pages, table: bytes) -> str:
    answer = await pages.upload(table)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def settled(administrator: Administrator) -> None:
    while await administrator.desk.worker.work_once():
        pass


def chosen(page: str) -> dict[str, str]:
    """What each choice of the page stands at."""
    found: dict[str, str] = {}
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        at = re.search(r'<option value="([^"]*)" selected>', options)
        found[name] = at.group(1) if at else ""
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_a_list_is_sent_looked_at_and_taken_in(administrator: Administrator, pages: Pages, language: str) -> None:
    first = await pages.get("/imports", language=language)
    assert first.status_code == 200
    assert 'type="file"' in first.text
    path = await sent(pages, as_csv([*people(2), ["12", "نورة الحربي", ""]]))
    page = await pages.get(path, language=language)
    assert {name: place for name, place in chosen(page.text).items() if name.startswith("t.") and place} == {
        "t.national_id": "0",
        "t.name": "1",
        "t.mobile": "2",
    }
    assert (await pages.send(f"{path}/check")).status_code == 303
    await settled(administrator)
    looked_at = (await pages.get(path, language=language)).text
    assert "3 / 3" in looked_at
    assert ("عشرة أرقام" if language == "ar" else "ten digits") in looked_at
    assert (await pages.send(f"{path}/start")).status_code == 303
    await settled(administrator)
    done = (await pages.get(path, language=language)).text
    assert ("استُوردت" if language == "ar" else "Taken in") in done
    assert f"rows.xlsx?language={language}" in done
    assert "قائمة.csv" in (await pages.get("/imports", language=language)).text


async def test_columns_are_chosen_by_hand(administrator: Administrator, pages: Pages) -> None:
    path = await sent(pages, as_csv(people(1), head=("س", "ص", "ع")))
    refused = await pages.send(f"{path}/check")
    assert refused.status_code == 422
    assert "لم يُحدَّد عمود" in refused.text
    fields: dict[str, Any] = {"t.national_id": "0", "t.name": "1", "channel": "letter", "known": "update"}
    assert (await pages.send(f"{path}/columns", **fields)).status_code == 303
    assert chosen((await pages.get(path)).text)["t.name"] == "1"
    assert (await pages.send(f"{path}/check")).status_code == 303
    await settled(administrator)


@pytest.mark.parametrize(
    "fields", [{"t.name": "7"}, {"t.name": "x"}, {"t.shoe": "0"}, {"t.name": "0", "t.mobile": "0"}]
)
async def test_a_choice_that_no_page_offers_is_refused_and_nothing_typed_is_lost(
    pages: Pages, fields: dict[str, str]
) -> None:
    path = await sent(pages, as_csv(people(1)))
    answer = await pages.send(f"{path}/columns", channel="phone", known="update", **fields)
    assert answer.status_code == 422
    assert chosen(answer.text)["channel"] == "phone"


async def test_it_is_given_up_by_the_page(administrator: Administrator, pages: Pages) -> None:
    path = await sent(pages, as_csv(people(1)))
    assert (await pages.send(f"{path}/discard")).status_code == 303
    await settled(administrator)
    page = await pages.get(path)
    assert "تُخلّي عنها" in page.text
    assert "<select" not in page.text
    assert (await pages.send(f"{path}/start")).status_code == 409


async def test_an_auditor_sees_it_and_steers_nothing(administrator: Administrator, pages: Pages) -> None:
    path = await sent(pages, as_csv(people(1)))
    auditor = Pages(administrator, Role.AUDITOR)
    page = await auditor.get(path)
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main
    assert (await auditor.send(f"{path}/check")).status_code == 403


async def test_what_stands_in_a_heading_runs_nowhere(pages: Pages) -> None:
    path = await sent(pages, as_csv(people(1), head=("<script>alert(1)</script>", "الاسم", "رقم الهوية")))
    page = await pages.get(path)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
