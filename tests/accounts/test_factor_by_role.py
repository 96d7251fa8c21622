"""Whose seat asks for a second factor has one before his session counts for anything."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from athar.stack.accounts import make_first_account
from services.intake.settings import FACTOR_ROLES, IntakeSettings
from shared.language.roles import Role
from tests.accounts.house import ASSOCIATION, OTHER_ASSOCIATION, PASSWORD, House, Member, open_house
from tests.accounts.test_browser import Browser
from tests.contracts.problem import assert_problem

ASKS = Role.COMMITTEE_CHAIR
SETUP = "/public/sign-in/second-factor-setup"


@pytest.fixture
async def strict(sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A house that asks what it asks where nobody says otherwise."""
    async with open_house(sqlite_url, tmp_path, second_factor_roles=FACTOR_ROLES) as house:
        yield house


async def come(house: House, *roles: Role, **more: Any) -> tuple[Member, dict[str, Any]]:
    """A member in `roles` who has signed in and chosen a password; the session as it stands."""
    sara = await house.add(**more)
    for role in roles:
        await house.seat(sara, role)
    begun = (await house.sign_in(sara)).json()
    body = {"session": begun["session"], "new_password": PASSWORD}
    view = (await house.ask("POST", "/public/sign-in/password", body)).json()
    sara.password = PASSWORD
    return sara, view


async def set_up(house: House, session: str, member: Member) -> httpx.Response:
    begun = await house.ask("POST", SETUP, {"session": session})
    assert begun.status_code == 200, begun.text
    member.authenticator = begun.json()["secret"]
    code = {"session": session, "code": member.code(house.clock.now())}
    return await house.ask("POST", f"{SETUP}/confirmation", code)


def test_who_gives_seats_decides_last_or_sees_everybody_is_asked_by_default() -> None:
    assert {Role.ASSOCIATION_ADMINISTRATOR, ASKS, Role.SENSITIVE_COMPLAINTS_OFFICER} < FACTOR_ROLES
    assert {Role.PLATFORM_OPERATOR, Role.AUDITOR} < FACTOR_ROLES
    assert IntakeSettings.model_fields["second_factor_roles"].default == FACTOR_ROLES


@pytest.mark.parametrize("role", sorted(FACTOR_ROLES - {Role.PLATFORM_OPERATOR}))
async def test_his_session_opens_nothing_before_he_has_set_it_up(strict: House, role: Role) -> None:
    sara, view = await come(strict, role)
    assert (view["stage"], view["token"], view["places"]) == ("second_factor_setup", None, [])
    session = view["session"]
    for path, more in (("session/renewal", {}), ("sign-in/seat", {"place_id": "x"})):
        answer = await strict.ask("POST", f"/public/{path}", {"session": session, **more})
        assert_problem(answer, status=409, code="sign_in_step_missing")
    opened = (await set_up(strict, session, sara)).json()
    assert (opened["stage"], len(opened["codes"])) == ("open", 10)
    assert await strict.opens(opened["token"]) == 200


async def test_the_operator_of_the_platform_sets_it_up_and_keeps_his_own_account(strict: House) -> None:
    made = await make_first_account(strict.runtime, association_id=ASSOCIATION, role=Role.PLATFORM_OPERATOR)
    assert made is not None
    operator = Member("", made.user_name, made.password)
    begun = (await strict.sign_in(operator)).json()
    body = {"session": begun["session"], "new_password": PASSWORD}
    view = (await strict.ask("POST", "/public/sign-in/password", body)).json()
    assert view["stage"] == "second_factor_setup"
    opened = (await set_up(strict, view["session"], operator)).json()
    change = {"password": PASSWORD, "new_password": "another long sentence 1"}
    assert (await strict.ask("POST", "/me/password", change, token=opened["token"])).status_code == 200
    there = await strict.ask("POST", "/me/second-factor", token=opened["token"])
    assert_problem(there, status=409, code="second_factor_there")


async def test_the_next_time_he_is_asked_for_it(strict: House) -> None:
    sara, view = await come(strict, ASKS)
    codes = (await set_up(strict, view["session"], sara)).json()["codes"]
    again = (await strict.sign_in(sara)).json()
    assert again["stage"] == "second_factor"
    given = {"session": again["session"], "code": codes[0]}
    assert (await strict.ask("POST", "/public/sign-in/second-factor", given)).json()["stage"] == "open"


async def test_who_does_not_set_it_up_is_led_to_it_each_time(strict: House) -> None:
    sara, _ = await come(strict, ASKS)
    for _ in range(2):
        assert (await strict.sign_in(sara)).json()["stage"] == "second_factor_setup"


async def test_other_seats_ask_for_none(strict: House) -> None:
    _, view = await come(strict, Role.INTAKE_OFFICER)
    assert view["stage"] == "open"


async def test_one_seat_that_asks_is_enough_among_others(strict: House) -> None:
    sara, view = await come(strict, Role.QUALITY_OFFICER, ASKS)
    assert view["stage"] == "second_factor_setup"
    opened = (await set_up(strict, view["session"], sara)).json()
    assert (opened["stage"], len(opened["places"])) == ("seat", 2)


async def test_a_seat_given_since_he_signed_in_asks_before_he_sits_in_it(strict: House) -> None:
    sara, view = await come(strict, Role.QUALITY_OFFICER)
    strict.clock.forward(timedelta(minutes=20))
    seat = await strict.seat(sara, ASKS)
    body = {"session": view["session"], "place_id": seat["id"]}
    asked = (await strict.ask("POST", "/public/sign-in/seat", body)).json()
    assert (asked["stage"], asked["token"]) == ("second_factor_setup", None)
    assert (await set_up(strict, view["session"], sara)).json()["stage"] == "seat"


async def test_a_wrong_code_is_counted_and_sets_up_nothing(strict: House) -> None:
    sara, view = await come(strict, ASKS)
    session = view["session"]
    none = await strict.ask("POST", f"{SETUP}/confirmation", {"session": session, "code": "000000"})
    assert_problem(none, status=409, code="second_factor_not_begun")
    await strict.ask("POST", SETUP, {"session": session})
    for _ in range(5):
        wrong = await strict.ask("POST", f"{SETUP}/confirmation", {"session": session, "code": "000000"})
        assert_problem(wrong, status=401, code="second_factor_wrong", field="code")
    assert (await strict.sign_in(sara)).status_code == 401, "and then the account is closed for a while"


async def test_the_step_is_nobodys_who_does_not_stand_at_it(strict: House) -> None:
    _, view = await come(strict, Role.INTAKE_OFFICER)
    answer = await strict.ask("POST", SETUP, {"session": view["session"]})
    assert_problem(answer, status=409, code="sign_in_step_missing")
    assert_problem(await strict.ask("POST", SETUP, {"session": "01a1.x"}), status=401, code="session_ended")


async def test_after_a_reset_he_sets_it_up_anew(strict: House) -> None:
    sara, view = await come(strict, ASKS)
    await set_up(strict, view["session"], sara)
    await strict.as_administrator(f"/staff/{sara.id}/second-factor-reset")
    assert (await strict.sign_in(sara)).json()["stage"] == "second_factor_setup"


async def test_an_association_may_ask_for_more_or_for_less(sqlite_url: str, tmp_path: Path) -> None:
    own = {OTHER_ASSOCIATION: frozenset({Role.QUALITY_OFFICER})}
    async with open_house(sqlite_url, tmp_path, second_factor_roles={ASKS}, second_factor_roles_of=own) as house:
        for association, role, stage in (
            (ASSOCIATION, ASKS, "second_factor_setup"),
            (ASSOCIATION, Role.QUALITY_OFFICER, "open"),
            (OTHER_ASSOCIATION, ASKS, "open"),
            (OTHER_ASSOCIATION, Role.QUALITY_OFFICER, "second_factor_setup"),
        ):
            _, view = await come(house, role, user_name=f"name-{role[:9]}", association=association)
            assert view["stage"] == stage, (association, role)


async def test_a_session_from_before_it_was_asked_ends_at_its_renewal(sqlite_url: str, tmp_path: Path) -> None:
    async with open_house(sqlite_url, tmp_path) as house:
        _, view = await come(house, ASKS)
        assert view["stage"] == "open"
    async with open_house(sqlite_url, tmp_path, second_factor_roles={ASKS}) as house:
        assert_problem(await house.renew(view["session"]), status=401, code="session_ended")


async def test_in_a_browser_he_is_led_through_it_and_on_to_where_he_wanted(strict: House) -> None:
    browser = Browser(strict)
    sara, _ = await come(strict, ASKS)
    strict.client.cookies.clear()
    step = await browser.sign_in(sara, path="/intake/sign-in?next=/intake/session%3Fx=1")
    assert step.headers["location"] == "/intake/sign-in/second-factor-setup?next=%2Fintake%2Fsession%3Fx%3D1"
    assert (await strict.client.get("/intake/api/v1/me")).status_code == 401
    led = await browser.open("/intake/sign-in/seat?next=/intake/session%3Fx=1")
    assert led.url.path == "/intake/sign-in/second-factor-setup", "each other step leads to this one"
    page = await browser.send(await browser.open(step.headers["location"]), to="/second-factor-setup")
    key = re.search(r'<bdi dir="ltr" class="code">([A-Z2-7]+)</bdi>', page.text)
    assert key is not None
    sara.authenticator = key.group(1)
    wrong = await browser.send(page, code="000000")
    assert (wrong.status_code, 'id="e-code"' in wrong.text) == (401, True)
    done = await browser.send(wrong, code=sara.code(strict.clock.now()))
    assert len(re.findall("<li><bdi", done.text)) == 10
    assert 'href="/intake/session?x=1"' in done.text
    assert (await browser.open("/intake/session?x=1")).status_code == 200
