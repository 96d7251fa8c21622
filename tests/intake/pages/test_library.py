"""The library at the desk's pages: tools in force and common answers by their words, beside a request (`tool.*`)."""

from typing import Any

import pytest

from shared.language.clauses import Tool
from shared.language.events import ToolConsulted
from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.library import BYLAWS, GUIDE, publish
from tests.intake.office import Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of

RESEARCHER = {"role": Role.SOCIAL_RESEARCHER, "person": "researcher-8"}
ENTRY = {"question": "هل يلزم عقد إيجار موثق؟", "answer": "لا يلزم؛ يكفي إثبات العنوان الوطني."}


async def propose(office: Office, pages: Pages, **changes: Any) -> str:
    answer = await pages.post("/desk/guide", ENTRY | changes)
    assert answer.status_code == 303, words_of(answer)
    return str((await office.get("/api/v1/guide"))["items"][-1]["id"])


@pytest.mark.parametrize("tool", [Tool.BYLAWS, Tool.RESEARCH_GUIDE, Tool.SUPPORT_GUIDE, Tool.SUPPORT_REQUEST])
async def test_a_tool_in_force_is_found_by_its_words_beside_the_request_and_consulted(
    office: Office, pages: Pages, tool: Tool
) -> None:
    """`tool.bylaws`, `tool.research_guide`, `tool.support_guide`, `tool.support_request`."""
    case = await office.begin()
    of_case = f"/desk/cases/{case['id']}"
    assert f'action="{of_case}/library"' in main_of(await pages.get(of_case))
    await publish(office, tool.value, GUIDE, title="دليل الزيارات")
    found = await pages.get(f"{of_case}/library?q=والزيارة")
    assert "بزيارةٍ منزلية" in words_of(found)
    assert f'href="{of_case}/tools/{tool.value}"' in main_of(found)
    page = await pages.get(f"{of_case}/tools/{tool.value}")
    assert "المقابلة ٣٠ دقيقة" in words_of(page)
    noted = await pages.post(f"{of_case}/tools/{tool.value}/consultation")
    assert noted.status_code == 303, words_of(noted)
    assert "سُجّل في الملف الرجوع إلى الأداة" in words_of(await pages.get(noted.headers["location"]))
    (told,) = await office.desk.told(ToolConsulted)
    assert told.evidence() == {tool.clause}
    reader = await pages.get(f"{of_case}/tools/{tool.value}", role=Role.AUDITOR)
    assert "consultation" not in main_of(reader)


async def test_the_library_says_which_tools_have_no_edition_in_force(office: Office, pages: Pages) -> None:
    await publish(office, "bylaws", BYLAWS, edition="7")
    page = words_of(await pages.get("/desk/library"))
    assert "النسخة 7" in page
    assert page.count("لا نسخة سارية") == 3
    assert (await pages.get("/desk/tools/bylaws")).status_code == 200
    assert (await pages.get("/desk/tools/research_guide")).status_code == 409
    assert "لا نص يجمع هذه الكلمات" in words_of(await pages.get("/desk/library?q=كلمة ليست هنا"))


async def test_what_is_looked_for_is_shown_as_it_was_typed(pages: Pages) -> None:
    page = await pages.get('/desk/library?q=<script>alert(1)</script>"')
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert value_of(page, "q") == '<script>alert(1)</script>"'


async def test_a_common_answer_is_proposed_by_one_approved_by_another_and_taken_back(
    office: Office, pages: Pages
) -> None:
    """`goal.answers`."""
    entry = await propose(office, pages)
    assert ENTRY["answer"] not in words_of(await pages.get("/desk/library?q=الايجار"))
    own = main_of(await pages.get("/desk/guide"))
    assert "approval" not in own, "who wrote it does not approve it, nor does this seat"
    page = await pages.get("/desk/guide", **RESEARCHER)
    assert f"/desk/guide/{entry}/approval" in main_of(page)
    approved = await pages.post(f"/desk/guide/{entry}/approval", **RESEARCHER)
    assert approved.status_code == 303
    assert ENTRY["answer"] in words_of(await pages.get("/desk/library?q=الايجار"))
    again = await pages.post(f"/desk/guide/{entry}/approval", **RESEARCHER)
    assert again.status_code == 409
    assert 'role="alert"' in main_of(again)
    assert (await pages.post(f"/desk/guide/{entry}/withdrawal", **RESEARCHER)).status_code == 303
    assert ENTRY["answer"] not in words_of(await pages.get("/desk/library?q=الايجار"))
    assert "مسحوب" in words_of(await pages.get("/desk/guide"))


async def test_an_answer_that_names_somebody_is_refused_at_its_field_and_kept(office: Office, pages: Pages) -> None:
    before = everything_written(office.desk)
    page = await pages.post("/desk/guide", ENTRY | {"answer": "اتصل على 0555000111"})
    assert (page.status_code, errors_of(page)) == (422, ["answer"])
    assert value_of(page, "question") == ENTRY["question"]
    assert value_of(page, "answer") == "اتصل على 0555000111"
    empty = await pages.post("/desk/guide", {"question": "", "answer": "", "service_id": "moon"})
    assert errors_of(empty) == ["question", "answer", "service_id"]
    assert everything_written(office.desk) == before


async def test_the_library_beside_a_request_of_another_branch_is_not_there(office: Office, pages: Pages) -> None:
    case = await office.begin(branch_id="hada_sham")
    await publish(office, "bylaws", BYLAWS)
    stranger = {"role": Role.DELEGATE, "branch": "ayn_shams"}
    for path in ("library", "tools/bylaws"):
        assert (await pages.get(f"/desk/cases/{case['id']}/{path}", **stranger)).status_code == 404
    assert (await pages.post(f"/desk/cases/{case['id']}/tools/bylaws/consultation", **stranger)).status_code == 404
