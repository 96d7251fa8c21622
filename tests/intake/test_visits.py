"""A request taken at a door without a network, when it arrives: whose file it is, what differs, what he waited for."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select

from services.intake.domain.case import Case
from services.intake.domain.contacts import FirstContact
from services.intake.domain.people import Beneficiary
from shared.language.events import CaseReceived
from shared.language.roles import Role
from shared.plumbing.audit.tables import entries
from shared.plumbing.scope import EVERYTHING
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.office import NAME, NATIONAL_ID, Office
from tests.intake.register.desk import PEOPLE, register
from tests.intake.rows import multiply
from tests.intake.test_contacts import reach

SERVICE = next(one for one in pack_of(ASSOCIATION).services if len(one.documents) > 1)
PAPER = SERVICE.documents[0].kind
AT = f"/desk/day/{SERVICE.id}"


def written(desk: Desk, **changes: str) -> dict[str, str]:
    """What a device hands in, two hours after the visit."""
    day, then = desk.clock.now().date(), desk.clock.now() - timedelta(hours=2)
    asked = {f"form.{field.id}": "٤" if field.kind == "integer" else "حاجة" for field in SERVICE.form}
    return {
        "applicant.national_id": NATIONAL_ID,
        "applicant.name": NAME,
        "applicant.mobile": "0555000111",
        "place": "حي الصفا",
        "started_at": "2026-11-22T09:30",
        "ended_at": "2026-11-22T10:00",
        "questions": "٣",
        "device_time": then.isoformat(),
        f"paper.{PAPER}.pictures": "1",
        f"paper.{PAPER}.issued_on_day": str(day.day),
        f"paper.{PAPER}.issued_on_month": str(day.month),
        f"paper.{PAPER}.issued_on_year": str(day.year),
        **asked,
        **changes,
    }


async def send(desk: Desk, fields: dict[str, str], *, key: str = "key-1", branch: str = "hada_sham") -> httpx.Response:
    return await desk.client.post(
        AT,
        content=urlencode(fields),
        headers={
            "Authorization": f"Bearer {desk.token(Role.DELEGATE, branch=branch)}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/problem+json",
            "Accept-Language": "en",
            "Idempotency-Key": key,
        },
    )


async def count(desk: Desk, table: Any) -> int:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return int(await (await session.connection()).scalar(select(func.count()).select_from(table)) or 0)


async def name_on_file(desk: Desk) -> str | None:
    office = Office(desk)
    cases = await office.get("/api/v1/cases")
    name: str = (await office.get(f"/api/v1/cases/{cases['items'][-1]['id']}/applicant"))["name"]
    return name


async def test_it_is_handed_in_whole_with_the_times_of_the_device_and_says_where_its_pictures_go(intake: Desk) -> None:
    answer = await send(intake, written(intake))
    assert answer.status_code == 201, answer.text
    place = answer.json()["pictures"][f"paper.{PAPER}.picture"]
    assert place["to"].endswith("/file")
    assert place["page"].startswith(answer.json()["here"])
    (received,) = await intake.told(CaseReceived)
    assert isinstance(received, CaseReceived)
    assert received.reception is not None
    assert received.reception.ended_at - received.reception.started_at == timedelta(minutes=30)
    assert received.reception.started_at.isoformat() == "2026-11-22T06:30:00+00:00"
    assert received.reception.questions_answered == 3
    office = Office(intake, role=Role.DELEGATE, branch="hada_sham")
    came = await office.get(f"/api/v1/cases/{received.case_id}/arrival")
    assert came["said"]["arrival"]["device_at"] == "2026-11-22T07:00:00Z"


async def test_sent_again_with_its_key_it_is_answered_the_same_and_nothing_is_done(intake: Desk) -> None:
    fields = written(intake)
    first, second = await send(intake, fields), await send(intake, fields)
    assert first.json() == second.json()
    assert await count(intake, Case) == 1


async def test_a_file_opened_without_a_search_says_so_in_the_trail(intake: Desk) -> None:
    assert (await send(intake, written(intake))).status_code == 201
    async with intake.runtime.database.read(scope=EVERYTHING) as session:
        rows = (await (await session.connection()).execute(select(entries))).mappings().all()
    assert [row["act"] for row in rows].count("open_unsearched") == 1


async def test_two_delegates_who_register_one_person_without_a_network_have_one_file(intake: Desk) -> None:
    assert (await send(intake, written(intake))).status_code == 201
    again = await send(intake, written(intake, **{"applicant.name": "نوره الحربي"}), key="key-2")
    assert again.status_code == 201, "another spelling of the same name is no other value"
    elsewhere = await send(
        intake, written(intake, **{"applicant.name": "نورة العتيبي"}), key="key-3", branch="ayn_shams"
    )
    assert elsewhere.status_code == 201
    assert (await count(intake, Case), await count(intake, Beneficiary)) == (3, 1)
    assert await name_on_file(intake) == NAME, "what another branch has on file is not changed from afar"


async def test_a_file_that_says_otherwise_is_not_changed_before_somebody_chose(intake: Desk) -> None:
    await send(intake, written(intake))
    other = {"applicant.name": "نورة العتيبي", "applicant.mobile": "0555000222"}
    refused = await send(intake, written(intake, **other), key="key-2")
    assert refused.status_code == 409
    for shown in (NAME, "نورة العتيبي", "+9665••••111", "+966555000222", "in his file", "as you wrote it"):
        assert shown in refused.text
    assert "0555000111" not in refused.text
    assert "+966555000111" not in refused.text
    assert (await count(intake, Case), await name_on_file(intake)) == (1, NAME)


async def test_what_was_chosen_counts_for_the_value_that_was_seen_and_for_no_later_one(intake: Desk) -> None:
    await send(intake, written(intake))
    other = {"applicant.name": "نورة العتيبي"}
    refused = await send(intake, written(intake, **other), key="key-2")
    seen = refused.text.partition('name="seen.name" value="')[2].partition('"')[0]
    choice = {"settle.name": "typed", "seen.name": seen}
    # Meanwhile somebody else corrects the same name.
    office = Office(intake)
    met = await register(office, NATIONAL_ID, "نورة السلمي")
    taking = f"{PEOPLE}/{met['person']['id']}/registrations/{met['registration_id']}/taking"
    await office.post(taking, {"fields": ["name"], "reason": "رأيت هويتها"})
    late = await send(intake, written(intake, **other, **choice), key="key-3")
    assert late.status_code == 409
    assert "نورة السلمي" in late.text
    seen = late.text.partition('name="seen.name" value="')[2].partition('"')[0]
    done = await send(intake, written(intake, **other, **(choice | {"seen.name": seen})), key="key-4")
    assert done.status_code == 201
    assert await name_on_file(intake) == "نورة العتيبي"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applicant.national_id": "1000000009"}, "applicant.national_id"),
        ({"applicant.name": ""}, "applicant.name"),
        ({"applicant.name": "نورة 😀"}, "applicant.name"),
        ({"place": ""}, "place"),
        ({"ended_at": "2026-11-22T09:30"}, "ended_at"),
        ({"started_at": ""}, "started_at"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"started_at": "2026-11-21T09:30"}, "ended_at"),
        (dict.fromkeys((f"paper.{PAPER}.issued_on_{part}" for part in ("day", "month", "year")), ""),
         f"paper.{PAPER}.issued_on"),
        ({f"paper.{PAPER}.issued_on_year": "2027"}, f"paper.{PAPER}.issued_on"),
        ({f"paper.{PAPER}.expires_on_day": "1", f"paper.{PAPER}.expires_on_month": "1",
          f"paper.{PAPER}.expires_on_year": "2026"}, f"paper.{PAPER}.expires_on"),
        ({"form.need": ""}, "form.need"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    intake: Desk, changes: dict[str, str], field: str
) -> None:
    answer = await send(intake, written(intake, **changes))
    assert answer.status_code in {409, 422}
    assert f'href="#f-{field}"' in answer.text
    assert (await count(intake, Case), await count(intake, Beneficiary)) == (0, 0)


async def test_a_device_whose_clock_is_wrong_is_told_so(intake: Desk) -> None:
    ahead = (intake.clock.now() + timedelta(hours=1)).isoformat()
    assert (await send(intake, written(intake, device_time=ahead))).status_code == 422
    assert await count(intake, Case) == 0


async def test_who_keeps_cases_sees_whom_to_visit_and_what_is_missing_with_numbers_masked(intake: Desk) -> None:
    delegate = Office(intake, role=Role.DELEGATE, branch="hada_sham", person="huda")
    case = await delegate.begin(service_id=SERVICE.id)
    await delegate.step(case, "reception", {})
    await delegate.step(case, "check", {})
    other = Office(intake, role=Role.DELEGATE, branch="hada_sham", person="saad")
    for office, sees in ((delegate, True), (other, False)):
        answer = await intake.call("GET", "/desk/visits", **office.who, headers={"Accept": "text/html"})
        assert (case["reference"] in answer.text) is sees
    shown = (await intake.call("GET", "/desk/visits", **delegate.who)).text
    for words in (NAME, SERVICE.documents[0].name.ar, "+9665••••111"):
        assert words in shown
    assert "555000111" not in shown


async def test_whoever_was_promised_a_call_today_is_on_some_page_of_the_visits_once(intake: Desk) -> None:
    delegate = Office(intake, role=Role.DELEGATE, branch="hada_sham", person="huda")
    at = intake.clock.now()
    contact = await reach(delegate)
    multiply(
        intake,
        "first_contacts",
        times=119,
        id="substr(one.id, 1, 20) || printf('%016d', n)",
        call_back_at=f"CASE WHEN n < 110 THEN '{at:%Y-%m-%d %H:%M:%S.%f}' ELSE '2027-01-01 00:00:00.000000' END",
    )
    async with intake.runtime.database.write(scope=EVERYTHING) as session:
        row = await session.get_one(FirstContact, contact["id"])
        row.call_back_at = at
    address, found = "", list[str]()
    for calls in (50, 50, 10):
        page = (await intake.call("GET", f"/desk/visits{address}", **delegate.who)).text
        shown = re.findall(r'href="/desk/contacts/([^"]+)"', page)
        assert len(shown) == calls
        found += shown
        address = (re.findall(r'href="(\?calls_after=[^"&]+)"', page) or [""])[0]
    assert (len(set(found)), address) == (110, "")


async def test_a_page_that_a_device_keeps_names_nobody(intake: Desk) -> None:
    delegate = Office(intake, role=Role.DELEGATE, branch="hada_sham", person="huda")
    case = await delegate.begin(service_id=SERVICE.id)
    for path in ("/desk/day", AT):
        answer = await intake.call("GET", path, **delegate.who)
        assert answer.headers["athar-keep"] == "device"
        for word in (NAME, case["reference"], "huda"):
            assert word not in answer.text
    assert "athar-keep" not in (await intake.call("GET", "/desk/visits", **delegate.who)).headers
    refused = await send(intake, written(intake, place=""))
    assert "athar-keep" not in refused.headers, "with what was typed in it, it is no empty page"


async def test_what_a_device_kept_for_somebody_else_is_not_taken_in_his_name(intake: Desk) -> None:
    headers = {"Authorization": f"Bearer {intake.token(Role.DELEGATE, branch='hada_sham')}", "Athar-Owner": "another"}
    answer = await intake.client.post(AT, content=urlencode(written(intake)), headers=headers)
    assert answer.status_code == 401
    assert await count(intake, Case) == 0
