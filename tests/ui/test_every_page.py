"""Every page of every service, with something on it: for everyone, on every width, in both languages, without scripts.

There is no list of pages. Whatever a service shows as a page is opened as the first role that may, with what the
seeds of the doors hold; a parameter of a path that nobody seeded fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, BrowserContext, Page

from athar.catalogue import SERVICES
from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.browser import ACCESS
from shared.plumbing.clock import SystemClock
from shared.plumbing.doors import AtharRoute
from shared.plumbing.identity import Principal, issue_token, load_signing_key
from tests.access.seeds import HERE, NEAR, SEEDS, Seed, set_environment
from tests.access.steps import ANSWERS, NOBODY
from tests.harness.codes import SHOWN, bare
from tests.harness.desk import open_desk
from tests.ui.axe import violations_of
from tests.ui.conftest import PATIENCE_MS, Site, open_site
from tests.ui.test_browser import SIDEWAYS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

WIDTHS = (1280, 390, 320)
OF_THE_LOOK = "/ui/"
"""The gallery and the offline pages of the look are the same in every service: `test_browser.py` opens them once."""
DEAF_BUTTONS = """() => [...document.querySelectorAll("button, input[type=submit]")]
    .filter((one) => one.checkVisibility() && !one.form).map((one) => one.outerHTML)"""
DEAD_FORMS = """() => [...document.forms]
    .filter((one) => one.checkVisibility() && ![...one.elements].some((field) => field.type === "submit"))
    .filter((one) => [...one.elements].filter((field) => ["search", "text"].includes(field.type)).length !== 1)
    .map((one) => one.outerHTML.slice(0, 200))"""
"""A form of a single line is sent by the Enter key (HTML, «implicit submission»); any other needs its button."""


@dataclass(frozen=True)
class Shown:
    """A page, who opens it and what it answers."""

    address: str
    role: Role | None
    status: int


@dataclass
class Filled:
    """A site with something behind every page."""

    site: Site
    pages: list[Shown]

    def sit(self, browser: Browser, role: Role | None, *, scripts: bool = True) -> BrowserContext:
        """A browser of somebody with this role, or of nobody."""
        context = browser.new_context(
            base_url=self.site.address, java_script_enabled=scripts, locale="ar-SA", timezone_id="Asia/Riyadh"
        )
        context.set_default_timeout(PATIENCE_MS)
        if role is not None:
            branch = NEAR if role in BRANCH_ROLES else None
            who = Principal(association_id=HERE, person_id="huda", role=role, branch_id=branch)
            key = load_signing_key(self.site.signing_key)
            token = issue_token(who, key=key, now=SystemClock().now(), lasts=timedelta(hours=1))
            context.add_cookies([{"name": ACCESS, "value": token, "url": self.site.address}])
        return context


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    seeds: dict[str, Seed] = {}

    async def fill(folder: Path, patch: pytest.MonkeyPatch) -> None:
        set_environment(folder, patch)
        for name, service in SERVICES.items():
            async with open_desk(service, folder, patch) as desk:
                seeds[name] = await SEEDS[name](desk)

    with open_site(tmp_path_factory.mktemp("every-page"), fill=fill) as site:
        # Answered once everything is there.
        httpx.get(site.address, timeout=PATIENCE_MS / 1000)
        pages = [
            _shown(name, route, seeds[name])
            for name, app in site.apps.items()
            for route in app.routes
            if isinstance(route, AtharRoute)
            and route.response_class is HTMLResponse
            and not route.writes
            and not route.path.startswith(OF_THE_LOOK)
        ]
        yield Filled(site, pages)


def _shown(service: str, route: AtharRoute, seed: Seed) -> Shown:
    values = {name: seed.value(name, missing=False) for name in re.findall(r"{(\w+)", route.path)}
    asked = {one.alias: seed.asked[one.alias] for one in route.dependant.query_params if one.field_info.is_required()}
    address = f"/{service}{route.path.format(**values)}" + (f"?{urlencode(asked)}" if asked else "")
    roles = sorted(route.door.roles, key=lambda role: (role is not Role.DELEGATE, role not in BRANCH_ROLES))
    # A step of the sign-in answers a stranger in its own way.
    status = ANSWERS.get(f"GET {route.path}", {NOBODY: 200})[NOBODY]
    return Shown(address, roles[0] if roles else None, status)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_is_for_everyone(browser: Browser, filled: Filled, language: str) -> None:
    assert len(filled.pages) > 30
    wrong: list[str] = []
    seats: dict[Role | None, Page] = {}
    for shown in filled.pages:
        if shown.role not in seats:
            # A tab costs more than most of its pages: each role keeps one.
            seats[shown.role] = filled.sit(browser, shown.role).new_page()
            seats[shown.role].on(
                "pageerror", lambda error, role=shown.role: wrong.append(f"{seats[role].url}: {error}")
            )
        page = seats[shown.role]
        address = f"{shown.address}{'&' if '?' in shown.address else '?'}lang={language}"
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        answer = page.goto(address)
        assert answer is not None
        wrong.extend(f"{address} shows «{code}»" for code in bare(page.evaluate(SHOWN), language=language))
        # Who is led on to where he belongs stands on that page.
        if answer.status not in {shown.status, 200}:
            wrong.append(f"{address} as {shown.role}: {answer.status}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(SIDEWAYS) != 0:
                wrong.append(f"{address} at {width}: sideways")
            if width != WIDTHS[-1] and (barred := violations_of(page)):
                wrong.append(f"{address} at {width}: {barred}")
    for page in seats.values():
        page.context.close()
    assert wrong == []


def test_what_takes_input_can_be_sent_without_scripts(browser: Browser, filled: Filled) -> None:
    wrong: list[str] = []
    for role in sorted({shown.role for shown in filled.pages}, key=str):
        context = filled.sit(browser, role, scripts=False)
        page = context.new_page()
        for shown in filled.pages:
            if shown.role != role:
                continue
            page.goto(shown.address)
            wrong += [f"{shown.address}: {told}" for told in page.evaluate(DEAF_BUTTONS) + page.evaluate(DEAD_FORMS)]
        context.close()
    assert wrong == []
