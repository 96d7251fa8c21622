"""After acceptance by pages (`step.delivery`): planned, handed over in parts, to whoever may take it, and shown."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from services.intake.domain.deliveries import TRIES
from services.intake.main import INTAKE
from services.intake.seats import READERS
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import DeliveryCodeMade
from shared.language.roles import Role
from shared.plumbing.seal import unseal
from tests.contracts.problem import everything_written
from tests.edge.file_desk import FORM, form
from tests.edge.papers import image
from tests.harness.desk import Desk, open_desk
from tests.intake.office import NAME, OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, on, value_of, words_of

NEAR = {"role": Role.DELEGATE, "branch": "hada_sham"}


@pytest.fixture
async def intake(migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """The desk with a folder for files."""
    copy(migrated_intake, tmp_path)
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(tmp_path / "files"))
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield desk


@pytest.fixture
async def case(office: Office) -> dict[str, Any]:
    return await Office(office.desk, **NEAR).walk(to=CaseStatus.REGISTERED)


@pytest.fixture
def here(case: dict[str, Any]) -> str:
    return f"/desk/cases/{case['id']}"


def part(office: Office, **changes: str) -> dict[str, str]:
    today = on("delivered_on", riyadh_day(office.desk.clock.now()))
    return today | {"what": "حقيبة", "completes": "no", "proof": "paper", "note": "محضر 12"} | changes


async def code_of(office: Office, pages: Pages, here: str) -> str:
    """The code that the beneficiary was sent."""
    sent = await pages.post(f"{here}/delivery-code", {}, **NEAR)
    assert sent.status_code == 303, words_of(sent)
    *_, told = await office.desk.told(DeliveryCodeMade)
    assert isinstance(told, DeliveryCodeMade)
    return unseal(told.code)


async def test_a_delivery_is_planned_stands_on_its_day_and_is_called_off(
    office: Office, pages: Pages, here: str
) -> None:
    day = riyadh_day(office.desk.clock.now()) + timedelta(days=3)
    over = await pages.post(
        f"{here}/plan", {"place": "المستودع", "what": "حقيبة", **on("planned_for", day.replace(year=2020))}, **NEAR
    )
    assert errors_of(over) == ["planned_for"]
    assert value_of(over, "place") == "المستودع"
    planned = await pages.post(f"{here}/plan", {"place": "المستودع", "what": "حقيبة", **on("planned_for", day)}, **NEAR)
    assert planned.status_code == 303, words_of(planned)
    list_ = await pages.get(f"/desk/deliveries?day={day}", **NEAR)
    assert NAME in words_of(list_)
    assert "المستودع" in words_of(list_)
    assert NAME not in words_of(await pages.get(f"/desk/deliveries?day={day}", role=Role.DELEGATE, branch="ayn_shams"))
    assert "المستودع" not in words_of(await pages.get("/desk/deliveries?day=nonsense", **NEAR))
    form_ = await pages.get(f"{here}/calling-off", **NEAR)
    plan = re.search(r'<option value="([^"]+)">', main_of(form_))
    assert plan is not None
    off = await pages.post(f"{here}/calling-off", {"plan_id": plan.group(1), "reason": "طلب موعدًا آخر"}, **NEAR)
    assert off.status_code == 303, words_of(off)
    assert "طلب موعدًا آخر" in words_of(await pages.get(here, **NEAR))


@pytest.mark.parametrize("ends", ["delivery", "withdrawal"])
async def test_what_was_delivered_or_taken_back_is_not_to_be_handed_over_again(
    office: Office, pages: Pages, here: str, ends: str
) -> None:
    today = riyadh_day(office.desk.clock.now())
    plan = {"place": "المستودع", "what": "حقيبة", **on("planned_for", today)}
    assert (await pages.post(f"{here}/plan", plan, **NEAR)).status_code == 303
    assert "المستودع" in words_of(await pages.get("/desk/deliveries", **NEAR))
    sent = {"received_by": NAME, "proof": "محضر 12", **on("delivered_on", today)} if ends == "delivery" else {}
    done = await pages.post(f"{here}/{ends}", sent, **NEAR)
    assert done.status_code == 303, words_of(done)
    assert "المستودع" not in words_of(await pages.get("/desk/deliveries", **NEAR))
    assert (await office.get("/api/v1/delivery-plans"))["items"] == []
    assert "لم يعد قائمًا" in words_of(await pages.get(here, **NEAR))


async def test_of_a_delivery_and_of_questions_a_page_shows_what_the_api_does(
    office: Office, pages: Pages, here: str, case: dict[str, Any]
) -> None:
    """A seat to which a door of the API is shut reads nothing of what lies behind it on the page of the case."""
    today = on("planned_for", riyadh_day(office.desk.clock.now()))
    collector = {"name": "خالد القحطاني", "national_id": OTHER_NATIONAL_ID, "relation": "أخ", "proof": "وكالة 77"}
    await pages.post(f"{here}/collectors", collector, **NEAR)
    await pages.post(f"{here}/plan", today | {"place": "المستودع", "what": "حقيبة"}, **NEAR)
    await pages.post(f"{here}/parts", part(office, what="بطانية"), **NEAR)
    await Office(office.desk, **NEAR).step(case, "clarifications", {"question": "هل يلزم عقد؟"})
    behind = {"deliveries": ("خالد القحطاني", "المستودع", "بطانية"), "clarifications": ("هل يلزم عقد؟",)}
    for role in READERS:
        branch = {"branch": "hada_sham"} if role in {Role.DELEGATE, Role.BRANCH_MANAGER} else {}
        page = await pages.get(here, role=role, **branch)
        assert page.status_code == 200
        for door, words in behind.items():
            api = await office.desk.call("GET", f"/api/v1/cases/{case['id']}/{door}", role=role, **branch)
            shown = [word in words_of(page) for word in words]
            assert shown == [api.status_code == 200] * len(words), (role, door)
    last = part(office, what="الأخيرة", completes="yes")
    assert (await pages.post(f"{here}/parts", last, **NEAR)).status_code == 303
    assert "محضر 12" in words_of(await pages.get(here, role=Role.AUDITOR))
    assert "محضر 12" not in words_of(await pages.get(here, role=Role.QUALITY_OFFICER))


async def test_it_is_handed_over_in_parts_and_the_last_one_delivers_the_case(
    office: Office, pages: Pages, here: str, case: dict[str, Any]
) -> None:
    one = await pages.post(f"{here}/parts", part(office), **NEAR)
    assert one.status_code == 303, words_of(one)
    page = words_of(await pages.get(here, **NEAR))
    assert "محضر 12" in page
    assert (await Office(office.desk, **NEAR).now(case))["status"] == "registered"
    last = await pages.post(f"{here}/parts", part(office, completes="yes", what="الثانية"), **NEAR)
    assert last.status_code == 303, words_of(last)
    assert (await Office(office.desk, **NEAR).now(case))["status"] == "delivered"


async def test_an_authorised_collector_takes_it_and_may_be_told_no_longer(
    office: Office, pages: Pages, here: str
) -> None:
    wrong = {"name": "سالم الحربي", "national_id": "1000000009", "relation": "أخ", "proof": "وكالة 448811"}
    refused = await pages.post(f"{here}/collectors", wrong, **NEAR)
    assert errors_of(refused) == ["national_id"]
    assert value_of(refused, "proof") == "وكالة 448811"
    noted = await pages.post(f"{here}/collectors", wrong | {"national_id": OTHER_NATIONAL_ID}, **NEAR)
    assert noted.status_code == 303, words_of(noted)
    assert OTHER_NATIONAL_ID not in (await pages.get(here, **NEAR)).text
    options = main_of(await pages.get(f"{here}/parts", **NEAR)).partition('name="collector_id"')[2]
    collector = re.search(r'<option value="([^"]+)">', options)
    assert collector is not None
    taken = await pages.post(f"{here}/parts", part(office, collector_id=collector.group(1)), **NEAR)
    assert taken.status_code == 303, words_of(taken)
    gone = await pages.post(f"{here}/collector-revocation", {"collector_id": collector.group(1)}, **NEAR)
    assert gone.status_code == 303, words_of(gone)
    late = await pages.post(f"{here}/parts", part(office, collector_id=collector.group(1)), **NEAR)
    assert errors_of(late) == ["collector_id"]
    assert value_of(late, "note") == "محضر 12"


async def test_the_code_shows_it_and_a_wrong_one_counts(office: Office, pages: Pages, here: str) -> None:
    code = await code_of(office, pages, here)
    wrong = "0000000" if code != "0000000" else "1111111"
    empty = await pages.post(f"{here}/parts", part(office, proof="code", note=""), **NEAR)
    assert errors_of(empty) == ["code"]
    for nth in range(TRIES):
        page = await pages.post(f"{here}/parts", part(office, proof="code", code=wrong, what=f"حقيبة {nth}"), **NEAR)
        assert page.status_code in {422, 409, 403}, words_of(page)
        assert errors_of(page) == ["code"]
        assert value_of(page, "what") == f"حقيبة {nth}"
    late = await pages.post(f"{here}/parts", part(office, proof="code", code=code), **NEAR)
    assert errors_of(late) == ["code"], "every try counted, so the right one comes too late"
    office.desk.clock.forward(timedelta(minutes=5))
    taken = await pages.post(
        f"{here}/parts", part(office, proof="code", code=await code_of(office, pages, here)), **NEAR
    )
    assert taken.status_code == 303, words_of(taken)


async def test_a_picture_of_the_signature_is_sent_and_shows_it(office: Office, pages: Pages, here: str) -> None:
    headers = {
        "Authorization": f"Bearer {office.desk.token(**NEAR)}",  # type: ignore[arg-type]
        "Content-Type": FORM,
        "Accept": "text/html",
    }
    sent = await office.desk.client.post(f"{here}/proof", content=form(image()), headers=headers)
    assert sent.status_code == 303, sent.text
    none = await pages.post(f"{here}/parts", part(office, proof="signature"), **NEAR)
    assert errors_of(none) == ["proof_id"]
    options = main_of(none).partition('name="proof_id"')[2]
    picture = re.search(r'<option value="([^"]+)">', options)
    assert picture is not None
    taken = await pages.post(f"{here}/parts", part(office, proof="signature", proof_id=picture.group(1)), **NEAR)
    assert taken.status_code == 303, words_of(taken)
    assert f"/delivery-proofs/{picture.group(1)}" in main_of(await pages.get(here, **NEAR))
    bad = await office.desk.client.post(f"{here}/proof", content=form(b"MZ no picture"), headers=headers)
    assert bad.status_code == 415
    assert errors_of(bad) == ["file"]


async def test_a_part_tells_all_that_it_lacks_at_once_and_writes_nothing(
    office: Office, pages: Pages, here: str
) -> None:
    before = everything_written(office.desk)
    page = await pages.post(f"{here}/parts", {"what": ""}, **NEAR)
    assert page.status_code == 422
    assert errors_of(page) == ["delivered_on", "what", "completes", "proof"]
    assert everything_written(office.desk) == before


async def test_the_parts_of_another_branchs_delivery_are_not_there(pages: Pages, here: str) -> None:
    for path in ("plan", "parts", "collectors", "delivery-code", "calling-off", "collector-revocation", "proof"):
        page = await pages.get(f"{here}/{path}", role=Role.DELEGATE, branch="ayn_shams")
        assert page.status_code == 404, path
