"""The desk in a real browser: a whole request without scripts, and each of its pages for everyone on every width."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shared.language.calendar import riyadh_day
from shared.language.roles import Role
from shared.plumbing.browser import ACCESS
from shared.plumbing.clock import SystemClock
from shared.plumbing.identity import Principal, issue_token, load_signing_key
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION
from tests.intake.office import NAME, NATIONAL_ID
from tests.ui.axe import violations_of
from tests.ui.conftest import PATIENCE_MS, Site
from tests.ui.test_browser import SIDEWAYS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PACK = pack_of(ASSOCIATION)
SERVICE = PACK.services[0]
WIDTHS = (1280, 390, 320)
DESK = "/intake/desk"


def sit(browser: Browser, site: Site, *, scripts: bool, role: Role = Role.DELEGATE) -> BrowserContext:
    """A browser of somebody who is signed in."""
    context = browser.new_context(
        base_url=site.address, java_script_enabled=scripts, locale="ar-SA", timezone_id="Asia/Riyadh"
    )
    context.set_default_timeout(PATIENCE_MS)
    first = context.new_page()
    # Answered once the keys are there.
    first.goto("/")
    first.close()
    who = Principal(association_id=ASSOCIATION, person_id="huda", role=role, branch_id=PACK.head_office.id)
    token = issue_token(who, key=load_signing_key(site.signing_key), now=SystemClock().now(), lasts=timedelta(hours=1))
    context.add_cookies([{"name": ACCESS, "value": token, "url": site.address}])
    return context


def type_day(page: Page, legend: str) -> None:
    today = riyadh_day(SystemClock().now())
    group = page.get_by_role("group", name=legend)
    for label, value in (("اليوم", today.day), ("الشهر", today.month), ("السنة", today.year)):
        group.get_by_label(label, exact=True).fill(str(value))


@pytest.fixture(scope="module")
def walked(browser: Browser, site: Site) -> Iterator[str]:
    """The address of a request that went up, without a script; each step by what stands on the page."""
    context = sit(browser, site, scripts=False)
    page = context.new_page()
    page.goto(f"{DESK}/new")
    page.get_by_label("الاسم أو رقم الهوية أو الجوال أو رقم الطلب").fill(NATIONAL_ID)
    page.locator("main").get_by_role("button", name="بحث").click()
    page.get_by_role("link", name="ليس من هؤلاء: شخص جديد").click()
    page.get_by_role("button", name="متابعة").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("رقم الهوية أو الإقامة").fill(NATIONAL_ID)
    page.get_by_label("الاسم الكامل").fill(NAME)
    page.get_by_label("مقابلة في المكتب").check()
    page.get_by_label("الخدمة").select_option(SERVICE.id)
    page.get_by_role("button", name="متابعة").click()
    for field in SERVICE.form:
        page.get_by_label(field.name.ar).fill("٤" if field.kind == "integer" else "حاجة")
    page.get_by_role("button", name="حفظ والمتابعة إلى المستندات").click()
    for demand in SERVICE.documents:
        if demand.required:
            page.get_by_label("المستند", exact=True).select_option(demand.kind)
            type_day(page, "تاريخ الإصدار")
            page.get_by_role("button", name="تسجيل المستند").click()
            page.get_by_role("link", name="بلا صورة").click()
    page.get_by_role("link", name="متابعة: المراجعة والتقديم").click()
    page.get_by_role("button", name="تقديم الطلب").click()
    assert PACK.attestation is not None
    for statement in PACK.attestation.statements:
        page.get_by_label(statement.ar).check()
    page.get_by_label("اسم مقدم الطلب كاملًا").fill(NAME)
    page.get_by_role("button", name="أخذ الإقرار").click()
    page.get_by_role("button", name="رفع الطلب").click()
    expect(page.locator("main")).to_contain_text("لا يُجاب قبل")
    yield page.url.partition("?")[0].removeprefix(site.address)
    context.close()


def is_for_everyone(page: Page, *, told: str) -> None:
    """As axe sees it, on every width, and never sideways."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert violations_of(page) == "", f"{told} at {width}"
        assert page.evaluate(SIDEWAYS) == 0, f"{told} at {width}"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_the_desk_is_for_everyone(browser: Browser, site: Site, walked: str, language: str) -> None:
    context = sit(browser, site, scripts=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    paths = [
        DESK,
        f"{DESK}/new?q={NATIONAL_ID}",
        f"{DESK}/people?q=nobody",
        f"{DESK}/new/applicant",
        f"{DESK}/cases",
        f"{DESK}/cases?status=expired",
        walked,
        f"{walked}/applicant",
        f"{walked}/clarifications",
        f"{walked}/withdrawal",
        f"{walked}/delivery",
        f"{DESK}/contacts",
        f"{DESK}/contacts/new",
        *(f"{DESK}/contacts/new?channel={channel}" for channel in ("phone", "letter", "help_request")),
        f"{DESK}/calls",
        f"{DESK}/letters",
        f"{DESK}/letters/new",
        f"{DESK}/library?q=unknown",
        f"{DESK}/guide",
        f"{DESK}/guide/new",
        f"{walked}/arrival",
        f"{walked}/library",
        f"{walked}/papers-on-file",
    ]
    for path in paths:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        is_for_everyone(page, told=f"{path} {language}")
    assert wrong == []
    context.close()


NOT_ON_PAPER = "header.top, nav, main form, main button, main .button, .back, .skip, .foot"
A4 = (595, 842)
"""In points, rounded (ISO 216)."""


def is_for_paper(page: Page, *, words: str) -> None:
    """Nothing that is pressed, all that is read: black on white, on A4, with each table's head on each sheet of it."""
    page.emulate_media(media="print")
    expect(page.locator(NOT_ON_PAPER).filter(visible=True)).to_have_count(0)
    expect(page.locator(".on-paper")).to_have_text(PACK.association.name.ar)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text(words)
    style = "(one) => getComputedStyle(one).{}"
    body = page.locator("body")
    assert [body.evaluate(style.format(what)) for what in ("color", "backgroundColor")] == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    for head in page.locator(".rows thead").all():
        assert head.evaluate(style.format("display")) == "table-header-group"
    sheets = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert sheets
    assert {(round(float(wide)), round(float(high))) for wide, high in sheets} == {A4}


def test_a_case_and_the_list_of_cases_are_for_paper(browser: Browser, site: Site, walked: str) -> None:
    context = sit(browser, site, scripts=True)
    page = context.new_page()
    for path in (walked, f"{DESK}/cases"):
        page.goto(f"{path}?lang=ar")
        is_for_paper(page, words=NAME)
        page.emulate_media(media="screen")
    context.close()


def test_a_wrong_form_has_its_summary_on_top_with_the_focus_and_leads_to_the_field(
    browser: Browser, site: Site
) -> None:
    context = sit(browser, site, scripts=True)
    page = context.new_page()
    page.goto(f"{DESK}/new/applicant?lang=ar")
    page.get_by_label("الاسم الكامل").fill(NAME)
    page.get_by_role("button", name="متابعة").click()
    expect(page.get_by_role("alert")).to_be_focused()
    is_for_everyone(page, told="the form again")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "applicant.national_id"
    assert page.get_by_label("الاسم الكامل").input_value() == NAME
    context.close()


def test_by_keyboard_alone_somebody_is_found_and_his_case_opened(browser: Browser, site: Site, walked: str) -> None:
    context = sit(browser, site, scripts=True)
    page = context.new_page()
    page.goto(f"{DESK}/cases?lang=ar")
    page.keyboard.press("KeyJ")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}{walked}")
    page.keyboard.press("Slash")
    page.keyboard.type(NAME)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(NAME)
    context.close()
