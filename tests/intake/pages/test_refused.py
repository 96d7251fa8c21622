"""A refused form: everything typed is there again, the summary leads to each field, and nothing was written."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.errors import TooManyRequests
from shared.language.roles import Role
from shared.plumbing.vault import VAULT
from tests.audit.book import kept
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, on, value_of, words_of

NEW = "/desk/new/applicant"


def typed(office: Office, **changes: Any) -> dict[str, Any]:
    return {
        "applicant.national_id": NATIONAL_ID,
        "applicant.name": NAME,
        "applicant.mobile": "0555000111",
        "channel": "phone",
        "service_id": office.service.id,
        **changes,
    }


def answers(office: Office, **changes: Any) -> dict[str, Any]:
    sample = {"text": "حاجة", "integer": "4", "boolean": "yes"}
    filled = {f"form.{field.id}": sample[field.kind] for field in office.service.form}
    return typed(office) | filled | changes


def carried_by(page: httpx.Response) -> dict[str, str]:
    """What the page of a refusal sends again."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main_of(page))
    return {name: unescape(value) for name, value in hidden}


class OneTooMany:
    """A pace that whoever comes has used up."""

    async def admit_address(self, *_: Any, **__: Any) -> None: ...

    async def admit_person(self, *_: Any) -> None:
        raise TooManyRequests(seconds=7)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"applicant.national_id": "1000000009"}, ["applicant.national_id"]),
        ({"applicant.name": ""}, ["applicant.name"]),
        ({"applicant.name": "ن" * 300}, ["applicant.name"]),
        ({"applicant.mobile": "0123"}, ["applicant.mobile"]),
        ({"applicant.email": "noura"}, ["applicant.email"]),
        ({"channel": ""}, ["channel"]),
        ({"channel": "pigeon"}, ["channel"]),
        ({"service_id": "moon"}, ["service_id"]),
        ({"branch_id": "moon"}, ["branch_id"]),
        ({"applicant.name": "", "channel": ""}, ["applicant.name", "channel"]),
    ],
)
async def test_a_wrong_word_about_the_applicant_is_told_at_its_field_and_the_rest_is_kept(
    office: Office, pages: Pages, changes: dict[str, str], fields: list[str]
) -> None:
    before = everything_written(office.desk)
    page = await pages.post(NEW, typed(office, **changes))
    assert page.status_code == 422, page.text
    assert errors_of(page) == fields
    assert main_of(page).index('role="alert"') < main_of(page).index("<form")
    assert "<title>خطأ:" in page.text
    for name, value in typed(office, **changes).items():
        if name.startswith("applicant."):
            assert value_of(page, name) == value
    assert everything_written(office.desk) == before


async def test_an_emoji_and_markup_in_a_name_are_shown_as_they_were_typed(office: Office, pages: Pages) -> None:
    name = "نورة 🌴 <script>alert(1)</script>"
    page = await pages.post(NEW, typed(office, **{"applicant.name": name, "channel": ""}))
    assert value_of(page, "applicant.name") == name
    assert "<script>alert" not in page.text


async def test_a_form_of_the_service_tells_all_that_it_lacks_at_once(office: Office, pages: Pages) -> None:
    """`eligibility.form`."""
    before = everything_written(office.desk)
    page = await pages.post("/desk/new", answers(office, **{"form.need": "", "form.household_size": "كثير"}))
    assert page.status_code == 422
    assert errors_of(page) == ["form.need", "form.household_size"]
    assert value_of(page, "form.household_size") == "كثير"
    assert value_of(page, "applicant.name") == NAME, "what was said before goes along"
    assert everything_written(office.desk) == before


async def test_the_way_back_keeps_what_was_typed(office: Office, pages: Pages) -> None:
    page = await pages.post("/desk/new", answers(office, step="back"))
    assert page.status_code == 200
    assert value_of(page, "applicant.national_id") == NATIONAL_ID
    assert f'value="{office.service.id}" selected' in main_of(page)


async def test_the_head_of_a_long_form_goes_no_further_than_the_api_lets_it(office: Office, pages: Pages) -> None:
    page = await pages.post("/desk/new", answers(office, **{"form.need": "ح" * 4001}))
    assert errors_of(page) == ["form.need"]


@pytest.mark.parametrize(
    ("typed_day", "status"),
    [
        ({"issued_on_day": "32", "issued_on_month": "1", "issued_on_year": "2026"}, 422),
        ({}, 422),
        (on("issued_on", date(2030, 1, 1)), 422),
    ],
)
async def test_a_day_that_is_none_or_has_not_come_is_told_at_its_field(
    office: Office, pages: Pages, typed_day: dict[str, str], status: int
) -> None:
    case = await office.begin()
    page = await pages.post(f"/desk/cases/{case['id']}/documents", {"kind": "national_id", "number": "٧", **typed_day})
    assert page.status_code == status
    assert errors_of(page) == ["issued_on"]
    assert value_of(page, "number") == "٧"
    for name, value in typed_day.items():
        assert value_of(page, name) == value


async def test_a_paper_that_has_run_out_is_refused_at_the_day_that_it_ends(office: Office, pages: Pages) -> None:
    """`step.completeness`."""
    case = await office.begin()
    long_ago = riyadh_day(office.desk.clock.now()) - timedelta(days=900)
    sent = {"kind": "national_id", **on("issued_on", long_ago), **on("expires_on", long_ago + timedelta(days=30))}
    page = await pages.post(f"/desk/cases/{case['id']}/documents", sent)
    assert page.status_code == 422
    assert errors_of(page) == ["expires_on"]


async def test_a_step_out_of_its_order_is_refused_in_words_and_takes_all_back(office: Office, pages: Pages) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    before = everything_written(office.desk)
    page = await pages.post(f"/desk/cases/{case['id']}/referral")
    assert page.status_code == 409
    assert 'role="alert"' in main_of(page)
    assert "لا يتاح هذا للطلب في حالته الآن" in words_of(page)
    assert everything_written(office.desk) == before


async def test_a_paper_that_ran_out_after_the_signature_stops_the_way_up_and_the_request_stays(
    office: Office, pages: Pages
) -> None:
    case = await office.walk(to=CaseStatus.ATTESTED)
    office.desk.clock.forward(timedelta(days=500))
    page = await pages.post(f"/desk/cases/{case['id']}/referral")
    assert page.status_code == 422, page.text
    assert (await office.now(case))["status"] == "attested"
    assert (await office.now(case))["referred_at"] is None, "the referral was begun before it was refused"


async def test_a_page_shown_again_is_a_look_that_the_trail_keeps(office: Office, pages: Pages) -> None:
    case = await office.begin()
    await pages.post(f"/desk/cases/{case['id']}/documents", {"kind": "national_id"})
    *_, last = await kept(office.desk.runtime.database)
    assert (last.kind, last.case_id, last.status) == ("looked", case["id"], 422)


@pytest.mark.parametrize("path", ["", "/documents", "/reception", "/attestation", "/applicant", "/withdrawal"])
async def test_a_case_of_another_branch_is_not_there_whatever_is_sent(office: Office, pages: Pages, path: str) -> None:
    case = await office.begin(branch_id="hada_sham")
    stranger = {"role": Role.DELEGATE, "branch": "ayn_shams"}
    for address in (f"/desk/cases/{case['id']}{path}", f"/desk/cases/nowhere{path}"):
        answers = [await pages.get(address, **stranger)]
        if path:
            answers.append(await pages.post(address, **stranger))
        for answer in answers:
            assert answer.status_code == 404, address
            assert case["reference"] not in answer.text
            assert NAME not in answer.text


async def test_what_a_part_that_is_down_refused_is_sent_again_as_it_was(
    office: Office, pages: Pages, tmp_path: Path
) -> None:
    search = value_of(await pages.post(NEW, typed(office)), "search")
    sent = answers(office, search=search)
    VAULT.close()
    VAULT._stock.clear()
    (tmp_path / "vault.db").rename(tmp_path / "elsewhere.db")
    refused = await pages.post("/desk/new", sent)
    assert refused.status_code == 503
    VAULT.close()
    (tmp_path / "elsewhere.db").rename(tmp_path / "vault.db")
    carried = carried_by(refused)
    assert carried.items() >= sent.items()
    assert (await pages.post("/desk/new", carried)).status_code == 303


async def test_what_was_typed_too_fast_is_sent_again_as_it_was(office: Office, pages: Pages) -> None:
    sent = answers(office, search=value_of(await pages.post(NEW, typed(office)), "search"))
    office.desk.runtime.limiter = OneTooMany()  # type: ignore[assignment]
    refused = await pages.post("/desk/new", sent)
    assert refused.status_code == 429
    office.desk.runtime.limiter = None
    carried = carried_by(refused)
    assert carried.items() >= sent.items()
    assert (await pages.post("/desk/new", carried)).status_code == 303
