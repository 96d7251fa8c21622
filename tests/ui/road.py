"""A delegate on the road, in a browser of the size of a phone: what he opens, types and photographs."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, expect

from shared.language.calendar import riyadh_day
from shared.language.roles import Role
from shared.plumbing import browser as cookies
from shared.plumbing.clock import SystemClock
from shared.plumbing.identity import Principal, issue_token, load_signing_key
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION
from tests.ui.conftest import PATIENCE_MS, Site

BRANCH = "hada_sham"
SERVICE = next(one for one in pack_of(ASSOCIATION).services if len(one.documents) > 1)
REQUIRED = [demand for demand in SERVICE.documents if demand.required]
DAY = "/intake/desk/day"
FORM = f"{DAY}/{SERVICE.id}"
HAND_IN = "تقديم"
NEED = "إيجار متأخر ثلاثة أشهر"
PHONE = {"width": 390, "height": 844}


def who(person: str) -> Principal:
    return Principal(association_id=ASSOCIATION, person_id=person, role=Role.DELEGATE, branch_id=BRANCH)


def token(site: Site, person: str) -> str:
    key = load_signing_key(site.signing_key)
    return issue_token(who(person), key=key, now=SystemClock().now(), lasts=timedelta(hours=1))


class Road:
    """One delegate, his phone, and what the head office's machine says of his work."""

    def __init__(self, context: BrowserContext, site: Site, person: str) -> None:
        self.context, self.site, self.person = context, site, person
        self.page = context.new_page()

    def sign_in(self, person: str) -> None:
        self.person = person
        at = {"url": self.site.address}
        self.context.add_cookies(
            [
                {"name": cookies.ACCESS, "value": token(self.site, person), **at},
                {"name": cookies.FORM, "value": cookies.form_token(""), **at},
            ]
        )

    def offline(self) -> None:
        self.context.set_offline(True)

    def online(self) -> None:
        self.context.set_offline(False)

    def open_day(self) -> None:
        """With a network: everything that the day needs is on the phone then."""
        self.page.goto(DAY)
        self.page.wait_for_selector("html[data-worker=ready]")

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.page.wait_for_selector("html[data-offline-ready]")

    def kill(self) -> None:
        """The page is gone as when the phone throws it out."""
        self.page.close()
        self.page = self.context.new_page()

    def waits(self, number: int) -> None:
        expect(self.page.locator("[data-outbox]").first).to_have_text(str(number))

    def fill(self, *, number: str, name: str, need: str = NEED, pictures: int = 1, mobile: str = "0555000111") -> None:
        """A whole request as it is taken at a door."""
        page = self.page
        page.get_by_label("رقم الهوية أو الإقامة").fill(number)
        page.get_by_label("الاسم الكامل").fill(name)
        page.get_by_label("الجوال").fill(mobile)
        page.get_by_label("المكان").fill("حي الصفا، خلف المسجد")
        for field in SERVICE.form:
            page.get_by_label(field.name.ar).fill("٤" if field.kind == "integer" else need)
        for place, demand in enumerate(REQUIRED):
            card = page.locator("section.card", has=page.get_by_role("heading", name=demand.name.ar, exact=True))
            self._type_day(card.get_by_role("group", name="تاريخ الإصدار"))
            if place < pictures:
                card.get_by_label("صورة:", exact=False).set_input_files(photo(place))
        expect(page.locator("[data-saved-line]")).to_have_text("حُفظ على هذا الجهاز")
        page.wait_for_selector("form[data-kept=yes]")

    def _type_day(self, group: Any) -> None:
        today = riyadh_day(SystemClock().now())
        for label, value in (("اليوم", today.day), ("الشهر", today.month), ("السنة", today.year)):
            group.get_by_label(label, exact=True).fill(str(value))

    def hand_in(self) -> None:
        self.page.locator("main form").get_by_role("button", name=HAND_IN).click()

    # What the machine of the association has.
    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(self.site, self.person)}"}
        answer = httpx.request(method, f"{self.site.address}/intake{path}", json=body, headers=headers, timeout=60)
        assert answer.status_code < 300, answer.text
        return answer

    def arrived(self, name: str) -> list[dict[str, Any]]:
        """The requests that were taken at the door of somebody of this name, each with how it came."""
        found = self.call("GET", "/api/v1/cases?limit=200").json()
        assert found["next"] is None
        cases = [case for case in found["items"] if case["channel"] == "delegate"]
        for case in cases:
            case["arrival"] = self.call("GET", f"/api/v1/cases/{case['id']}/arrival").json()
        return [case for case in cases if case["arrival"]["said"]["name"] == name]

    def pictures_of(self, case: dict[str, Any]) -> list[bytes]:
        """What was photographed for a request, as it is kept."""
        kept = []
        for item in self.call("GET", f"/api/v1/cases/{case['id']}/checklist").json()["items"]:
            for paper in item["papers"]:
                at = f"{self.site.address}/intake/api/v1/cases/{case['id']}/documents/{paper['id']}/file"
                answer = httpx.get(at, headers={"Authorization": f"Bearer {token(self.site, self.person)}"}, timeout=60)
                kept += [answer.content] if answer.status_code == 200 else []
        return kept


def photo(seed: int = 0, *, size: tuple[int, int] = (2400, 1800)) -> FilePayload:
    """As large as a phone's camera makes them, and no two alike."""
    picture = Image.effect_noise(size, 40 + seed).convert("RGB")
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at somebody's home"
    picture.save(out, "JPEG", quality=90, exif=exif)
    return {"name": f"IMG {seed}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@contextmanager
def on_the_road(browser: Browser, site: Site, person: str, **options: Any) -> Iterator[Road]:
    context = browser.new_context(
        base_url=site.address, locale="ar-SA", timezone_id="Asia/Riyadh", viewport=PHONE, has_touch=True, **options
    )
    context.set_default_timeout(PATIENCE_MS)
    road = Road(context, site, person)
    # Answered once the keys are there.
    road.page.goto("/")
    road.sign_in(person)
    yield road
    context.close()
