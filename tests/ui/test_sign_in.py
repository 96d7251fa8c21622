"""Signing in, in a real browser: without scripts all the way, for everyone, and out again."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.axe import violations_of
from tests.ui.conftest import Site
from tests.ui.test_browser import SIDEWAYS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PASSWORD = "dates and 12 palms, well kept"


def is_for_everyone(page: Page) -> None:
    """As axe sees it, and on a phone without going sideways."""
    page.set_viewport_size({"width": 1280, "height": 900})
    assert violations_of(page) == ""
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SIDEWAYS) == 0, f"{page.url} at {width}"


def test_without_scripts_somebody_signs_in_chooses_a_password_and_signs_out(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False, locale="ar-SA")
    page = context.new_page()
    page.goto("/intake/session")
    expect(page.get_by_role("heading", level=1)).to_have_text("تسجيل الدخول")
    (account,) = site.accounts
    page.get_by_role("button", name="تسجيل الدخول").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    page.get_by_label("الجمعية").select_option(account.association_id)
    page.get_by_label("اسم المستخدم").fill(account.user_name)
    page.get_by_label("كلمة المرور").fill(account.password)
    page.get_by_role("button", name="تسجيل الدخول").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("كلمة مرور جديدة")
    page.get_by_label("كلمة مرور جديدة").fill(PASSWORD)
    page.get_by_role("button", name="متابعة").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("تم الدخول")
    expect(page.locator("header")).to_contain_text("مدير النظام")

    scripted = browser.new_context(base_url=site.address, storage_state=context.storage_state())
    other = scripted.new_page()
    for language in ("ar", "en"):
        for path in ("/intake/session", "/intake/sign-in/seat"):
            other.goto(f"{path}?lang={language}")
            is_for_everyone(other)
    other.goto("/intake/session?lang=ar")
    other.get_by_role("button", name="إعداد العامل الثاني").click()
    expect(other.get_by_role("img", name="المفتاح في صورة")).to_be_visible()
    is_for_everyone(other)
    scripted.close()

    page.locator("main").get_by_role("button", name="تسجيل الخروج", exact=True).click()
    expect(page).to_have_url(re.compile("/intake/sign-in"))
    page.goto("/intake/session")
    expect(page.get_by_role("heading", level=1)).to_have_text("تسجيل الدخول")
    context.close()
