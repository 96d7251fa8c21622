"""The policy's tools lie beside the request, and the policy itself goes round to the staff."""

from typing import Any

import pytest

from shared.language.case_lifecycle import CaseStatus
from shared.language.events import PolicyAcknowledged, PolicyCirculated, ToolConsulted
from shared.language.roles import Role
from tests.contracts.problem import refused
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.office import KHARJ, Office

ADMINISTRATOR = {"role": Role.ASSOCIATION_ADMINISTRATOR}
EDITION = {"edition": "1", "title": "دليل خدمات البحث الاجتماعي", "text": "تبدأ الدراسة بزيارة منزلية."}
CIRCULATION = {"edition": "2", "summary": "أضيفت قناة مناديب المكاتب الفرعية."}


async def publish(office: Office, tool: str = "research_guide", **changes: Any) -> dict[str, Any]:
    answer = await office.post(f"/api/v1/tools/{tool}/editions", EDITION | changes, **ADMINISTRATOR)
    assert answer.status_code == 201
    edition: dict[str, Any] = answer.json()
    return edition


async def refuse_edition(office: Office, tool: str, body: Any = EDITION, **expected: Any) -> None:
    call = office.who | ADMINISTRATOR | expected
    await refused(office.desk, "POST", f"/api/v1/tools/{tool}/editions", body=body, **call)


async def beside(office: Office, case: dict[str, Any], search: str = "") -> list[tuple[str, str]]:
    tools = await office.get(f"/api/v1/cases/{case['id']}/tools?search={search}")
    return [(tool["tool"], tool["edition"]) for tool in tools]


async def test_the_newest_edition_of_each_tool_lies_beside_the_request(office: Office) -> None:
    case = await office.begin()
    assert await beside(office, case) == []
    await publish(office)
    await publish(office, edition="2")
    await publish(office, tool="bylaws")
    assert await beside(office, case) == [("bylaws", "1"), ("research_guide", "2")]


async def test_tools_are_found_by_a_word_of_their_title_or_text(office: Office) -> None:
    case = await office.begin()
    await publish(office, text="زيارة منزلية")
    await publish(office, edition="2", text="مقابلة 100%")
    assert await beside(office, case, "مقابلة") == [("research_guide", "2")]
    assert await beside(office, case, "البحث") == [("research_guide", "2")]
    assert await beside(office, case, "زيارة") == []
    assert await beside(office, case, "100%25") == [("research_guide", "2")]
    assert await beside(office, case, "1%250") == []


async def test_consulting_a_tool_stands_in_the_case_and_moves_nothing(office: Office) -> None:
    case = await office.walk(to=CaseStatus.REFERRED)
    await publish(office)
    shown = await office.step(case, "tools/research_guide/consultation")
    assert shown["text"] == EDITION["text"]
    (told,) = await office.desk.told(ToolConsulted)
    assert isinstance(told, ToolConsulted)
    assert (told.tool, told.edition) == ("research_guide", "1")
    assert (await office.now(case))["status"] == "referred"


async def test_a_tool_that_no_edition_put_in_force_is_not_consulted(office: Office) -> None:
    case = await office.begin()
    await office.refuse_step(
        case, "tools/bylaws/consultation", status=409, code="tool_not_in_force", clause="tool.bylaws"
    )


@pytest.mark.parametrize(
    ("association", "tool"),
    [
        (KHARJ, "research_guide"),
        (KHARJ, "support_guide"),
        (ASSOCIATION, "outreach_call"),
        (ASSOCIATION, "social_contact"),
    ],
)
async def test_a_tool_that_the_policy_lacks_is_neither_published_nor_consulted(
    intake: Desk, association: str, tool: str
) -> None:
    office = Office(intake, association=association)
    expected = {"status": 422, "code": "tool_not_adopted", "field": "tool", "clause": f"tool.{tool}"}
    await refuse_edition(office, tool, **expected)
    await office.refuse_step(await office.begin(), f"tools/{tool}/consultation", **expected)


async def test_an_edition_is_published_once(office: Office) -> None:
    await publish(office)
    await refuse_edition(office, "research_guide", status=409, code="edition_taken", field="edition")


async def test_only_the_administrator_publishes(office: Office) -> None:
    await refuse_edition(office, "bylaws", status=403, code="not_allowed", role=Role.INTAKE_OFFICER)


async def test_a_tool_that_does_not_exist_is_malformed(office: Office) -> None:
    await refuse_edition(office, "crystal_ball", status=422, code="malformed", field="tool")


async def test_one_associations_tools_do_not_lie_beside_anothers_requests(office: Office, kharj: Office) -> None:
    await publish(office, tool="bylaws")
    assert await beside(kharj, await kharj.begin()) == []


async def circulate(office: Office) -> dict[str, Any]:
    answer = await office.post("/api/v1/policy/circulations", CIRCULATION, **ADMINISTRATOR)
    circulation: dict[str, Any] = answer.json()
    return circulation


async def acknowledge(office: Office, circulation: dict[str, Any], **who: Any) -> int:
    path = f"/api/v1/policy/circulations/{circulation['id']}/acknowledgement"
    return (await office.post(path, **who)).status_code


async def test_a_circulation_is_acknowledged_once_however_often_it_is_said(office: Office) -> None:
    circulation = await circulate(office)
    for _ in range(2):
        assert await acknowledge(office, circulation, person="officer-1") == 204
    assert await acknowledge(office, circulation, person="officer-2", role=Role.QUALITY_OFFICER) == 204
    assert len(await office.desk.told(PolicyCirculated)) == 1
    told = await office.desk.told(PolicyAcknowledged)
    assert [event.person_id for event in told if isinstance(event, PolicyAcknowledged)] == ["officer-1", "officer-2"]


async def test_an_edition_of_the_policy_goes_round_once(office: Office, kharj: Office) -> None:
    await circulate(office)
    await circulate(kharj)
    await refused(
        office.desk,
        "POST",
        "/api/v1/policy/circulations",
        body=CIRCULATION,
        status=409,
        code="edition_taken",
        field="edition",
        **(office.who | ADMINISTRATOR),
    )


async def test_another_associations_circulation_is_not_found(office: Office, kharj: Office) -> None:
    circulation = await circulate(office)
    path = f"/api/v1/policy/circulations/{circulation['id']}/acknowledgement"
    await refused(office.desk, "POST", path, status=404, code="circulation_not_found", **kharj.who)


async def test_everybody_reads_the_policy_of_his_own_association(office: Office, kharj: Office) -> None:
    assert (await office.get("/api/v1/policy", role=Role.COMMITTEE_MEMBER))["id"] == "jamoum-orphans"
    assert (await kharj.get("/api/v1/policy", role=Role.AUDITOR))["id"] == "kharj-dawah"
