"""Every page in a real browser: for everyone, on every width, with and without scripts, by keyboard."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.ui.axe import violations_of
from tests.ui.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

EXAMPLES = ["queue", "case", "request", "follow", "survey", "dashboard", "confirm"]
PAGES = [
    "/",
    "/notifications/",
    "/intake/sign-in",
    "/intake/sign-in/second-factor",
    "/intake/sign-in/password",
    "/intake/follow",
    "/intake/ask",
    "/intake/ask/jamoum-orphans",
    "/intake/ask/jamoum-orphans/school_kit",
    "/intake/ask/sent",
    "/feedback/complaint",
    "/feedback/complaint/heard",
    "/nowhere",
    "/ui/gallery",
    "/ui/outbox",
    "/ui/offline",
    *(f"/ui/gallery/{name}" for name in EXAMPLES),
]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everyone_and_never_scrolls_sideways(page: Page, path: str, language: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{path}?lang={language}")
    assert violations_of(page) == ""
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SIDEWAYS) == 0, f"{path} at {width}"
    # At twice the size of text, on a desk and on a phone (WCAG 1.4.4).
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SIDEWAYS) == 0, f"{path} at {width} with twice the text"


@pytest.mark.parametrize("path", ["/ui/gallery", "/ui/gallery/queue"])
def test_a_phone_is_for_everyone_too(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert violations_of(page) == ""


def test_without_scripts_the_filter_filters_and_the_form_arrives(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False, locale="ar-SA")
    page = context.new_page()
    page.goto("/ui/gallery/queue")
    page.get_by_label("الحالة").select_option("received")
    page.get_by_role("button", name="تطبيق").click()
    assert page.locator("[data-row]").count() == 2
    page.goto("/trial/form")
    page.get_by_label("Name").fill("نورة")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [taken.fields["name"] for taken in site.trial.taken.values()] == ["نورة"]
    site.trial.taken.clear()
    context.close()


def test_with_scripts_a_filter_swaps_the_rows_and_back_brings_them_again(page: Page) -> None:
    page.goto("/ui/gallery/queue")
    page.evaluate("window.stayed = true")
    page.get_by_label("الحالة").select_option("received")
    expect(page.locator("[data-row]")).to_have_count(2)
    assert "status=received" in page.url
    page.go_back()
    expect(page.locator("[data-row]")).to_have_count(8)
    page.get_by_label("الاسم أو رقم الطلب").fill("ريم")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-announce]")).to_have_text("صف واحد في هذه الصفحة")
    assert page.evaluate("window.stayed"), "the page was never loaded again"
    assert page.evaluate("document.activeElement.name") == "q", "typing goes on"


def test_keys_by_their_place_on_the_keyboard_go_through_the_rows(page: Page) -> None:
    page.goto("/ui/gallery/queue")
    for key, row in (("KeyJ", 0), ("KeyJ", 1), ("KeyJ", 2), ("KeyK", 1)):
        page.keyboard.press(key)
        assert (
            page.evaluate(
                "[...document.querySelectorAll('[data-row]')].findIndex((row) => row.contains(document.activeElement))"
            )
            == row
        )
    page.keyboard.press("Slash")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("KeyJ")
    assert page.locator("#search").input_value() == "j", "who types, types"
    page.locator("h1").click()
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("استعمال المفاتيح المفردة على هذا الجهاز").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("KeyJ")
    assert page.evaluate("document.activeElement.tagName") == "BODY", "single keys can be turned off (WCAG 2.1.4)"


def test_the_first_stop_of_the_keyboard_leads_past_the_header(page: Page) -> None:
    page.goto("/ui/gallery/request")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    order = []
    for _ in range(6):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.name || document.activeElement.className"))
    assert order == ["back", "name", "national_id", "mobile", "born_day", "born_month"]


def test_what_has_the_focus_can_be_seen(page: Page) -> None:
    page.goto("/ui/gallery/request")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert (outline, width >= 2) == ("solid", True), page.evaluate("document.activeElement.outerHTML")


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page: Page) -> None:
    page.goto("/ui/gallery")
    assert page.evaluate("document.activeElement.hasAttribute('data-errors')")
    page.locator("[data-errors] a").first.click()
    assert page.evaluate("document.activeElement.name") == "wrong_mobile"


def test_numbers_run_left_to_right_where_the_line_begins(page: Page) -> None:
    page.goto("/ui/gallery/request")
    for name in ("national_id", "mobile"):
        style = page.locator(f"[name={name}]").evaluate("(input) => [input.dir, getComputedStyle(input).textAlign]")
        assert style == ["ltr", "right"]
    page.goto("/ui/gallery/case")
    blocks = page.locator(".code").evaluate_all(
        "(all) => all.filter((one) => getComputedStyle(one).display === 'block')"
    )
    assert blocks == []


def test_a_change_told_by_the_server_appears_without_loading_the_page(page: Page, site: Site) -> None:
    page.goto("/trial/queue")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.evaluate("window.stayed = true")
    # A half-written word is never swapped away.
    page.locator("#note").fill("half a w")
    site.trial.rows = 3
    site.trial.tell()
    page.locator("#note").press_sequentially("ord")
    assert page.locator("#note").input_value() == "half a word"
    page.locator("h1").click()
    page.locator("#note").blur()
    site.trial.tell()
    expect(page.locator("[data-row]")).to_have_count(3)
    assert page.evaluate("window.stayed")
    site.trial.rows = 2


def test_without_colours_of_its_own_a_page_still_says_everything(page: Page) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto("/ui/gallery")
    assert page.locator(".tag").first.evaluate("(tag) => getComputedStyle(tag).borderTopStyle") == "solid"


def test_paper_shows_the_case_and_not_the_controls(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/ui/gallery/case")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for gone in (".top", ".side", ".foot", "form.form"):
        expect(page.locator(gone).first).to_be_hidden()


def test_a_phones_picture_is_made_smaller_and_forgets_where_it_was_taken(page: Page) -> None:
    taken = Image.effect_noise((3000, 2000), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "at the door of Noura"
    raw = io.BytesIO()
    taken.save(raw, "JPEG", quality=95, exif=exif)
    page.goto("/ui/gallery/request")
    page.wait_for_selector("html[data-offline-ready]")
    page.get_by_label("صورة الهوية").set_input_files(
        {"name": "card.png.jpeg", "mimeType": "image/jpeg", "buffer": raw.getvalue()}
    )
    field = "document.querySelector('[type=file]')"
    page.wait_for_selector("[type=file][data-shrunk]")
    sent = bytes(page.evaluate(f"{field}.files[0].arrayBuffer().then((all) => [...new Uint8Array(all)])"))
    with Image.open(io.BytesIO(sent)) as small:
        assert (small.format, small.size) == ("JPEG", (1600, 1067))
        assert not small.getexif()
    assert len(sent) < len(raw.getvalue()) / 2
    assert page.evaluate(f"{field}.files[0].name") == "card.png.jpg"


def test_a_double_click_sends_once(page: Page, site: Site) -> None:
    page.goto("/trial/form")
    page.wait_for_selector("html[data-offline-ready]")
    page.get_by_label("Name").fill("سعد")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert len(site.trial.taken) == 1
    site.trial.taken.clear()
