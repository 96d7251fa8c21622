"""People's files, moves and proposals at the desk in a real browser: without scripts, on every width."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.language.roles import Role
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID
from tests.ui.conftest import Site
from tests.ui.test_desk import DESK, is_for_everyone, is_for_paper, sit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def register(page: Page, number: str, name: str) -> str:
    """Look for him, register him, and come to his file."""
    page.goto(f"{DESK}/people")
    page.get_by_label("الاسم أو رقم الهوية أو الجوال أو رقم الطلب").fill(number)
    page.locator("main").get_by_role("button", name="بحث").click()
    page.get_by_role("link", name="تسجيله بلا طلب").click()
    page.get_by_label("الاسم الكامل").fill(name)
    page.locator("#f-mobile").fill("0555000111")
    page.get_by_role("button", name="تسجيل", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return page.url.partition("?")[0]


@pytest.fixture(scope="module")
def file(browser: Browser, site: Site) -> Iterator[str]:
    """The address of a file with a household, means, and somebody who acts for him; made without a script."""
    context = sit(browser, site, scripts=False)
    page = context.new_page()
    register(page, OTHER_NATIONAL_ID, NAME)
    file = register(page, NATIONAL_ID, NAME)
    page.get_by_role("link", name="الأسرة وحالها المعيشي").click()
    page.get_by_role("link", name="إضافة فرد إلى الأسرة").click()
    page.get_by_label("صلته برب الأسرة").select_option("son")
    page.get_by_label("الاسم الكامل").fill("سعد بن سالم الحربي")
    page.get_by_role("button", name="إضافة فرد إلى الأسرة").click()
    page.get_by_role("link", name="تسجيل حال الأسرة المعيشي").click()
    page.get_by_label("النوع").first.select_option("pension")
    page.get_by_label("المبلغ الشهري بالريال").first.fill("٢٤٠٠")
    page.get_by_role("button", name="أسطر أخرى").click()
    page.get_by_role("button", name="تسجيل حال الأسرة المعيشي").click()
    expect(page.locator("main")).to_contain_text("2,400.00")
    page.goto(f"{file}/mandates")
    page.get_by_label("رقم هوية من ينوب عنه أو إقامته").fill(OTHER_NATIONAL_ID)
    page.get_by_label("وكيل شرعي").check()
    page.get_by_label("استلام الخدمة").check()
    page.get_by_role("button", name="تسجيل من ينوب عنه").click()
    expect(page.locator("main")).to_contain_text("سارية")
    yield file.removeprefix(site.address)
    context.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_a_file_is_for_everyone(browser: Browser, site: Site, file: str, language: str) -> None:
    context = sit(browser, site, scripts=True)
    page = context.new_page()
    paths = [
        f"{DESK}/register?q={NATIONAL_ID}",
        file,
        *(f"{file}/{path}" for path in ("particulars", "reveal", "given", "typed", "household", "members", "means")),
        *(f"{file}/{path}" for path in ("member-ending", "mandates", "mandate-ending")),
        f"{DESK}/duplicates",
        f"{DESK}/transfers",
        f"{DESK}/caseload",
        f"{DESK}/deliveries",
        f"{DESK}/proposals",
    ]
    for path in paths:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        is_for_everyone(page, told=f"{path} {language}")
    page.goto(f"{DESK}/duplicates?lang={language}")
    page.locator("[data-row] a").first.click()
    is_for_everyone(page, told=f"a pair {language}")
    context.close()


def test_a_file_and_its_household_are_for_paper(browser: Browser, site: Site, file: str) -> None:
    context = sit(browser, site, scripts=True)
    page = context.new_page()
    for path, words in ((file, "وكيل شرعي"), (f"{file}/household", "سعد بن سالم الحربي")):
        page.goto(f"{path}?lang=ar")
        is_for_paper(page, words=words)
    context.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_pages_of_managers_and_administrators_are_for_everyone(
    browser: Browser, site: Site, file: str, language: str
) -> None:
    for role, paths in (
        (Role.BRANCH_MANAGER, ("/proposals", "/caseload", "/branches")),
        (Role.ASSOCIATION_ADMINISTRATOR, ("/branches",)),
    ):
        context = sit(browser, site, scripts=True, role=role)
        page = context.new_page()
        for path in paths:
            page.goto(f"{DESK}{path}?lang={language}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            is_for_everyone(page, told=f"{path} {role} {language}")
        context.close()
    assert file
