"""A delegate's whole day on a phone without a network, nothing lost and nothing twice (`channel.delegate`)."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.intake.imports.lists import national_id
from tests.ui.conftest import Site
from tests.ui.road import DAY, FORM, NEED, REQUIRED, SERVICE, Road, on_the_road
from tests.ui.test_browser import SIDEWAYS
from tests.ui.test_desk import is_for_everyone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SEALED = """async () => {
  const done = (asked) => new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
  const raw = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
  const text = (value) => raw(value) ? new TextDecoder().decode(value)
    : value && typeof value === "object" ? Object.values(value).map(text).join(" ") : String(value);
  const found = { text: "", keys: [], items: 0, regions: 0, pages: [] };
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    const all = async (store) => database.objectStoreNames.contains(store)
      ? done(database.transaction(store).objectStore(store).getAll()) : [];
    const [items, regions, keys] = [await all("items"), await all("regions"), await all("keys")];
    database.close();
    found.text += [...items, ...regions].map(text).join(" ");
    found.items += items.length;
    found.regions += regions.length;
    found.keys.push(...keys.map((key) => key.extractable));
  }
  for (const name of await caches.keys()) for (const asked of await (await caches.open(name)).keys()) {
    const answer = await (await caches.open(name)).match(asked, { ignoreVary: true });
    if (/html/.test(answer.headers.get("Content-Type"))) found.pages.push(await answer.text());
  }
  return found;
}"""


@pytest.fixture
def road(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Road]:
    """Each test is another delegate."""
    with on_the_road(browser, site, f"delegate-{abs(hash(request.node.name)) % 10**6}") as road:
        wrong: list[str] = []
        road.context.on("weberror", lambda error: wrong.append(str(error.error)))
        yield road
        assert wrong == []


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(SEALED)
    return found


def waiting_visit(road: Road, *, number: str, name: str) -> dict[str, Any]:
    """A request of the delegate that lacks its papers."""
    sample = {"text": "حاجة", "integer": 4, "boolean": True}
    new = {
        "channel": "interview",
        "service_id": SERVICE.id,
        "applicant": {"national_id": number, "name": name, "mobile": "0555000111"},
        "form": {field.id: sample[field.kind] for field in SERVICE.form},
    }
    new["search"] = road.call("GET", f"/api/v1/people?q={number}").json()["search"]
    case: dict[str, Any] = road.call("POST", "/api/v1/cases", new).json()
    road.call("POST", f"/api/v1/cases/{case['id']}/reception", {})
    road.call("POST", f"/api/v1/cases/{case['id']}/check", {})
    return case


def test_a_whole_day_without_a_network_is_sent_once_and_nothing_of_it_is_lost(road: Road) -> None:
    waiting_visit(road, number=national_id(101), name="منيرة الشهري")
    road.open_day()
    road.offline()
    road.kill()
    road.open(DAY)
    expect(road.page.locator("[data-sealed]")).to_contain_text("منيرة الشهري")
    expect(road.page.locator("[data-sealed]")).to_contain_text(REQUIRED[0].name.ar)
    for place, name in enumerate(("هند القحطاني", "ريم القحطاني")):
        road.page.get_by_role("link", name=SERVICE.name.ar, exact=True).click()
        road.page.wait_for_selector("html[data-offline-ready]")
        road.fill(number=national_id(110 + place), name=name, pictures=2)
        if place == 0:
            # Thrown out by the phone in the middle of the form: it is a draft.
            road.kill()
            road.open(DAY)
            road.page.locator("[data-list=draft] a").click()
            expect(road.page.get_by_label("الاسم الكامل")).to_have_value(name)
            expect(road.page.get_by_label("صورة:", exact=False).first).not_to_have_value("")
        road.hand_in()
        road.waits(3 * (place + 1))
        road.open(DAY)
    road.kill()
    road.open(DAY)
    road.waits(6)
    expect(road.page.locator("[data-list=outbox] li")).to_have_count(6)
    assert road.page.evaluate(SIDEWAYS) == 0
    assert road.arrived("هند القحطاني") == []
    before = datetime.now(UTC)  # noqa: TID251 - the browser's clock is the machine's
    road.online()
    road.waits(0)
    for name in ("هند القحطاني", "ريم القحطاني"):
        (case,) = road.arrived(name)
        assert case["status"] == "received"
        assert datetime.fromisoformat(case["arrival"]["said"]["arrival"]["device_at"]) < before
        pictures = road.pictures_of(case)
        assert len(pictures) == 2
        for picture in pictures:
            # Made smaller on the phone, and without what the camera wrote into it.
            assert max(Image.open(io.BytesIO(picture)).size) <= 1600
            assert b"taken at" not in picture
    assert kept(road.page)["items"] == 0, "nothing stays on the device that was sent"


def test_the_reception_has_the_times_of_the_device(road: Road) -> None:
    road.open_day()
    road.offline()
    road.open(FORM)
    road.fill(number=national_id(120), name="سارة البقمي")
    begun = road.page.locator("[data-clock=begins]").input_value()
    road.hand_in()
    road.waits(2)
    with road.page.expect_request(f"**{FORM}") as sent:
        road.online()
    road.waits(0)
    fields = parse_qs(sent.value.post_data or "")
    (started,), (ended,), (handed,) = fields["started_at"], fields["ended_at"], fields["device_time"]
    assert started == begun < ended
    assert fields["applicant.name"] == ["سارة البقمي"]
    assert datetime.fromisoformat(handed).tzinfo is not None
    assert len(road.arrived("سارة البقمي")) == 1


def test_what_the_server_refuses_comes_back_with_its_error_and_with_all_that_was_typed(road: Road) -> None:
    road.open_day()
    road.offline()
    road.open(FORM)
    road.fill(number=national_id(130), name="جواهر السبيعي", need="")
    road.hand_in()
    road.waits(2)
    road.online()
    road.waits(0)
    road.open(DAY)
    (back,) = road.page.locator("[data-list=draft] li").all()
    expect(back).to_contain_text("جواهر السبيعي")
    expect(back.locator("p")).not_to_be_empty()
    back.get_by_role("link").click()
    expect(road.page.locator("[data-told] a")).to_have_attribute("href", "#f-form.need")
    expect(road.page.get_by_label("المكان")).to_have_value("حي الصفا، خلف المسجد")
    expect(road.page.get_by_label("صورة:", exact=False).first).not_to_have_value("")
    road.page.get_by_label(SERVICE.form[0].name.ar).fill(NEED)
    road.hand_in()
    road.page.wait_for_url("**/desk/cases/**")
    (case,) = road.arrived("جواهر السبيعي")
    assert len(road.pictures_of(case)) == 1


def test_where_the_file_says_otherwise_both_values_are_shown_and_neither_wins_by_coming_last(road: Road) -> None:
    number = national_id(140)
    waiting_visit(road, number=number, name="لطيفة الدوسري")
    road.open_day()
    road.offline()
    road.open(FORM)
    road.fill(number=number, name="لطيفة العتيبي", mobile="0555000222")
    road.hand_in()
    road.waits(2)
    road.online()
    road.waits(0)
    assert road.arrived("لطيفة العتيبي") == []
    road.open(DAY)
    road.page.locator("[data-list=draft] a").click()
    asked = road.page.locator("[data-differences]")
    for value in ("لطيفة الدوسري", "لطيفة العتيبي", "111", "+966555000222"):
        expect(asked).to_contain_text(value)
    is_for_everyone(road.page, told="both values")
    asked.get_by_role("radiogroup", name="الاسم الكامل").get_by_label("لطيفة الدوسري").check()
    asked.get_by_role("radiogroup", name="الجوال").get_by_label("+966555000222").check()
    road.hand_in()
    road.page.wait_for_url("**/desk/cases/**")
    (case,) = road.arrived("لطيفة العتيبي")
    applicant = road.call("GET", f"/api/v1/cases/{case['id']}/applicant").json()
    assert applicant["name"] == "لطيفة الدوسري"
    assert applicant["mobile"].endswith("222")


def test_a_line_that_breaks_amid_a_photo_loses_nothing_and_doubles_nothing(road: Road) -> None:
    road.open_day()
    road.offline()
    road.open(FORM)
    road.fill(number=national_id(150), name="مها الغامدي", pictures=2)
    road.hand_in()
    road.waits(3)
    slow = road.context.new_cdp_session(road.page)
    slow.send("Network.enable")
    line = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000}
    sending = road.page.expect_request("**/documents/*/file")
    with sending:
        road.online()
        slow.send("Network.emulateNetworkConditions", {"offline": False, **line})
    with road.page.expect_event("requestfailed"):
        slow.send("Network.emulateNetworkConditions", {"offline": True, **line})
    expect(road.page.locator("[data-no-network]")).to_be_visible()
    assert int(road.page.locator("[data-outbox]").first.inner_text()) >= 1
    road.kill()
    road.online()
    road.open(DAY)
    road.waits(0)
    (case,) = road.arrived("مها الغامدي")
    assert len(road.pictures_of(case)) == 2


def test_a_double_click_sends_once(road: Road) -> None:
    road.open_day()
    road.open(FORM)
    road.fill(number=national_id(160), name="شيخة المطيري")
    road.page.locator("main form").get_by_role("button", name="تقديم").dblclick()
    road.page.wait_for_url("**/desk/cases/**")
    assert len(road.arrived("شيخة المطيري")) == 1


def test_nothing_on_the_phone_can_be_read_and_no_kept_page_shows_anybody(road: Road) -> None:
    waiting_visit(road, number=national_id(170), name="العنود الرشيدي")
    road.open_day()
    road.offline()
    road.open(FORM)
    road.fill(number=national_id(171), name="نوف الرشيدي")
    road.hand_in()
    road.waits(2)
    found = kept(road.page)
    assert (found["items"], found["regions"]) == (2, 1)
    assert set(found["keys"]) == {False}
    everything = found["text"] + " ".join(found["pages"])
    for secret in ("العنود", "نوف", national_id(170), national_id(171), "0555000111", NEED, "المسجد", "IMG"):
        assert secret not in everything, secret


def test_another_delegate_on_the_same_phone_sees_and_sends_nothing_of_the_first(road: Road) -> None:
    waiting_visit(road, number=national_id(180), name="بدرية العنزي")
    road.open_day()
    road.offline()
    road.open(FORM)
    road.fill(number=national_id(181), name="فوزية العنزي")
    road.hand_in()
    road.waits(2)
    first, road.person = road.person, "other"
    road.kill()
    road.sign_in("other")
    road.online()
    road.open_day()
    road.waits(0)
    expect(road.page.locator("main")).not_to_contain_text("فوزية")
    expect(road.page.locator("main")).not_to_contain_text("بدرية")
    road.kill()
    road.sign_in(first)
    road.open_day()
    road.waits(0)
    (case,) = road.arrived("فوزية العنزي")
    assert case["assigned_to"] == first


def test_what_lies_on_the_phone_runs_out(road: Road) -> None:
    waiting_visit(road, number=national_id(190), name="نجلاء البلوي")
    road.open_day()
    expect(road.page.locator("[data-sealed]")).to_contain_text("نجلاء البلوي")
    road.offline()
    road.page.clock.install(time=datetime.now(UTC).timestamp() + 25 * 3600)  # noqa: TID251 - as above
    road.open(DAY)
    expect(road.page.locator("[data-sealed-none]")).to_be_visible()
    expect(road.page.locator("main")).not_to_contain_text("نجلاء")
    assert kept(road.page)["regions"] == 0


def test_the_app_can_be_installed(road: Road) -> None:
    road.open_day()
    answer = road.context.new_cdp_session(road.page).send("Page.getInstallabilityErrors")
    # A browser without a window of its own says so; nothing else is wrong.
    assert [error["errorId"] for error in answer["installabilityErrors"] if error["errorId"] != "in-incognito"] == []


def test_without_scripts_the_visits_are_read_and_a_request_is_handed_in(browser: Browser, site: Site) -> None:
    with on_the_road(browser, site, "plain", java_script_enabled=False) as road:
        waiting_visit(road, number=national_id(200), name="عبير الزهراني")
        road.page.goto(DAY)
        road.page.get_by_role("link", name="زيارات اليوم").click()
        expect(road.page.locator("main")).to_contain_text("عبير الزهراني")
        road.page.goto(FORM)
        road.page.get_by_label("رقم الهوية أو الإقامة").fill(national_id(201))
        road.hand_in()
        expect(road.page.get_by_role("alert")).to_be_visible()
        road.page.get_by_label("الاسم الكامل").fill("أروى الزهراني")
        road.page.get_by_label("المكان").fill("حي الصفا")
        for field in SERVICE.form:
            road.page.get_by_label(field.name.ar).fill("٤" if field.kind == "integer" else NEED)
        road.hand_in()
        expect(road.page.locator("main")).to_contain_text("قُدّم الطلب")
        assert len(road.arrived("أروى الزهراني")) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_pages_of_the_day_are_for_everyone(road: Road, language: str) -> None:
    waiting_visit(road, number=national_id(210), name="خلود الحارثي")
    for path in (DAY, FORM, "/intake/desk/visits"):
        road.page.goto(f"{path}?lang={language}")
        road.page.wait_for_selector("html[data-worker=ready]")
        is_for_everyone(road.page, told=f"{path} {language}")
