"""The second factor: needed once it is set up, each code taken once, and a way in for who lost it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.intake.domain.accounts.tries import FREE, wait_after
from tests.accounts.house import House, Member
from tests.contracts.problem import assert_problem

STEP = timedelta(seconds=30)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


async def begin(house: House, member: Member) -> str:
    view = (await house.sign_in(member)).json()
    assert (view["stage"], view["token"], view["places"]) == ("second_factor", None, [])
    session: str = view["session"]
    return session


async def give(house: House, session: str, code: str) -> httpx.Response:
    return await house.ask("POST", "/public/sign-in/second-factor", {"session": session, "code": code})


@pytest.fixture
async def sara(house: House) -> Member:
    member = await house.member()
    member.codes = await house.with_authenticator(member)  # type: ignore[attr-defined]
    return member


def code_of(house: House, member: Member, *, steps: int = 0) -> str:
    return member.code(house.clock.now() + steps * STEP)


async def test_the_password_alone_opens_nothing_any_more(house: House, sara: Member) -> None:
    session = await begin(house, sara)
    answer = await house.renew(session)
    assert_problem(answer, status=409, code="sign_in_step_missing")
    view = (await give(house, session, code_of(house, sara))).json()
    assert view["stage"] == "open"
    assert await house.opens(view["token"]) == 200


async def test_a_code_is_taken_once(house: House, sara: Member) -> None:
    code = code_of(house, sara)
    assert (await give(house, await begin(house, sara), code)).status_code == 200
    again = await give(house, await begin(house, sara), code)
    assert_problem(again, status=401, code="second_factor_wrong", field="code")


async def test_a_code_from_before_one_that_was_taken_is_taken_no_more(house: House, sara: Member) -> None:
    earlier = code_of(house, sara)
    house.clock.forward(STEP)
    assert (await give(house, await begin(house, sara), code_of(house, sara))).status_code == 200
    assert (await give(house, await begin(house, sara), earlier)).status_code == 401


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_clocks_may_be_half_a_minute_apart(house: House, sara: Member, steps: int, status: int) -> None:
    house.clock.forward(5 * STEP)
    assert (await give(house, await begin(house, sara), code_of(house, sara, steps=steps))).status_code == status


async def test_the_code_that_set_it_up_signs_nobody_in(house: House) -> None:
    sara = await house.member()
    await house.with_authenticator(sara)
    house.clock.at -= STEP
    assert (await give(house, await begin(house, sara), code_of(house, sara))).status_code == 401


async def test_a_code_may_be_typed_in_arabic_digits_and_with_a_space(house: House, sara: Member) -> None:
    code = code_of(house, sara).translate(ARABIC)
    assert (await give(house, await begin(house, sara), f"{code[:3]} {code[3:]}")).status_code == 200


@pytest.mark.parametrize("code", ["000000", "1", "x" * 40, "١" * 40, "é", "12345678901234567890"])
async def test_what_is_no_code_is_refused(house: House, sara: Member, code: str) -> None:
    assert (await give(house, await begin(house, sara), code)).status_code == 401


async def test_a_recovery_code_works_once(house: House, sara: Member) -> None:
    code = sara.codes[3]  # type: ignore[attr-defined]
    assert (await give(house, await begin(house, sara), f" {code.upper()} ")).json()["stage"] == "open"
    assert (await give(house, await begin(house, sara), code)).status_code == 401
    assert (await give(house, await begin(house, sara), sara.codes[4])).status_code == 200  # type: ignore[attr-defined]


async def test_guessing_codes_closes_the_account_also_for_who_has_the_password(house: House, sara: Member) -> None:
    session = await begin(house, sara)
    for guess in range(FREE):
        assert (await give(house, session, f"{guess:06}")).status_code == 401
    assert (await give(house, session, code_of(house, sara))).status_code == 401
    assert (await house.sign_in(sara)).status_code == 401
    house.clock.forward(wait_after(FREE))
    assert (await give(house, await begin(house, sara), code_of(house, sara))).status_code == 200


async def test_a_right_password_does_not_forget_wrong_codes(house: House, sara: Member) -> None:
    for guess in range(FREE):
        session = await begin(house, sara)
        await give(house, session, f"{guess:06}")
    assert (await house.sign_in(sara)).status_code == 401


async def test_between_password_and_code_are_ten_minutes(house: House, sara: Member) -> None:
    session = await begin(house, sara)
    house.clock.forward(timedelta(minutes=10))
    answer = await give(house, session, code_of(house, sara))
    assert_problem(answer, status=401, code="session_ended")


async def test_who_lost_it_signs_in_without_after_the_administrator_reset_it(house: House, sara: Member) -> None:
    await house.as_administrator(f"/staff/{sara.id}/second-factor-reset")
    assert (await house.sign_in(sara)).json()["stage"] == "open"
    assert await house.with_authenticator(sara)


async def test_a_second_factor_in_force_is_not_set_up_again(house: House, sara: Member) -> None:
    view: dict[str, Any] = (await give(house, await begin(house, sara), code_of(house, sara))).json()
    answer = await house.ask("POST", "/me/second-factor", token=view["token"])
    assert_problem(answer, status=409, code="second_factor_there")


async def test_it_is_in_force_only_once_it_was_confirmed(house: House) -> None:
    omar = await house.member("omar")
    token = (await house.enter(omar))["token"]
    assert_problem(
        await house.ask("POST", "/me/second-factor/confirmation", {"code": "123456"}, token=token),
        status=409,
        code="second_factor_not_begun",
    )
    assert (await house.ask("POST", "/me/second-factor", token=token)).status_code == 201
    wrong = await house.ask("POST", "/me/second-factor/confirmation", {"code": "000000"}, token=token)
    assert_problem(wrong, status=401, code="second_factor_wrong", field="code")
    assert (await house.sign_in(omar)).json()["stage"] == "open"
