"""The look's files: small, kept for ever, and served with nothing that a page may not do."""

import gzip
import re

import httpx
import pytest
from fastapi import FastAPI

from athar.catalogue import SERVICES
from athar.stack.gateway import make_gateway
from shared.ui import assets
from tests.contracts.conftest import app, build

__all__ = ["app"]

OF_ONE_PAGE = frozenset({"sign.js"})
"""What no page has but those that ask for it."""


def test_the_scripts_of_all_pages_together_stay_under_eighteen_kilobytes() -> None:
    scripts = [asset for name, asset in assets.assets().items() if name.endswith(".js") and name not in OF_ONE_PAGE]
    assert sum(len(script.packed) for script in scripts) < 18_000


def test_a_script_names_those_it_imports_by_the_hash_of_what_is_in_them() -> None:
    scripts = [asset.body.decode() for name, asset in assets.assets().items() if name.endswith(".js")]
    imported = [
        name for script in scripts for name in re.findall(r'^import (?:.* from )?"([^"]+)"', script, re.MULTILINE)
    ]
    assert imported
    assert all(re.fullmatch(r"/ui/\w+\.[0-9a-f]{10}\.js", name) for name in imported), imported


def test_no_script_is_a_file_for_everything() -> None:
    assert {
        name: script.body.count(b"\n")
        for name, script in assets.assets().items()
        if name.endswith(".js") and script.body.count(b"\n") > 130
    } == {}


def test_the_stylesheet_stays_under_eight_kilobytes() -> None:
    assert len(assets.assets()["athar.css"].packed) < 8_000


def test_the_stylesheet_names_fonts_by_the_hash_of_what_is_in_them() -> None:
    sheet = assets.assets()["athar.css"].body.decode()
    named = re.findall(r'url\("(/ui/[^"]+)"\)', sheet)
    assert len(named) == len(assets.FONTS)
    assert all(re.fullmatch(r"/ui/plex-\w+\.[0-9a-f]{10}\.ttf", one) for one in named)
    assert "http" not in sheet.replace("http://www.w3.org/2000/svg", "")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_colours_of_words_have_the_contrast_of_wcag_1_4_3_on_what_they_stand_on() -> None:
    sheet = assets.assets()["athar.css"].body.decode()
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sheet)) | {"paper": "#ffffff", "white": "#ffffff"}
    pairs = [
        *(
            (word, ground)
            for word in ("ink", "ink-soft", "green-deep", "red")
            for ground in ("paper", "ground", "tint")
        ),
        *((colour, f"{colour}-soft") for colour in ("red", "amber", "blue", "violet")),
        ("green", "white"),
        ("forest", "white"),
        ("sand", "forest"),
    ]
    assert {
        pair: contrast(tokens[pair[0]], tokens[pair[1]])
        for pair in pairs
        if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5
    } == {}
    # The edge of a field is no word: 3 to 1 (WCAG 1.4.11).
    assert contrast(tokens["edge"], "#ffffff") >= 3


@pytest.fixture
async def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://athar.test")


@pytest.mark.parametrize(
    "name", ["athar.css", "ui.js", "offline.js", "plex-regular.ttf", "mark.svg", "athar.webmanifest"]
)
async def test_a_file_is_kept_for_ever_under_its_hash(client: httpx.AsyncClient, name: str) -> None:
    async with client:
        answer = await client.get(assets.address(name))
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["x-content-type-options"] == "nosniff"
        plain = await client.get(assets.address(name), headers={"Accept-Encoding": "identity"})
        assert plain.content == answer.content == gzip.decompress(assets.assets()[name].packed)


async def test_a_hash_of_another_release_gets_this_releases_file_which_is_not_kept(client: httpx.AsyncClient) -> None:
    async with client:
        answer = await client.get("/ui/athar.0123456789.css")
    assert answer.content == assets.assets()["athar.css"].body
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_worker_serves_the_whole_origin_and_knows_every_file(client: httpx.AsyncClient) -> None:
    async with client:
        answer = await client.get("/ui/sw.js")
        assert answer.headers["service-worker-allowed"] == "/"
        assert answer.headers["cache-control"] == "no-cache"
        files = re.findall(r'"(/ui/[\w.-]+\.[0-9a-f]{10}\.\w+)"', answer.text)
        assert len(files) == len(assets.assets()) - 1
        for file in files:
            assert (await client.get(file)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/ui/nothing.css", "/ui/athar.css", "/ui/..%2fassets.py", "/ui/%2e%2e", "/ui/ui.js.map", "/ui/."]
)
async def test_nothing_else_of_the_disk_is_served(client: httpx.AsyncClient, path: str) -> None:
    async with client:
        assert (await client.get(path)).status_code == 404


async def test_the_gateway_has_one_copy_of_the_files_for_all_services(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    gateway = make_gateway({name: build(name, tmp_path, monkeypatch) for name in SERVICES})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=gateway), base_url="http://athar.test") as client:
        home = await client.get("/")
        for path in re.findall(r'(?:href|src)="(/ui/[^"]+)"', home.text):
            assert (await client.get(path)).status_code == 200, path
