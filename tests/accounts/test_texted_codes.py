"""A code by SMS as second factor: told sealed to notifications, good for minutes and few tries, and sparingly sent."""

import asyncio
import hmac
import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.intake.domain.accounts.second_factor import STEP_SECONDS
from services.intake.domain.accounts.texted_code import BETWEEN, IN_A_WINDOW, LASTS, TRIES
from services.intake.domain.accounts.tries import wait_after
from shared.language.events import SignInCodeMade
from shared.language.roles import Role
from shared.plumbing.seal import unseal
from tests.accounts.house import House, Member, open_house
from tests.accounts.test_browser import Browser
from tests.contracts.problem import assert_problem, everything_written

MOBILE, TYPED = "+966512345999", "٠٥١٢٣٤٥٩٩٩"
TEXT = "/public/sign-in/second-factor/text"
SETUP = "/public/sign-in/second-factor-setup"


@pytest.fixture
async def texting(sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(sqlite_url, tmp_path, texted_codes=True) as house:
        yield house


@pytest.fixture
async def either_texting(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path, texted_codes=True) as house:
        yield house


async def told(house: House) -> list[SignInCodeMade]:
    return [event for event in await house.told(SignInCodeMade) if isinstance(event, SignInCodeMade)]


async def newest(house: House) -> str:
    """The code that came to the mobile last."""
    return unseal((await told(house))[-1].code)


async def with_mobile(house: House, user_name: str = "sara") -> Member:
    """A member whose second factor is his mobile."""
    member = await house.member(user_name)
    token = (await house.enter(member))["token"]
    asked = await house.ask("POST", "/me/second-factor/text", {"mobile": TYPED}, token=token)
    assert asked.status_code == 204, asked.text
    confirmed = await house.ask("POST", "/me/second-factor/confirmation", {"code": await newest(house)}, token=token)
    assert len(confirmed.json()["codes"]) == 10
    house.clock.forward(BETWEEN)
    return member


async def begin(house: House, member: Member) -> str:
    view = (await house.sign_in(member)).json()
    assert view["stage"] == "second_factor"
    session: str = view["session"]
    return session


async def ask(house: House, session: str) -> httpx.Response:
    return await house.ask("POST", TEXT, {"session": session})


async def give(house: House, session: str, code: str) -> httpx.Response:
    return await house.ask("POST", "/public/sign-in/second-factor", {"session": session, "code": code})


async def test_a_code_is_sent_to_his_mobile_and_lets_him_in_once(texting: House) -> None:
    sara = await with_mobile(texting)
    session = await begin(texting, sara)
    assert (await ask(texting, session)).status_code == 204
    event = (await told(texting))[-1]
    assert (unseal(event.mobile), event.person_id) == (MOBILE, sara.id)
    assert event.ends_at == texting.clock.now() + LASTS
    code = unseal(event.code)
    assert len(code) == 6
    assert code.isdigit()
    assert (await give(texting, session, code)).json()["stage"] == "open"
    assert (await give(texting, await begin(texting, sara), code)).status_code == 401


async def test_nothing_readable_of_mobile_or_code_is_written(texting: House) -> None:
    await with_mobile(texting)
    written = "\n".join(line for line in everything_written(texting) if "argon2" not in line)
    assert MOBILE.lstrip("+") not in written
    assert f'"{await newest(texting)}"' not in written
    (event, *_) = await told(texting)
    assert unseal(event.code) not in event.model_dump_json(exclude={"ends_at", "code_id", "person_id"})


def hotp(key: bytes, count: int) -> str:
    """RFC 4226 §5.3."""
    mac = hmac.digest(key, struct.pack(">Q", count), "sha1")
    cut = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[cut : cut + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


async def test_it_is_good_for_five_minutes(texting: House) -> None:
    sara = await with_mobile(texting)
    session = await begin(texting, sara)
    await ask(texting, session)
    texting.clock.forward(LASTS - timedelta(seconds=1))
    code = await newest(texting)
    assert (await give(texting, session, code)).status_code == 200
    session = await begin(texting, sara)
    await ask(texting, session)
    texting.clock.forward(LASTS)
    assert (await give(texting, session, await newest(texting))).status_code == 401


async def test_after_five_wrong_ones_the_right_one_is_good_no_more(texting: House) -> None:
    sara = await with_mobile(texting)
    session = await begin(texting, sara)
    await ask(texting, session)
    right = await newest(texting)
    for number in range(TRIES):
        assert (await give(texting, session, f"{(int(right) + number + 1) % 10**6:06}")).status_code == 401
    texting.clock.forward(wait_after(TRIES))
    assert (await give(texting, await begin(texting, sara), right)).status_code == 401


async def test_only_the_newest_is_good(texting: House) -> None:
    sara = await with_mobile(texting)
    session = await begin(texting, sara)
    await ask(texting, session)
    first = await newest(texting)
    texting.clock.forward(BETWEEN)
    await ask(texting, session)
    second = await newest(texting)
    assert (await give(texting, session, first)).status_code == (200 if first == second else 401)
    assert (await give(texting, session, second)).status_code == 200


async def test_one_a_minute_and_five_an_hour_however_many_sessions_ask(texting: House) -> None:
    sara = await with_mobile(texting)
    session = await begin(texting, sara)
    for _ in range(IN_A_WINDOW - 1):
        assert (await ask(texting, await begin(texting, sara))).status_code == 204
        soon = await ask(texting, session)
        assert_problem(soon, status=429, code="too_many_requests")
        assert int(soon.headers["retry-after"]) >= BETWEEN.total_seconds()
        texting.clock.forward(BETWEEN)
    late = await ask(texting, await begin(texting, sara))
    assert_problem(late, status=429, code="too_many_requests")
    assert int(late.headers["retry-after"]) > BETWEEN.total_seconds()
    assert len(await told(texting)) == IN_A_WINDOW
    texting.clock.forward(timedelta(hours=1))
    assert (await ask(texting, await begin(texting, sara))).status_code == 204


async def test_asked_for_many_times_at_once_one_is_sent(either_texting: House) -> None:
    house = either_texting
    sara = await with_mobile(house)
    session = await begin(house, sara)
    answers = await asyncio.gather(*(ask(house, session) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 429, 429, 429]
    assert len(await told(house)) == 2, "one when it was set up, one now"


async def test_one_code_lets_one_session_in(either_texting: House) -> None:
    house = either_texting
    sara = await with_mobile(house)
    sessions = [await begin(house, sara) for _ in range(3)]
    await ask(house, sessions[0])
    code = await newest(house)
    answers = await asyncio.gather(*(give(house, session, code) for session in sessions))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


async def test_one_whose_factor_is_a_mobile_has_no_authenticator_that_anybody_could_reckon(texting: House) -> None:
    sara = await with_mobile(texting)
    # Of a secret that is not there: RFC 4226 would reckon one with the empty key too.
    of_nothing = hotp(b"", int(texting.clock.now().timestamp()) // STEP_SECONDS)
    for code in (of_nothing, "", " ", "000000"):
        assert (await give(texting, await begin(texting, sara), code or "0")).status_code == 401


async def test_an_authenticator_that_was_begun_and_never_confirmed_opens_nothing(texting: House) -> None:
    sara = await texting.member()
    token = (await texting.enter(sara))["token"]
    sara.authenticator = (await texting.ask("POST", "/me/second-factor", token=token)).json()["secret"]
    await texting.ask("POST", "/me/second-factor/text", {"mobile": TYPED}, token=token)
    code = {"code": await newest(texting)}
    assert (await texting.ask("POST", "/me/second-factor/confirmation", code, token=token)).status_code == 200
    session = await begin(texting, sara)
    assert (await give(texting, session, sara.code(texting.clock.now()))).status_code == 401


async def test_a_code_that_came_to_another_number_is_none_of_this_one(texting: House) -> None:
    """Who sits at another's open session does not make his own mobile the second factor."""
    sara = await with_mobile(texting)
    session = await begin(texting, sara)
    await ask(texting, session)
    opened = (await give(texting, session, await newest(texting))).json()
    other = await texting.ask("POST", "/me/second-factor/text", {"mobile": "0555000222"}, token=opened["token"])
    assert_problem(other, status=409, code="second_factor_there")
    assert {unseal(event.mobile) for event in await told(texting)} == {MOBILE}


@pytest.mark.parametrize("wrong", ["12345", "+15550001111", "x", "0412345678"])
async def test_what_is_no_saudi_mobile_is_refused_beside_its_field(texting: House, wrong: str) -> None:
    token = (await texting.enter(await texting.member()))["token"]
    answer = await texting.ask("POST", "/me/second-factor/text", {"mobile": wrong}, token=token)
    assert_problem(answer, status=422, code="malformed", field="mobile")
    assert await told(texting) == []


async def test_who_has_no_mobile_set_up_is_sent_nothing(texting: House) -> None:
    sara = await texting.member()
    await texting.with_authenticator(sara)
    assert_problem(await ask(texting, await begin(texting, sara)), status=409, code="second_factor_not_begun")
    assert await told(texting) == []


async def test_where_no_sms_goes_out_an_authenticator_is_named_instead(house: House) -> None:
    token = (await house.enter(await house.member()))["token"]
    answer = await house.ask("POST", "/me/second-factor/text", {"mobile": TYPED}, token=token)
    assert_problem(answer, status=409, code="codes_not_texted")
    assert_problem(await ask(house, "01a1.x"), status=409, code="codes_not_texted")


async def test_a_reset_takes_the_mobile_away(texting: House) -> None:
    sara = await with_mobile(texting)
    await texting.as_administrator(f"/staff/{sara.id}/second-factor-reset")
    assert (await texting.sign_in(sara)).json()["stage"] == "open"


async def test_in_a_browser_a_code_is_asked_for_and_given(texting: House) -> None:
    browser, sara = Browser(texting), await with_mobile(texting)
    page = await browser.open((await browser.sign_in(sara)).headers["location"])
    sent = await browser.send(page, to="/text")
    assert sent.status_code == 200
    assert "أرسلنا رمزًا" in sent.text
    soon = await browser.send(sent, to="/text")
    assert (soon.status_code, soon.headers["retry-after"]) == (429, "60")
    assert 'id="e-code"' in soon.text
    step = await browser.send(soon, to="/second-factor", code=await newest(texting))
    assert step.headers["location"] == "/intake/session"


async def test_in_a_browser_a_seat_that_asks_is_entered_with_a_mobile(sqlite_url: str, tmp_path: Path) -> None:
    roles = {Role.INTAKE_OFFICER}
    async with open_house(sqlite_url, tmp_path, texted_codes=True, second_factor_roles=roles) as house:
        browser, sara = Browser(house), await house.member()
        page = await browser.open((await browser.sign_in(sara)).headers["location"])
        wrong = await browser.send(page, to="/text", mobile="12")
        assert (wrong.status_code, 'id="e-mobile"' in wrong.text) == (422, True)
        asked = await browser.send(wrong, to="/text", mobile=TYPED)
        done = await browser.send(asked, code=await newest(house))
        assert done.text.count("<li><bdi") == 10
        assert (await browser.open("/intake/session")).status_code == 200
