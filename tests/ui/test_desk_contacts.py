"""First contacts, letters and common answers in a real browser: taken without a script, and for everyone once taken."""

import pytest
from playwright.sync_api import Browser, expect

from tests.intake.office import NAME
from tests.ui.conftest import Site
from tests.ui.test_desk import DESK, is_for_everyone, sit, type_day

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LONG = "https://x.example/" + "made_up" * 30


def test_a_contact_and_a_letter_are_taken_without_a_script_and_shown_on_every_width(
    browser: Browser, site: Site
) -> None:
    context = sit(browser, site, scripts=False)
    page = context.new_page()
    page.goto(f"{DESK}/contacts/new?lang=ar")
    page.locator('a[href$="channel=social"]').click()
    page.get_by_label("اسم من يحتاج المساعدة").fill(NAME)
    page.get_by_role("button", name="حفظ التواصل").click()
    expect(page.get_by_role("alert")).to_contain_text("املأ حقل «الحساب»")
    page.get_by_label("المنصة").select_option("x")
    page.get_by_label("الحساب").fill("@made_up")
    page.get_by_label("رابط ما كُتب").fill(LONG)
    page.get_by_role("button", name="حفظ التواصل").click()
    expect(page.locator("main")).to_contain_text("حُفظ التواصل")
    contact = page.url.partition("?")[0].removeprefix(site.address)

    page.goto(f"{DESK}/letters/new")
    page.get_by_label("رقم الخطاب لدى مرسله").fill("44/1203")
    type_day(page, "تاريخ الخطاب")
    page.get_by_label("موضوع الخطاب").fill("طلب إعانة لأسرة " * 6)
    page.get_by_label("الجهة المرسِلة أو المرسَل إليها").fill("مركز حي هدى الشام")
    page.get_by_role("button", name="قيد الخطاب").click()
    expect(page.locator("main")).to_contain_text("قُيّد الخطاب في السجل")

    page.goto(f"{DESK}/guide/new")
    page.get_by_label("ما يسأل عنه كثيرون").fill("هل يلزم عقد إيجار موثق؟")
    page.get_by_label("الجواب للجميع").fill("لا يلزم؛ يكفي إثبات العنوان الوطني.")
    page.get_by_role("button", name="اقتراح الجواب").click()
    expect(page.locator("main")).to_contain_text("ينتظر قارئًا ثانيًا")
    context.close()

    context = sit(browser, site, scripts=True)
    page = context.new_page()
    for path in (contact, f"{DESK}/contacts", f"{DESK}/letters", f"{DESK}/guide"):
        page.goto(f"{path}?lang=ar")
        is_for_everyone(page, told=path)
    page.goto(f"{DESK}/contacts/new?channel=interview&lang=ar")
    page.get_by_role("button", name="حفظ التواصل").click()
    expect(page.get_by_role("alert")).to_be_focused()
    is_for_everyone(page, told="the form again")
    context.close()
