"""The sign-in page and the cookies: for a browser without scripts, in Arabic first, and for nobody else's page."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from shared.language.roles import Role
from shared.plumbing.browser import local
from shared.policy.adopted import pack_of
from tests.accounts.house import ASSOCIATION, BRANCH, ORIGIN, PASSWORD, WRONG, House, open_house
from tests.accounts.web_browser import HTML, SIGN_IN, Browser
from tests.contracts.problem import everything_written

MINUTE = timedelta(minutes=1)


@pytest.fixture
def browser(house: House) -> Browser:
    return Browser(house)


async def test_a_person_signs_in_step_by_step_and_comes_to_where_he_wanted(house: House, browser: Browser) -> None:
    sara = await house.add()
    await house.seat(sara, Role.DELEGATE)
    await house.seat(sara, Role.QUALITY_OFFICER)
    step = await browser.sign_in(sara, path=f"{SIGN_IN}?next=/intake/session%3Fx=1")
    assert step.headers["location"] == "/intake/sign-in/password?next=%2Fintake%2Fsession%3Fx%3D1"
    weak = await browser.send(await browser.open(step.headers["location"]), new_password="short")
    assert weak.status_code == 422
    assert 'aria-describedby="h-new_password e-new_password"' in weak.text
    step = await browser.send(weak, new_password=PASSWORD)
    page = await browser.open(step.headers["location"])
    assert "مندوب" in page.text
    (_, place) = re.findall(r'name="place_id" value="([^"]+)"', page.text)
    step = await browser.send(page, place_id=place)
    assert step.headers["location"] == "/intake/session?x=1"
    assert "مسؤول الجودة" in (await browser.open(step.headers["location"])).text


async def test_the_second_factor_is_a_step_of_its_own(house: House, browser: Browser) -> None:
    sara = await house.member()
    await house.with_authenticator(sara)
    step = await browser.sign_in(sara)
    page = await browser.open(step.headers["location"])
    assert 'autocomplete="one-time-code"' in page.text
    wrong = await browser.send(page, code="000000")
    assert wrong.status_code == 401
    assert 'id="e-code"' in wrong.text
    step = await browser.send(wrong, code=sara.code(house.clock.now()))
    assert step.headers["location"] == "/intake/session"


@pytest.mark.parametrize("field", ["association_id", "user_name", "password"])
async def test_a_letter_that_no_database_holds_is_refused_before_it_is_looked_up(
    house: House, browser: Browser, field: str
) -> None:
    sara = await house.member()
    page = await browser.sign_in(sara, **{field: "a\0b"})
    assert page.status_code == 422
    assert "malformed" in page.text


async def test_one_without_a_seat_is_told_so_on_a_page(house: House, browser: Browser) -> None:
    step = await browser.sign_in(await house.add())
    page = await browser.send(await browser.open(step.headers["location"]), new_password=PASSWORD)
    assert page.status_code == 403
    assert "seat_lapsed" in page.text


async def test_a_second_factor_is_set_up_on_the_page(house: House, browser: Browser) -> None:
    sara = await house.member()
    await browser.sign_in(sara)
    page = await browser.send(await browser.open("/intake/session"), to="/second-factor")
    key = re.search(r'<bdi dir="ltr" class="code">([A-Z2-7]+)</bdi>', page.text)
    assert key is not None
    assert 'src="data:image/png;base64,' in page.text
    sara.authenticator = key.group(1)
    done = await browser.send(page, code=sara.code(house.clock.now()))
    assert len(re.findall("<li><bdi", done.text)) == 10
    assert (await house.sign_in(sara)).json()["stage"] == "second_factor"


async def test_nothing_typed_is_lost_but_the_password(house: House, browser: Browser) -> None:
    sara = await house.member()
    page = await browser.sign_in(sara, path=f"{SIGN_IN}?next=/intake/session", password=WRONG)
    assert page.status_code == 401
    assert 'role="alert"' in page.text
    assert 'value="sara"' in page.text
    assert f'value="{ASSOCIATION}" selected' in page.text
    assert WRONG not in page.text
    assert 'name="next" value="/intake/session"' in page.text


@pytest.mark.parametrize("missing", ["association_id", "user_name", "password"])
async def test_what_is_missing_is_said_beside_its_field(house: House, browser: Browser, missing: str) -> None:
    sara = await house.member()
    before = everything_written(house)
    page = await browser.sign_in(sara, **{missing: " "})
    assert page.status_code == 422
    assert f'aria-describedby="e-{missing}"' in page.text
    assert f'id="e-{missing}"' in page.text
    assert everything_written(house) == before


async def test_what_is_typed_is_text_and_never_markup(browser: Browser) -> None:
    page = await browser.send(await browser.open(SIGN_IN), user_name='"><script>alert(1)</script>', password="x")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize(("query", "language", "direction"), [("", "ar", "rtl"), ("?lang=en", "en", "ltr")])
async def test_the_page_speaks_arabic_and_on_request_english(
    browser: Browser, query: str, language: str, direction: str
) -> None:
    page = await browser.open(SIGN_IN + query)
    assert f'<html lang="{language}" dir="{direction}"' in page.text
    assert ("Sign in" in page.text) is (language == "en")
    for name in ("association_id", "user_name", "password"):
        assert f'<label for="f-{name}">' in page.text
        assert f'id="f-{name}"' in page.text


async def test_the_page_runs_no_script_and_has_no_style_of_its_own(browser: Browser) -> None:
    page = await browser.open(SIGN_IN)
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", page.text)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_cookies_are_this_origins_alone_and_no_scripts(house: House, browser: Browser) -> None:
    answer = await browser.sign_in(await house.member())
    cookies = {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}
    assert {"__Host-athar-session", "__Host-athar-access", "__Host-athar-form"} <= set(cookies)
    for name, line in cookies.items():
        assert "Secure" in line
        assert "SameSite=lax" in line
        assert "Path=/" in line
        assert "Domain" not in line
        assert ("HttpOnly" in line) is (name != "__Host-athar-form")


async def test_on_ones_own_machine_cookies_go_without_tls(sqlite_url: str, tmp_path: Path) -> None:
    async with open_house(sqlite_url, tmp_path, origin="http://127.0.0.1:8080") as house:
        page = await house.client.get(SIGN_IN, headers=HTML)
        (cookie,) = page.headers.get_list("set-cookie")
        assert cookie.startswith("athar-entry=")
        assert "Secure" not in cookie
        assert "HttpOnly" in cookie


async def test_elsewhere_without_tls_cookies_are_secure_all_the_same(sqlite_url: str, tmp_path: Path) -> None:
    async with open_house(sqlite_url, tmp_path, origin="http://athar.test") as house:
        (cookie,) = (await house.client.get(SIGN_IN, headers=HTML)).headers.get_list("set-cookie")
        assert cookie.startswith("__Host-athar-entry=")
        assert "Secure" in cookie


@pytest.fixture
async def signed_in(house: House, browser: Browser) -> Browser:
    await browser.sign_in(await house.member("sara", Role.ASSOCIATION_ADMINISTRATOR))
    return browser


def form_token(browser: Browser) -> str:
    return browser.client.cookies["__Host-athar-form"]


NEW = {"user_name": "omar", "name": "عمر"}


async def post(browser: Browser, **headers: str) -> httpx.Response:
    return await browser.client.post("/intake/api/v1/staff", json=NEW, headers=headers)


async def test_a_script_of_ours_writes_with_the_cookie_and_the_form_token(signed_in: Browser) -> None:
    headers = {"X-Form-Token": form_token(signed_in), "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    assert (await post(signed_in, **headers)).status_code == 201
    assert (await signed_in.client.get("/intake/api/v1/staff")).status_code == 200


FORGERIES: list[dict[str, str]] = [
    {},
    {"X-Form-Token": "made-up"},
    {"X-Form-Token": "REAL", "Origin": "https://evil.test"},
    {"X-Form-Token": "REAL", "Origin": "null"},
    {"X-Form-Token": "REAL", "Sec-Fetch-Site": "cross-site"},
    {"X-Form-Token": "REAL", "Sec-Fetch-Site": "same-site"},
    {"X-Form-Token": "REAL", "Sec-Fetch-Site": "none"},
    {"X-Form-Token": "é"},
]


@pytest.mark.parametrize("headers", FORGERIES, ids=range(len(FORGERIES)))
async def test_a_strangers_page_writes_nothing_with_our_cookie(
    house: House, signed_in: Browser, headers: dict[str, str]
) -> None:
    before = everything_written(house)
    real = form_token(signed_in)
    sent = {name: (real if value == "REAL" else value).encode() for name, value in headers.items()}
    answer = await signed_in.client.post("/intake/api/v1/staff", json=NEW, headers=sent)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (403, "request_forged")
    assert everything_written(house) == before


async def test_the_form_token_of_another_session_is_none(house: House, signed_in: Browser) -> None:
    theirs = form_token(signed_in)
    signed_in.client.cookies.clear()
    await signed_in.sign_in(await house.member("omar", Role.ASSOCIATION_ADMINISTRATOR))
    answer = await post(signed_in, **{"X-Form-Token": theirs})
    assert (answer.status_code, answer.json()["code"]) == (403, "request_forged")


async def test_a_program_with_a_token_of_its_own_needs_no_form_token(house: House, signed_in: Browser) -> None:
    token = house.token(Role.ASSOCIATION_ADMINISTRATOR)
    assert (await post(signed_in, Authorization=f"Bearer {token}")).status_code == 201


async def test_nobody_is_signed_in_by_anothers_form(house: House, browser: Browser) -> None:
    sara = await house.member()
    typed = {"association_id": sara.association, "user_name": sara.user_name, "password": sara.password}
    for headers in ({}, {"Origin": "https://evil.test"}):
        page = await browser.client.post(SIGN_IN, data=typed, headers=HTML | headers)
        assert page.status_code == 403
        assert 'value="sara"' in page.text
        assert "__Host-athar-session" not in page.headers.get("set-cookie", "")


async def test_a_token_that_ended_is_renewed_on_the_way_and_the_form_is_not_lost(
    house: House, signed_in: Browser
) -> None:
    page = await signed_in.open("/intake/session")
    house.clock.forward(6 * MINUTE)
    answer = await signed_in.send(page, to="/session/end")
    assert answer.status_code == 307
    assert urlsplit(answer.headers["location"]).path == "/intake/session/renewal"
    hops = []
    while answer.status_code == 307:
        hops.append(answer.headers["location"])
        request: Any = answer.next_request
        request.headers.update({"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"})
        answer = await signed_in.client.send(request)
    assert hops[1:] == ["/intake/session/end"]
    assert answer.status_code == 303
    assert answer.headers["location"] == SIGN_IN


async def test_a_page_opened_after_the_token_ended_opens(house: House, signed_in: Browser) -> None:
    house.clock.forward(6 * MINUTE)
    assert (await signed_in.open("/intake/session")).status_code == 200


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(house: House, browser: Browser) -> None:
    page = await browser.open("/intake/session?a=1")
    assert page.url.path == SIGN_IN
    assert parse_qs(page.url.query.decode())["next"] == ["/intake/session?a=1"]
    sara = await house.member()
    typed = {"association_id": sara.association, "user_name": sara.user_name, "password": sara.password}
    answer = await browser.send(page, **typed)
    assert answer.headers["location"] == "/intake/session?a=1"


async def test_who_signed_out_carries_no_cookie_any_more(house: House, signed_in: Browser) -> None:
    page = await signed_in.open("/intake/session")
    answer = await signed_in.send(page, to="/session/end")
    assert answer.headers["location"] == SIGN_IN
    assert not {"__Host-athar-session", "__Host-athar-access"} & set(signed_in.client.cookies)
    assert len(await house.ended()) >= 1


async def test_a_session_that_was_ended_leads_to_the_sign_in_page(house: House, signed_in: Browser) -> None:
    (sara,) = (await signed_in.client.get("/intake/api/v1/staff")).json()["items"]
    await house.as_administrator(f"/staff/{sara['id']}/sign-out")
    assert (await signed_in.open("/intake/session")).url.path == SIGN_IN
    house.clock.forward(6 * MINUTE)
    assert (await signed_in.open("/intake/session")).url.path == SIGN_IN


async def test_the_head_of_a_page_says_who_is_signed_in_and_leads_out(house: House, browser: Browser) -> None:
    await browser.sign_in(await house.member("sara", Role.DELEGATE))
    page = await browser.open("/intake/session")
    head = page.text.partition("<header")[2].partition("</header>")[0]
    assert "سارة العتيبي" in head
    assert "مندوب" in head
    assert pack_of(ASSOCIATION).branch(BRANCH).name.ar in head  # type: ignore[union-attr]
    assert pack_of(ASSOCIATION).association.name.ar in head
    action, token = re.findall(r'<form method="post" action="([^"]+)".*?name="form_token" value="([^"]+)"', head)[0]
    answer = await browser.client.post(action, data={"form_token": token}, headers=HTML | {"Origin": ORIGIN})
    assert answer.headers["location"] == SIGN_IN
    assert len(await house.ended()) >= 1


async def test_a_device_tells_its_users_apart_and_learns_nobodys_number(house: House, browser: Browser) -> None:
    owners = set()
    for user_name in ("sara", "omar"):
        member = await house.member(user_name)
        await browser.sign_in(member)
        page = await browser.open("/intake/session")
        assert member.id not in page.text
        owners |= set(re.findall(r'data-owner="([^"]+)"', page.text))
    assert len(owners) == 2


@pytest.mark.parametrize(
    "away", ["https://evil.test", "//evil.test", "/\\evil.test", "evil", "", "javascript:alert(1)", "/a\nb", "/a\tb"]
)
async def test_nobody_is_led_away_from_our_origin(house: House, browser: Browser, away: str) -> None:
    assert local(away, otherwise="/here") == "/here"
    sara = await house.member()
    page = await browser.open(SIGN_IN)
    typed = {"association_id": sara.association, "user_name": sara.user_name, "password": sara.password}
    answer = await browser.send(page, **typed, next=away)
    assert answer.headers["location"] == "/intake/session"
