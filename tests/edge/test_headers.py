"""Every answer says what a browser may do with it, whoever gives it and whatever it tells of."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette

from athar.catalogue import SERVICES
from athar.stack.gateway import make_gateway
from shared.plumbing.edge.headers import HEADERS, POLICY
from shared.ui.gallery import EXAMPLES
from tests.contracts.conftest import build
from tests.edge.file_desk import FileDesk


@asynccontextmanager
async def browser(app: FastAPI | Starlette, *, scheme: str = "http") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://athar.test") as client:
        yield client


def check(answer: httpx.Response) -> None:
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.url


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/openapi.json"),
        ("GET", "/docs/events/"),
        ("POST", "/docs/events/"),
        ("GET", "/nowhere"),
        ("DELETE", "/health"),
        ("GET", "/health"),
        ("GET", "/ready"),
        ("GET", "/metrics"),
        ("GET", "/api/v1/operations/dead"),
    ],
)
async def test_every_answer_of_every_service_carries_them(app: FastAPI, method: str, path: str) -> None:
    async with browser(app) as client:
        check(await client.request(method, path))


async def test_an_answer_that_tells_of_a_bug_carries_them_too(app: FastAPI) -> None:
    app.state.runtime = None
    async with browser(app) as client:
        answer = await client.get("/health")
    assert answer.status_code == 500
    check(answer)


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    return make_gateway({name: build(name, tmp_path, monkeypatch) for name in SERVICES})


async def test_the_one_origin_carries_them_once(gateway: Starlette) -> None:
    async with browser(gateway) as client:
        for path in ("/", "/ui/offline", "/health", "/nowhere", "/intake/openapi.json", "/feedback/nowhere"):
            answer = await client.get(path)
            check(answer)
            assert len(answer.headers.get_list("content-security-policy")) == 1


async def test_only_a_line_that_is_locked_asks_to_stay_locked(gateway: Starlette) -> None:
    async with browser(gateway) as plain, browser(gateway, scheme="https") as locked:
        assert "strict-transport-security" not in (await plain.get("/")).headers
        assert "max-age=" in (await locked.get("/")).headers["strict-transport-security"]


def test_the_policy_lets_no_script_and_no_style_in_but_ours() -> None:
    said = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert said["default-src"] == said["frame-ancestors"] == said["base-uri"] == "'none'"
    assert said["script-src"] == said["style-src"] == said["form-action"] == "'self'"
    assert "unsafe" not in POLICY


class Inline(HTMLParser):
    """What in a page the policy would not let run, and what it loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").startswith(("javascript:", "http", "//")):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.within in {"script", "style"} and data.strip():
            self.found.append(f"<{self.within}>")


def inline(page: str) -> list[str]:
    parser = Inline()
    parser.feed(page)
    return parser.found


async def test_no_page_needs_what_the_policy_forbids(gateway: Starlette) -> None:
    async with browser(gateway) as client:
        look = (
            "/",
            "/intake/sign-in",
            "/ui/outbox",
            "/ui/gallery",
            *(f"/ui/gallery/{example}" for example in EXAMPLES),
        )
        pages = [await client.get(path) for path in (*look, *(f"/{name}/docs/events/" for name in SERVICES))]
    for page in pages:
        assert page.headers["content-type"].startswith("text/html")
        assert inline(page.text) == [], page.url


async def test_a_style_has_a_file(gateway: Starlette) -> None:
    async with browser(gateway) as client:
        page = await client.get("/")
        (name,) = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)
        style = await client.get(name)
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


async def test_what_lies_behind_a_door_is_not_kept_by_who_passes_it_on(papers_desk: FileDesk) -> None:
    path = f"/api/v1/cases/{papers_desk.case['id']}"
    answer = await papers_desk.office.desk.client.get(path, headers=papers_desk.headers())
    assert answer.status_code == 200
    check(answer)


async def test_the_page_of_events_names_each_event_with_its_fields(app: FastAPI) -> None:
    async with browser(app) as client:
        page = (await client.get("/docs/events/")).text
        document = json.loads((await client.get("/asyncapi.json")).text)
    for channel in document["channels"]:
        assert channel in page or channel.title().replace(".", "").replace("_", "") in page
    assert "association_id" in page
