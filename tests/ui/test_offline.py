"""A delegate without a network: nothing that he typed is lost, nothing arrives twice, nothing lies readable."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NEED = "إيجار متأخر ثلاثة أشهر"
PHOTO = {"name": "بطاقة.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + bytes(range(256)) * 40}
EVERYTHING_KEPT = """async () => {
  const done = (asked) => new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
  const database = await done(indexedDB.open("athar-trial"));
  const all = (name) => done(database.transaction(name).objectStore(name).getAll());
  const raw = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
  const bytes = (value) => raw(value) ? new TextDecoder().decode(value)
    : value && typeof value === "object" ? Object.values(value).map(bytes).join(" ") : String(value);
  const [items, keys] = [await all("items"), await all("keys")];
  database.close();
  return { text: items.map(bytes).join(" "), count: items.length, extractable: keys.map((key) => key.extractable) };
}"""


@pytest.fixture(autouse=True)
def clean(site: Site) -> Iterator[None]:
    yield
    site.trial.taken.clear()
    site.trial.silent = site.trial.refuses = site.trial.signed_out = False


def ready(page: Page, path: str = "/trial/form") -> None:
    page.goto(path)
    page.wait_for_selector("html[data-worker=ready]")


def kept(page: Page) -> dict[str, Any]:
    page.wait_for_selector("html[data-offline-ready]")
    found: dict[str, Any] = page.evaluate(EVERYTHING_KEPT)
    return found


def outbox(page: Page, number: int) -> None:
    expect(page.locator("[data-outbox]").first).to_have_text(str(number))


def type_it(page: Page) -> None:
    page.get_by_label("Name").fill("سعد الحربي")
    page.get_by_label("Food").check()
    page.get_by_label("Need").fill(NEED)
    expect(page.locator("[data-saved-line]")).to_have_text("حُفظ على هذا الجهاز")


def test_what_was_typed_without_a_network_survives_and_arrives_once_with_the_devices_time(
    page: Page, site: Site
) -> None:
    ready(page)
    page.context.set_offline(True)
    type_it(page)
    page.reload()
    expect(page.get_by_label("Need")).to_have_value(NEED)
    assert page.get_by_label("Food").is_checked()
    before = datetime.now(UTC)  # noqa: TID251 - the browser's clock is the machine's
    page.get_by_role("button", name="Send").click()
    outbox(page, 1)
    expect(page.locator("[data-told]")).to_contain_text("ويُرسل حال توفر الشبكة")
    page.reload()
    outbox(page, 1)
    assert site.trial.taken == {}
    page.context.set_offline(False)
    outbox(page, 0)
    ((key, taken),) = site.trial.taken.items()
    assert len(key) == 36
    assert (taken.fields["need"], taken.fields["kind"], len(taken.digests)) == (NEED, "food", 1)
    done = datetime.fromisoformat(taken.fields["device_time"])
    assert abs((done - before).total_seconds()) < 60
    assert kept(page)["count"] == 0, "nothing stays on the device that was sent"


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key_and_the_same_bytes(
    page: Page, site: Site
) -> None:
    ready(page)
    type_it(page)
    page.get_by_label("Photo").set_input_files(PHOTO)
    site.trial.silent = True
    page.get_by_role("button", name="Send").click()
    outbox(page, 1)
    site.trial.silent = False
    page.goto("/trial/done")
    outbox(page, 0)
    (taken,) = site.trial.taken.values()
    assert len(taken.digests) >= 2
    assert len(set(taken.digests)) == 1, "the server would take other bytes for another request"
    assert taken.files == {"photo": PHOTO["buffer"]}


def test_a_session_that_goes_on_is_renewed_and_one_that_ended_keeps_the_work(page: Page, site: Site) -> None:
    ready(page)
    type_it(page)
    site.trial.signed_out = True
    site.trial.renews = False
    page.get_by_role("button", name="Send").click()
    outbox(page, 1)
    assert site.trial.taken == {}
    site.trial.renews = True
    page.goto("/trial/done")
    outbox(page, 0)
    ((_, taken),) = site.trial.taken.items()
    assert taken.fields["need"] == NEED


def test_what_the_server_refuses_is_a_draft_again_with_its_error_and_nothing_is_lost(page: Page, site: Site) -> None:
    ready(page)
    type_it(page)
    page.get_by_label("Photo").set_input_files(PHOTO)
    expect(page.locator("[data-saved-line]")).to_have_text("حُفظ على هذا الجهاز")
    site.trial.refuses = True
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-told] a")).to_have_text("The need is not clear")
    expect(page.get_by_label("Need")).to_have_value(NEED)
    assert page.get_by_label("Photo").evaluate("(input) => input.files[0].size") == len(PHOTO["buffer"])
    outbox(page, 0)
    site.trial.refuses = False
    page.get_by_label("Need").fill(f"{NEED}، وفاتورة كهرباء")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    (taken,) = site.trial.taken.values()
    assert taken.fields["need"].endswith("كهرباء")


def test_the_same_draft_handed_in_from_two_tabs_is_two_requests_and_none_is_lost(page: Page, site: Site) -> None:
    ready(page)
    type_it(page)
    other = page.context.new_page()
    ready(other)
    expect(other.get_by_label("Need")).to_have_value(NEED)
    page.context.set_offline(True)
    other.get_by_label("Need").fill("حاجة أخرى")
    for tab, number in ((page, 1), (other, 2)):
        tab.get_by_role("button", name="Send").click()
        outbox(tab, number)
    page.context.set_offline(False)
    outbox(page, 0)
    assert {taken.fields["need"] for taken in site.trial.taken.values()} == {NEED, "حاجة أخرى"}


def test_nothing_on_the_device_can_be_read_and_its_key_cannot_be_taken_out(page: Page) -> None:
    ready(page)
    page.context.set_offline(True)
    type_it(page)
    page.get_by_role("button", name="Send").click()
    outbox(page, 1)
    found = kept(page)
    assert found["count"] == 1
    assert found["extractable"] == [False]
    for secret in (NEED, "سعد", "food", "need"):
        assert secret not in found["text"]


def test_the_outbox_shows_what_waits_and_sends_it_when_told_to(page: Page, site: Site) -> None:
    ready(page)
    type_it(page)
    site.trial.silent = True
    page.get_by_role("button", name="Send").click()
    outbox(page, 1)
    page.goto("/ui/outbox?lang=en")
    expect(page.locator("[data-list=outbox] li")).to_have_count(1)
    expect(page.locator("[data-list=outbox] .tag")).to_have_text("waits to be sent")
    site.trial.silent = False
    page.get_by_role("button", name="Send now").click()
    outbox(page, 0)
    expect(page.get_by_text("Nothing waits to be sent.")).to_be_visible()
    assert len(site.trial.taken) == 1


def test_a_page_that_was_not_kept_says_so_and_shows_the_way_to_what_waits(page: Page) -> None:
    ready(page)
    page.context.set_offline(True)
    page.goto("/trial/queue")
    expect(page.get_by_text("هذه الصفحة غير محفوظة على الجهاز", exact=False)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Plex"), "the look is there too"
    page.get_by_role("link", name="ما ينتظر على هذا الجهاز").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ما ينتظر على هذا الجهاز")


def test_signing_out_warns_of_unsent_work_and_leaves_nothing_behind(page: Page, site: Site) -> None:
    ready(page)
    site.trial.silent = True
    type_it(page)
    page.get_by_role("button", name="Send").click()
    outbox(page, 1)
    # Answered as it comes: a click does not end while a question stands open.
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("button", name="خروج").click()
    assert "يُحذف من هذا الجهاز" in asked.value.message
    outbox(page, 1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="خروج").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert kept(page)["count"] == 0


def test_without_a_network_nobody_signs_out_and_nothing_is_deleted(page: Page) -> None:
    ready(page)
    page.context.set_offline(True)
    type_it(page)
    page.get_by_role("button", name="Send").click()
    outbox(page, 1)
    page.get_by_role("button", name="خروج").click()
    expect(page.locator("[data-told]")).to_contain_text("الخروج يحتاج إلى شبكة")
    assert kept(page)["count"] == 1
