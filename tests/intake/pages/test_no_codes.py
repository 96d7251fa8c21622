"""A page of the desk says things by their names: no code of a closed list, and no day as a machine writes it."""

import re
from html import unescape
from typing import Any

import pytest

from services.intake.pages.desk.words import FACTS
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel, Tool
from shared.language.events import EVENTS, Outcome
from shared.language.events.base import CaseEvent
from shared.language.roles import Role
from tests.harness.codes import bare
from tests.intake.arrivals import arrival
from tests.intake.office import Office, hear_itself
from tests.intake.pages.clerk import Pages
from tests.intake.test_threads import FURTHER, REPLY

S = CaseStatus
NEAR = {"role": Role.DELEGATE, "branch": "hada_sham"}
ADMINISTRATOR = {"role": Role.ASSOCIATION_ADMINISTRATOR, "branch": None}
RESEARCHER = {"role": Role.SOCIAL_RESEARCHER, "branch": None}
LISTS = (
    *("", "/cases", "/contacts", "/calls", "/contacts/new", "/letters", "/letters/new", "/new/applicant"),
    *("/transfers", "/transfers?side=asked", "/caseload", "/library", "/guide", "/proposals", "/deliveries", "/visits"),
)


@pytest.fixture
def near(office: Office) -> Office:
    return Office(office.desk, **NEAR)


def read(answer: Any) -> str:
    """What somebody reads: the words between the tags, also of lists of choices."""
    return unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<body")[2].partition(">")[2]))


async def codes_on(pages: Pages, path: str, *, status: int = 200, **who: Any) -> list[str]:
    found = []
    for language in ("ar", "en"):
        answer = await pages.get(f"{path}{'&' if '?' in path else '?'}lang={language}", **(NEAR | who))
        assert answer.status_code == status, path
        found += [f"{path} ({language}): {code}" for code in bare(read(answer), language=language)]
    return found


def test_whatever_a_case_tells_has_its_words_in_its_file() -> None:
    told = {type_ for (type_, _), event in EVENTS.items() if issubclass(event, CaseEvent)}
    assert told <= set(FACTS)


async def test_a_request_says_in_words_where_it_stands_and_how_it_came(near: Office, pages: Pages) -> None:
    """`channel.interview` and the seven others: each of them in each of the first places of the way."""
    way = [S.DRAFT, S.RECEIVED, S.INCOMPLETE, S.COMPLETE, S.ATTESTED, S.REFERRED, S.DECIDED, S.ANSWERED]
    found: list[str] = []
    for channel, status in zip(Channel, way, strict=True):
        case = await near.begin(channel=channel, arrival=arrival(channel))
        await near.walk(to=status, case=case)
        contact = (await near.post("/api/v1/contacts", {"need": "سلة", "arrival": arrival(channel)})).json()
        await hear_itself(near.desk)
        found += await codes_on(pages, f"/desk/cases/{case['id']}")
        found += await codes_on(pages, f"/desk/contacts/{contact['id']}")
        found += await codes_on(pages, f"/desk/contacts/new?channel={channel}")
    for path in LISTS:
        found += await codes_on(pages, f"/desk{path}")
    assert found == []


async def test_a_file_with_all_that_can_lie_in_it_says_it_in_words(near: Office, pages: Pages) -> None:
    case = await near.begin()
    here = f"/desk/cases/{case['id']}"
    edition = {"edition": "1", "title": "دليل", "text": "نص"}
    await near.post(f"/api/v1/tools/{Tool.BYLAWS}/editions", edition, **ADMINISTRATOR)
    await near.walk(to=S.RECEIVED, case=case)
    await near.step(case, f"tools/{Tool.BYLAWS}/consultation", {})
    question = (await near.step(case, "clarifications", {"question": "لماذا؟"}))["id"]
    await near.step(case, f"clarifications/{question}/answer", {"answer": "نعم", "through": "phone"}, **RESEARCHER)
    await near.step(case, f"clarifications/{question}/questions", FURTHER)
    await near.step(case, f"clarifications/{question}/replies", REPLY, **RESEARCHER)
    await near.step(case, "applicant/reveal", {"fields": ["national_id", "mobile"], "reason": "مكالمة"})
    asked = await near.step(case, "transfers", {"to_branch": "jamoum", "reason": "انتقلت الأسرة"})
    await near.post(f"/api/v1/transfers/{asked['id']}/revocation", {"reason": "عادت"})
    for to in (S.INCOMPLETE, S.COMPLETE, S.ATTESTED, S.REFERRED, S.DECIDED, S.ANSWERED, S.REGISTERED):
        await near.advance(case, to=to, outcome=Outcome.ACCEPTED)
    plan = {"planned_for": "2026-12-06", "place": "المستودع", "what": "حقيبة"}
    await near.step(case, "delivery-plans", plan)
    collector = {"name": "سالم", "national_id": "2000000006", "relation": "أخ", "proof": "وكالة"}
    await near.step(case, "collectors", collector)
    await hear_itself(near.desk)
    acts = ("plan", "parts", "delivery", "calling-off", "collectors", "collector-revocation", "transfers", "library")
    found = await codes_on(pages, here)
    for act in acts:
        found += await codes_on(pages, f"{here}/{act}")
    found += await codes_on(pages, f"/desk/transfers/{asked['id']}")
    found += await codes_on(pages, f"{here}/tools/{Tool.BYLAWS}")
    found += await codes_on(pages, "/desk/questions", **RESEARCHER)
    found += await codes_on(pages, "/desk/deliveries?day=2026-12-06")
    assert found == []
    timeline = read(await pages.get(f"{here}?lang=ar", **NEAR)).partition("السجل الزمني")[2]
    assert "1448/06/26هـ – 2026/12/06م" in read(await pages.get(f"{here}/calling-off?lang=ar", **NEAR))
    assert "اللائحة الأساسية" in timeline
    assert "رقم الهوية أو الإقامة، الجوال" in timeline


async def test_who_may_not_open_a_page_reads_which_seats_may(pages: Pages) -> None:
    """The page of a refusal, whose codes were read by whoever was refused."""
    who = {"role": Role.QUALITY_OFFICER, "branch": None}
    assert await codes_on(pages, "/desk/letters", status=403, **who) == []
    assert "مندوب، مدير الفرع" in read(await pages.get("/desk/letters?lang=ar", **who))
