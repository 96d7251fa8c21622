"""A person asks from the website: he is told from a machine without a third party, and loses nothing that he typed."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.intake.domain.website import OLDEST, QUICKEST
from services.intake.pages.public.ask import TRAP
from shared.language.clauses import Channel
from shared.language.events import CaseReceived
from tests.harness.desk import Desk
from tests.intake.office import NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.visitor import Visitor

PERSON = {"name": "منيرة بنت خالد", "national_id": NATIONAL_ID, "mobile": "٠٥٥٥٠٠٠٢٢٢", "email": ""}
ANSWERS = {"form_need": "كفالة ليتيمين", "form_household_size": "٤", "form_orphans_under_18": "2"}
TYPED = PERSON | ANSWERS
READING = QUICKEST + timedelta(seconds=20)


@pytest.fixture
def visitor(intake: Desk) -> Visitor:
    return Visitor(intake)


def path_of(office: Office) -> str:
    return f"/ask/{office.pack.id}/{office.service.id}"


async def fill(office: Office, visitor: Visitor, *, after: timedelta = READING, **changes: str) -> httpx.Response:
    page = await visitor.open(path_of(office))
    assert page.status_code == 200, page.text
    office.desk.clock.forward(after)
    return await visitor.send(page, path_of(office), **(TYPED | changes))


async def received(desk: Desk) -> list[CaseReceived]:
    return [event for event in await desk.told(CaseReceived) if isinstance(event, CaseReceived)]


def keeps(page: httpx.Response, **typed: str) -> bool:
    return all(value in page.text for value in typed.values())


async def test_he_finds_the_form_of_a_service(office: Office, visitor: Visitor) -> None:
    """`channel.website`."""
    first = await visitor.open("/ask")
    assert office.pack.association.name.ar in first.text
    second = await visitor.open(f"/ask/{office.pack.id}")
    assert path_of(office) in second.text
    page = await visitor.open(path_of(office))
    assert all(field.name.ar in page.text for field in office.service.form)
    assert "سنتصل بك" in page.text
    assert not re.search(r'(src|href|action)="https?://', page.text), "no third party"


async def test_what_he_sends_is_the_same_request_in_the_end(office: Office, visitor: Visitor) -> None:
    """`channel.website`, `goal.electronic`, `goal.from_where_he_is`."""
    step = await fill(office, visitor)
    assert (step.status_code, step.headers["location"]) == (303, "/ask/sent"), step.text
    (event,) = await received(office.desk)
    assert (event.channel, event.reception) == (Channel.WEBSITE, None)
    assert Channel.WEBSITE.clause in event.evidence()
    page = await visitor.open("/ask/sent")
    assert event.reference in page.text
    assert "سنتصل بك" in page.text, "nobody has seen him"
    case: dict[str, Any] = await office.get(f"/api/v1/cases/{event.case_id}")
    assert (case["status"], case["branch_id"]) == ("received", office.pack.head_office.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "ن"),
        ("national_id", "1000000009"),
        ("national_id", "12"),
        ("mobile", "0112345678"),
        ("email", "nowhere"),
        ("form_household_size", "أربعة"),
        ("form_need", " "),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_all_else_stays(
    office: Office, visitor: Visitor, field: str, value: str
) -> None:
    """`eligibility.form`."""
    page = await fill(office, visitor, **{field: value})
    assert page.status_code == 422
    assert f'id="e-{field}"' in page.text
    assert keeps(page, **{name: typed for name, typed in TYPED.items() if name != field})
    assert await received(office.desk) == []
    again = await visitor.send(page, path_of(office), **TYPED)
    assert again.status_code == 303, "the corrected page goes through"


async def test_nobody_is_quicker_than_a_person(office: Office, visitor: Visitor) -> None:
    page = await fill(office, visitor, after=timedelta(seconds=1))
    assert page.status_code == 422
    assert keeps(page, **TYPED)
    assert await received(office.desk) == []
    office.desk.clock.forward(READING)
    assert (await visitor.send(page, path_of(office), **TYPED)).status_code == 303, "a person looks again, and sends"


async def test_a_page_that_lay_open_for_more_than_a_day_is_begun_anew_with_all_that_was_typed(
    office: Office, visitor: Visitor
) -> None:
    page = await fill(office, visitor, after=OLDEST + timedelta(minutes=1))
    assert page.status_code == 422
    assert keeps(page, **TYPED)
    office.desk.clock.forward(READING)
    assert (await visitor.send(page, path_of(office), **TYPED)).status_code == 303


async def test_what_fills_in_every_field_is_held_and_a_person_gets_by(office: Office, visitor: Visitor) -> None:
    page = await fill(office, visitor, **{TRAP: "https://spam.example"})
    assert page.status_code == 422
    assert keeps(page, **TYPED)
    assert "spam.example" not in page.text
    assert await received(office.desk) == []
    assert (await visitor.send(page, path_of(office), **TYPED)).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "1.2.3", "9999999999.a.b"])
async def test_a_page_that_we_did_not_give_out_sends_nothing(office: Office, visitor: Visitor, token: str) -> None:
    page = await fill(office, visitor, page=token)
    assert page.status_code == 422
    assert await received(office.desk) == []


async def test_a_page_of_one_service_sends_no_other(office: Office, visitor: Visitor) -> None:
    other = office.pack.services[1]
    page = await visitor.open(f"/ask/{office.pack.id}/{other.id}")
    token = re.search(r'name="page" value="([^"]+)"', page.text)
    assert token is not None
    assert (await fill(office, visitor, page=token.group(1))).status_code == 422


async def test_a_double_click_is_one_request(office: Office, visitor: Visitor) -> None:
    page = await visitor.open(path_of(office))
    office.desk.clock.forward(READING)
    answers = await asyncio.gather(*(visitor.send(page, path_of(office), **TYPED) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await received(office.desk)) == 1


async def test_the_same_page_with_another_childs_words_is_another_request(office: Office, visitor: Visitor) -> None:
    page = await visitor.open(path_of(office))
    office.desk.clock.forward(READING)
    for typed in (TYPED, TYPED | {"national_id": OTHER_NATIONAL_ID, "name": "سارة بنت خالد"}):
        assert (await visitor.send(page, path_of(office), **typed)).status_code == 303
    assert len({one.reference for one in await received(office.desk)}) == 2


async def test_a_name_that_nobody_can_write_is_said_beside_its_field(office: Office, visitor: Visitor) -> None:
    again = await fill(office, visitor, name="منيرة 😀 خالد")
    assert again.status_code == 422
    assert keeps(again, need=ANSWERS["form_need"], name="منيرة 😀 خالد")
    assert await received(office.desk) == []


async def test_a_page_of_another_site_sends_nothing_and_loses_nothing(office: Office, visitor: Visitor) -> None:
    await visitor.open(path_of(office))
    sent = await visitor.client.post(f"https://athar.test{path_of(office)}", data=TYPED | {"form_token": "x"})
    assert sent.status_code == 403
    assert keeps(sent, **TYPED)
    assert await received(office.desk) == []


async def test_what_an_unseen_person_says_of_a_known_one_changes_nothing(office: Office, visitor: Visitor) -> None:
    case = await office.begin()
    before = await office.get(f"/api/v1/cases/{case['id']}/applicant")
    assert (await fill(office, visitor)).status_code == 303
    assert await office.get(f"/api/v1/cases/{case['id']}/applicant") == before


async def test_an_unknown_service_is_not_there(office: Office, visitor: Visitor) -> None:
    for path in (f"/ask/{office.pack.id}/nothing", "/ask/nobody", "/ask/nobody/nothing"):
        assert (await visitor.open(path)).status_code in {403, 404, 422}
