"""Pages as a browser asks for them, without one: language, headers, refusals, and what production hides."""

import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.applications import Starlette

from athar.catalogue import SERVICES
from athar.stack.gateway import make_gateway
from shared.language.errors import PartDown
from shared.ui.gallery import EXAMPLES
from tests.contracts.conftest import app, build

__all__ = ["app"]

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = [
    "/intake/sign-in",
    "/ui/gallery",
    "/ui/offline",
    "/ui/outbox",
    *(f"/ui/gallery/{example}" for example in EXAMPLES),
]


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    return make_gateway({name: build(name, tmp_path, monkeypatch) for name in SERVICES})


def asking(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://athar.test", headers=BROWSER)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_reads_from_the_right_unless_english_is_asked_for(gateway: Starlette, path: str) -> None:
    async with asking(gateway) as client:
        arabic = await client.get(path)
        assert '<html lang="ar" dir="rtl"' in arabic.text
        english = await client.get(path, params={"lang": "en"})
        assert '<html lang="en" dir="ltr"' in english.text
        assert "athar_lang=en" in english.headers["set-cookie"]
        assert '<html lang="en" dir="ltr"' in (await client.get(path)).text, "the choice is remembered"


async def test_the_way_to_the_other_language_keeps_the_rest_of_the_address(gateway: Starlette) -> None:
    async with asking(gateway) as client:
        page = await client.get("/ui/gallery/queue", params={"status": "received", "lang": "en", "q": '&<"'})
    switch = re.search(r'class="switch" href="([^"]+)"', page.text)
    assert switch is not None
    assert switch.group(1) == "?status=received&amp;q=%26%3C%22&amp;lang=ar"


@pytest.mark.parametrize("path", ["/", *PAGES])
async def test_nothing_runs_in_a_page_but_our_own_files_and_nobody_keeps_it(gateway: Starlette, path: str) -> None:
    async with asking(gateway) as client:
        page = await client.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert re.findall(r"https?://[^\"'\s]+", page.text) == []
    assert not re.search(r"<script(?![^>]* src=)|\sstyle=|\son\w+=", page.text)


@pytest.mark.parametrize("path", ["/nowhere", "/ui/nowhere", "/intake/nowhere", "/notifications/nowhere?lang=ar"])
async def test_a_browser_gets_a_page_where_nothing_is(gateway: Starlette, path: str) -> None:
    async with asking(gateway) as client:
        page = await client.get(path)
        assert page.status_code == 404
        assert "هذه الصفحة غير موجودة" in page.text
        assert "not_found" in page.text


async def test_a_program_gets_a_problem_document_as_ever(gateway: Starlette) -> None:
    async with asking(gateway) as client:
        for path, accept in (("/intake/nowhere", "*/*"), ("/intake/api/v1/nowhere", BROWSER["Accept"])):
            answer = await client.get(path, headers={"Accept": accept})
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "not_found"


async def test_a_failure_of_ours_looks_like_us_and_tells_nothing_of_itself(app: FastAPI) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret of the house")

    async with asking(app) as client:
        page = await client.get("/broken")
    assert page.status_code == 500
    assert "حدث خلل لدينا" in page.text
    assert "secret" not in page.text


async def test_what_a_door_says_is_said_on_the_page(app: FastAPI) -> None:
    async with asking(app) as client:
        page = await client.get("/metrics", headers={"Authorization": "Bearer of nobody"})
        assert page.status_code == 401
        assert page.headers["content-type"].startswith("text/html")
        assert page.headers["www-authenticate"] == "Bearer"
        assert "token_forged" in page.text


@pytest.mark.parametrize(
    ("sent", "carried"),
    [
        ({"need": "حاجة <b>", "once": "page-1"}, True),
        ({"user_name": "noura", "password": "a-secret-of-hers"}, False),
        ({"new_password": "a-secret-of-hers"}, False),
        ({"code": "123456"}, False),
    ],
)
async def test_what_may_be_taken_a_moment_later_is_sent_again_from_the_page_but_for_secrets(
    app: FastAPI, sent: dict[str, str], *, carried: bool
) -> None:
    @app.post("/down")
    async def be_down(request: Request) -> None:
        await request.body()
        raise PartDown

    async with asking(app) as client:
        answer = await client.post("/down", data=sent)
    assert answer.status_code == 503
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    assert {name: unescape(value) for name, value in fields} == (sent if carried else {})


async def test_who_is_not_signed_in_is_led_to_where_he_can(app: FastAPI) -> None:
    async with asking(app) as client:
        way = await client.get("/metrics")
    assert way.status_code == 303
    assert way.headers["location"] == "/intake/sign-in?next=%2Fmetrics"


async def test_production_shows_no_invented_people(app: FastAPI) -> None:
    runtime = app.state.runtime
    runtime.settings = runtime.settings.model_copy(update={"environment": "production"})
    async with asking(app) as client:
        for path in ("/ui/gallery", *(f"/ui/gallery/{example}" for example in EXAMPLES)):
            assert (await client.get(path)).status_code == 404
        assert (await client.get("/ui/outbox")).status_code == 200


async def test_an_example_that_is_not_there_is_not_there(app: FastAPI) -> None:
    async with asking(app) as client:
        for example in ("nothing", "..", "%2e%2e%2fui%2flayout", "layout"):
            assert (await client.get(f"/ui/gallery/{example}")).status_code == 404


async def test_only_a_page_that_shows_nobodys_data_may_be_kept_on_the_device(gateway: Starlette) -> None:
    async with asking(gateway) as client:
        kept = {path for path in ["/", *PAGES] if "athar-keep" in (await client.get(path)).headers}
    assert kept == {"/ui/offline", "/ui/outbox", "/ui/gallery/request"}


async def test_the_home_page_names_every_service(gateway: Starlette) -> None:
    async with asking(gateway) as client:
        home = (await client.get("/")).text
    for name in SERVICES:
        assert f'href="/{name}/openapi.json"' in home
    for page in ("/notifications/", "/intake/sign-in"):
        assert f'href="{page}"' in home
