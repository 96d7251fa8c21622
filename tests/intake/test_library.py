"""Tools and common answers are found by their words beside the request (`tool.*`, `goal.answers`)."""

from typing import Any

import pytest

from services.intake.domain.library import PASSAGE_LETTERS, passages_of
from shared.language.clauses import Tool
from shared.language.events import ToolConsulted
from shared.language.roles import Role
from tests.contracts.problem import refused
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.library import FOUND, GUIDE, RESEARCHER, found_in_all, places, publish
from tests.intake.office import KHARJ, Office

QUESTION = "هل يلزم عقد إيجار موثق؟"
ENTRY = {"question": QUESTION, "answer": "لا يلزم؛ يكفي إثبات العنوان الوطني."}
OF_FOUR = ["bylaws", "research_guide", "support_guide", "support_request"]
OF_KHARJ = ["bylaws", "support_request", "outreach_call", "social_contact"]


async def write(office: Office, **changes: Any) -> str:
    return str((await office.post("/api/v1/guide", ENTRY | changes)).json()["id"])


async def approve(office: Office, entry_id: str, **who: Any) -> None:
    await office.post(f"/api/v1/guide/{entry_id}/approval", **(RESEARCHER | who))


async def test_a_text_is_found_however_its_words_are_written(office: Office) -> None:
    assert await found_in_all(office) == {asked: sorted(found) for asked, found in FOUND.items()}


@pytest.mark.parametrize(
    ("association", "tool"), [*((ASSOCIATION, tool) for tool in OF_FOUR), *((KHARJ, tool) for tool in OF_KHARJ)]
)
async def test_every_tool_of_the_policy_is_found_beside_the_request_and_consulted(
    intake: Desk, association: str, tool: str
) -> None:
    """`tool.bylaws`, `tool.research_guide`, `tool.support_guide`, `tool.support_request`, `tool.outreach_call`,
    `tool.social_contact`."""
    office = Office(intake, association=association)
    case = await office.begin()
    await publish(office, tool, GUIDE)
    beside = f"/api/v1/cases/{case['id']}/library"
    assert {source for source, _ in await places(office, "زيارة", path=beside)} == {f"tool:{tool}"}
    await office.step(case, f"tools/{tool}/consultation")
    (told,) = await intake.told(ToolConsulted)
    assert told.evidence() == {Tool(tool).clause}


async def test_only_the_edition_in_force_is_found(office: Office) -> None:
    await publish(office, "bylaws", "تُصرف الإعانة كل شهر")
    await publish(office, "bylaws", "تُصرف الإعانة كل ربع سنة", edition="2")
    assert await places(office, "شهر") == []
    assert await places(office, "ربع سنة") == [("tool:bylaws", 0)]


async def test_a_search_beside_a_request_that_is_not_his_finds_no_request(office: Office) -> None:
    case = await Office(office.desk, role=Role.DELEGATE, branch="hada_sham").begin()
    answer = await office.desk.call(
        "GET", f"/api/v1/cases/{case['id']}/library?q=abc", role=Role.DELEGATE, branch="ayn_shams"
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")


async def test_one_association_finds_nothing_of_another(office: Office, kharj: Office) -> None:
    await publish(office, "bylaws", GUIDE)
    await approve(office, await write(office))
    assert await places(kharj, "زيارة") == []
    assert await places(kharj, "إيجار") == []
    assert (await kharj.get("/api/v1/guide"))["items"] == []


async def test_a_common_answer_is_found_once_a_second_person_approved_it(office: Office) -> None:
    entry = await write(office)
    assert await places(office, "عقد الايجار") == []
    await approve(office, entry)
    assert await places(office, "عقد الايجار") == [(f"guide:{entry}", 0)]
    assert await places(office, "العنوان الوطني") == [(f"guide:{entry}", 0)]
    await office.post(f"/api/v1/guide/{entry}/withdrawal", **RESEARCHER)
    assert await places(office, "العنوان الوطني") == []


async def test_who_wrote_it_does_not_approve_it(office: Office) -> None:
    researcher = RESEARCHER | {"person": "researcher-7"}
    entry = str((await office.post("/api/v1/guide", ENTRY, **researcher)).json()["id"])
    path = f"/api/v1/guide/{entry}/approval"
    await refused(office.desk, "POST", path, status=409, code="own_words", **(office.who | researcher))
    await approve(office, entry, person="researcher-8")
    await refused(
        office.desk,
        "POST",
        path,
        status=409,
        code="guide_entry_not_open",
        **(office.who | RESEARCHER | {"person": "researcher-9"}),
    )


@pytest.mark.parametrize(
    "words",
    [
        "كما في هوية 1000000008",
        "كما في هوية ١٠٠٠٠٠٠٠٠٨",
        "كما في هوية 1000 000 008",
        "اتصل على 0555000111",
        "اتصل على +966 55 500 0111",
        "حسابها SA0380000000608010167519",
        "راسل noura@example.org",
        "مثل الطلب JMM-2026-000001",
    ],
)
@pytest.mark.parametrize("field", ["question", "answer"])
async def test_a_person_stands_in_no_common_answer(office: Office, field: str, words: str) -> None:
    await refused(
        office.desk,
        "POST",
        "/api/v1/guide",
        body=ENTRY | {field: words},
        status=422,
        code="person_in_guide",
        field=field,
        **office.who,
    )


async def test_a_number_that_is_nobodys_may_stand_in_it(office: Office) -> None:
    await write(office, answer="الحد 1000000000 ريال، والمادة 12 من اللائحة 1445.")


async def test_a_service_that_is_not_offered_has_no_common_answer(office: Office) -> None:
    await refused(
        office.desk,
        "POST",
        "/api/v1/guide",
        body=ENTRY | {"service_id": "moon_trip"},
        status=422,
        code="service_unknown",
        field="service_id",
        **office.who,
    )


def test_a_long_line_is_cut_between_words_and_nothing_is_lost() -> None:
    text = " ".join(f"كلمة{n}" for n in range(500))
    pieces = list(passages_of(f"{text}\n\nسطر"))
    assert " ".join(pieces) == f"{text} سطر"
    assert all(len(piece) <= PASSAGE_LETTERS for piece in pieces)
    assert list(passages_of(" \n\t\n")) == []
