"""A person's file by pages: opened after a search, changed, shown in clear with a reason, and what he was given."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from services.intake.pages.desk.register.acts import FILE_ACTS
from services.intake.pages.desk.register.acts.members import STATERS
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.audit.book import kept
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, hidden_in, main_of, value_of, words_of
from tests.intake.pages.test_desk import TEMPLATES
from tests.intake.register.desk import FAR, IBAN, NEAR, register_id
from tests.intake.register.test_stated import ask_from_afar

FILES = "/desk/people"
OTHERWISE = "كُتب ما يلي على غير ما في الملف"
REGISTER = "/desk/register"


@pytest.fixture
def near(office: Office) -> Office:
    return Office(office.desk, **NEAR)


async def registered(office: Office, **who: object) -> str:
    return await register_id(office, NATIONAL_ID, NAME, mobile="0555000111", **who)


def test_every_act_on_a_file_has_its_template() -> None:
    assert [act.path for act in FILE_ACTS if not (TEMPLATES / "people" / act.template).exists()] == []
    assert {act.roles for act in FILE_ACTS} <= {STATERS, STATERS[:-1]}


async def test_a_person_is_registered_after_a_search_and_his_file_opens(pages: Pages) -> None:
    """`step.reception`."""
    form = await pages.get(f"{REGISTER}?q={NATIONAL_ID}", **NEAR)
    assert value_of(form, "national_id") == NATIONAL_ID, "what was sought is not typed twice"
    _, carried = hidden_in(form)
    typed = {"name": NAME, "mobile": "٠٥٥٥٠٠٠١١١", "iban": IBAN, "language": "ar", "marital_status": "widowed"}
    born = {"birthday_day": "12", "birthday_month": "5", "birthday_year": "1410"}
    sent = carried | typed | born | {"national_id": "١٠٠٠٠٠٠٠٠٨"}
    answer = await pages.post(REGISTER, sent, **NEAR)
    assert answer.status_code == 303, words_of(answer)
    path = answer.headers["location"].partition("?")[0]
    page = await pages.get(path + "?done=registered", **NEAR)
    assert "فُتح ملفه" in words_of(page)
    assert "أرمل" in words_of(page)
    assert "1989" in words_of(page), "of a birthday the year alone"
    for clear in (NATIONAL_ID, IBAN, "0555000111"):
        assert clear not in page.text


async def test_nobody_is_registered_unsought_and_the_search_costs_nothing_that_was_typed(
    office: Office, pages: Pages
) -> None:
    """`step.reception`."""
    before = everything_written(office.desk)
    typed = {"national_id": NATIONAL_ID, "name": NAME, "language": "ar"}
    page = await pages.post(REGISTER, typed, **NEAR)
    assert page.status_code == 409
    assert errors_of(page) == ["search"]
    assert 'id="f-search"' in main_of(page)
    assert everything_written(office.desk) == before
    page = await pages.post(REGISTER, typed | {"step": "search"}, **NEAR)
    assert page.status_code == 200
    assert value_of(page, "name") == NAME
    answer = await pages.post(REGISTER, typed | {"search": value_of(page, "search")}, **NEAR)
    assert answer.status_code == 303


async def test_a_search_pressed_again_is_made_again(office: Office, pages: Pages) -> None:
    """`step.reception`: what a search proves runs out, so its page is never given from what was kept."""
    _, carried = hidden_in(await pages.get(REGISTER, **NEAR))
    typed = carried | {"national_id": NATIONAL_ID, "name": NAME, "language": "ar"}
    await pages.post(REGISTER, typed | {"step": "search"}, **NEAR)
    office.desk.clock.forward(timedelta(minutes=40))
    page = await pages.post(REGISTER, typed | {"step": "search"}, **NEAR)
    assert (
        await pages.post(REGISTER, hidden_in(page)[1] | typed | {"search": value_of(page, "search")}, **NEAR)
    ).status_code == 303


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"national_id": "1000000009"}, ["national_id"]),
        ({"name": "نورة 🌴"}, ["name"]),
        ({"name": "ن" * 301}, ["name"]),
        ({"mobile": "0123"}, ["mobile"]),
        ({"email": "noura"}, ["email"]),
        ({"iban": "SA0380000000608010167510"}, ["iban"]),
        ({"short_address": "12"}, ["short_address"]),
        ({"birthday_day": "1", "birthday_month": "1", "birthday_year": "2090"}, ["birthday"]),
        ({"birthday_day": "x"}, ["birthday"]),
        ({"marital_status": "moon"}, ["marital_status"]),
        ({"language": "fr"}, ["language"]),
        ({"name": "", "national_id": ""}, ["national_id", "name"]),
    ],
)
async def test_a_wrong_word_about_a_person_is_told_at_its_field_and_the_rest_is_kept(
    office: Office, pages: Pages, changes: dict[str, str], fields: list[str]
) -> None:
    form = await pages.get(f"{REGISTER}?q={NATIONAL_ID}", **NEAR)
    before = everything_written(office.desk)
    sent = hidden_in(form)[1] | {"national_id": NATIONAL_ID, "name": NAME, "mobile": "", "language": "ar"} | changes
    page = await pages.post(REGISTER, sent, **NEAR)
    assert page.status_code == 422, words_of(page)
    assert errors_of(page) == fields
    for name in ("national_id", "name", "mobile"):
        assert value_of(page, name) == sent[name]
    assert everything_written(office.desk) == before


async def test_of_another_branchs_person_the_page_names_whom_to_call_and_a_reason_opens_the_file(
    near: Office, pages: Pages
) -> None:
    await registered(near)
    form = await pages.get(f"{REGISTER}?q={NATIONAL_ID}", **FAR)
    sent = hidden_in(form)[1] | {"national_id": NATIONAL_ID, "name": "شخص", "language": "ar"}
    page = await pages.post(REGISTER, sent, **FAR)
    assert page.status_code == 200
    assert near.pack.branch("hada_sham").name.ar in words_of(page)  # type: ignore[union-attr]
    assert NAME not in page.text
    answer = await pages.post(REGISTER, sent | {"here_because": "انتقلت إلى حينا"}, **FAR)
    assert answer.status_code == 303
    page = await pages.get(answer.headers["location"], **FAR)
    assert NAME in words_of(page)
    assert "كُتب ما يلي على غير ما في الملف" in words_of(page), "the name was typed otherwise"


async def test_a_file_of_another_branch_is_not_there(near: Office, pages: Pages) -> None:
    subject = await registered(near)
    paths = [f"{FILES}/{subject}", *(f"{FILES}/{subject}/{act.path}" for act in FILE_ACTS)]
    for path in [*paths, f"{FILES}/{subject}/household", f"{FILES}/{subject}/reveal", f"{FILES}/{subject}/given"]:
        page = await pages.get(path, **FAR)
        assert page.status_code == 404, path
        assert NAME not in page.text


async def test_what_somebody_typed_otherwise_is_taken_over_with_a_reason(office: Office, pages: Pages) -> None:
    subject = await registered(office)
    await register_id(office, NATIONAL_ID, NAME, mobile="0555000222")
    page = await pages.get(f"{FILES}/{subject}/typed")
    code = main_of(page).partition('name="fields" value="')[2].partition('"')[0]
    refused = await pages.post(f"{FILES}/{subject}/typed", {"fields": code, "reason": ""})
    assert errors_of(refused) == ["reason"]
    assert f'value="{code}" checked' in main_of(refused)
    taken = await pages.post(f"{FILES}/{subject}/typed", {"fields": code, "reason": "اتصلت بالرقم الجديد"})
    assert taken.status_code == 303, words_of(taken)
    assert "••••222" in words_of(await pages.get(f"{FILES}/{subject}"))


async def test_two_values_of_one_field_stand_beside_the_files_and_one_is_taken(office: Office, pages: Pages) -> None:
    subject = await registered(office)
    for mobile in ("0555000222", "0555000333"):
        await register_id(office, NATIONAL_ID, NAME, mobile=mobile)
    page = await pages.get(f"{FILES}/{subject}/typed")
    for shown in ("••••111", "••••222", "••••333"):
        assert shown in words_of(page)
    codes = re.findall(r'name="fields" value="([^"]+)"', main_of(page))
    both = await pages.post(f"{FILES}/{subject}/typed", {"fields": codes, "reason": "اتصلت بالرقم"})
    assert (both.status_code, errors_of(both)) == (422, ["fields"])
    assert "••••111" in words_of(await pages.get(f"{FILES}/{subject}"))


async def test_a_mobile_that_no_rule_lets_in_is_shown_as_it_was_typed_and_shuts_no_page(
    office: Office, pages: Pages
) -> None:
    """The public's form asks less of a mobile than the register does: none is given out from 052 on."""
    subject = await registered(office, who=NEAR)
    await ask_from_afar(office, mobile="0520123456")
    (case,) = (await office.get("/api/v1/cases"))["items"]
    assert (await pages.get(f"{FILES}/{subject}")).status_code == 200
    for path in (f"{FILES}/{subject}/typed", f"/desk/cases/{case['id']}"):
        page = await pages.get(path)
        assert (page.status_code, "••••456" in words_of(page)) == (200, True), path
    codes = re.findall(r'name="fields" value="([^"]+/mobile)"', main_of(await pages.get(f"{FILES}/{subject}/typed")))
    refused = await pages.post(f"{FILES}/{subject}/typed", {"fields": codes, "reason": "اتصلت بالرقم"})
    assert refused.status_code == 422


async def test_what_the_file_says_by_now_differs_no_longer(office: Office, pages: Pages) -> None:
    subject = await registered(office)
    for _ in range(2):
        await register_id(office, NATIONAL_ID, NAME, mobile="0555000222")
    assert OTHERWISE in words_of(await pages.get(f"{FILES}/{subject}"))
    code, _ = re.findall(r'name="fields" value="([^"]+)"', main_of(await pages.get(f"{FILES}/{subject}/typed")))
    await pages.post(f"{FILES}/{subject}/typed", {"fields": code, "reason": "اتصلت بالرقم"})
    assert OTHERWISE not in words_of(await pages.get(f"{FILES}/{subject}"))
    assert 'name="fields"' not in main_of(await pages.get(f"{FILES}/{subject}/typed"))


async def test_the_file_is_said_to_be_right_with_a_reason_and_stays_as_it_is(office: Office, pages: Pages) -> None:
    subject = await registered(office)
    await register_id(office, NATIONAL_ID, NAME, mobile="0555000222")
    code = value_of(await pages.get(f"{FILES}/{subject}/typed"), "fields")
    said = {"fields": code, "answer": "file"}
    silent = await pages.post(f"{FILES}/{subject}/typed", said)
    assert errors_of(silent) == ["reason"]
    kept_ = await pages.post(f"{FILES}/{subject}/typed", said | {"reason": "الرقم الجديد ليس له"})
    assert kept_.status_code == 303, words_of(kept_)
    page = words_of(await pages.get(f"{FILES}/{subject}"))
    assert "••••111" in page
    assert OTHERWISE not in page


async def test_particulars_are_changed_and_whoever_comes_second_sees_both(office: Office, pages: Pages) -> None:
    subject = await registered(office, iban=IBAN)
    form = await pages.get(f"{FILES}/{subject}/particulars")
    assert value_of(form, "seen") == "1"
    first = await pages.post(f"{FILES}/{subject}/particulars", {"seen": "1", "short_address": "RRRD1234"})
    assert first.status_code == 303
    late = await pages.post(f"{FILES}/{subject}/particulars", {"seen": "1", "short_address": "RRRD5678"})
    assert late.status_code == 409
    assert errors_of(late) == ["seen"]
    assert value_of(late, "short_address") == "RRRD5678", "his own"
    assert "••••34" in words_of(late), "and what stands there"
    again = await pages.post(f"{FILES}/{subject}/particulars", {"seen": "2", "short_address": "RRRD5678"})
    assert value_of(late, "seen") == "2"
    assert again.status_code == 303
    nothing = await pages.post(f"{FILES}/{subject}/particulars", {"seen": "3"})
    assert nothing.status_code == 422


async def test_numbers_are_shown_in_clear_with_a_reason_that_the_trail_keeps(office: Office, pages: Pages) -> None:
    subject = await registered(office, iban=IBAN)
    page = await pages.get(f"{FILES}/{subject}/reveal?field=iban")
    assert 'value="iban" checked' in main_of(page)
    refused = await pages.post(f"{FILES}/{subject}/reveal", {"fields": ["iban"], "reason": ""})
    assert errors_of(refused) == ["reason"]
    assert IBAN not in refused.text
    shown = await pages.post(f"{FILES}/{subject}/reveal", {"fields": ["iban"], "reason": "لتحويل الدفعة"})
    assert IBAN in shown.text
    acts = [entry.act for entry in await kept(office.desk.runtime.database)]
    assert any("reveal" in act for act in acts), acts


async def test_what_he_was_given_is_seen_by_a_branch_that_knows_him_and_of_others_little(
    office: Office, pages: Pages
) -> None:
    """`step.delivery`."""
    near = Office(office.desk, **NEAR)
    case = await near.walk(to=CaseStatus.DELIVERED)
    subject = (await near.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    own = await pages.get(f"{FILES}/{subject}/given", **NEAR)
    assert near.service.name.ar in words_of(own)
    assert case["id"] in own.text
    await Office(office.desk, **FAR).begin()
    other = await pages.get(f"{FILES}/{subject}/given", **FAR)
    assert near.service.name.ar in words_of(other)
    assert case["id"] not in other.text


async def test_the_search_leads_to_the_file_and_to_registering(office: Office, pages: Pages) -> None:
    subject = await registered(office)
    page = await pages.get(f"{FILES}?q={quote(NAME)}")
    assert f'href="/desk/people/{subject}"' in main_of(page)
    nobody = await pages.get(f"{FILES}?q={OTHER_NATIONAL_ID}")
    assert f"/desk/register?q={OTHER_NATIONAL_ID}" in main_of(nobody)


async def test_a_seat_that_seeks_and_registers_nobody_sees_the_file_and_no_act(office: Office, pages: Pages) -> None:
    subject = await registered(office)
    page = await pages.get(f"{FILES}/{subject}", role=Role.ASSOCIATION_ADMINISTRATOR)
    assert page.status_code == 200
    assert "/reveal" not in main_of(page)
    assert (await pages.get(f"{FILES}/{subject}/reveal", role=Role.ASSOCIATION_ADMINISTRATOR)).status_code == 403
