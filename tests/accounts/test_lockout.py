"""Too many tries: the account is closed for a while that grows, whoever tries and however many at once."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from services.intake.domain.accounts.tries import FREE, LONGEST_WAIT, SignInTries, wait_after
from tests.accounts.house import WRONG, House, Member, open_house


async def failures(house: House, member: Member) -> int:
    async with house.runtime.database.read() as session:
        row = (await session.exec(select(SignInTries).where(SignInTries.account == member.id))).one()
        return row.failures


async def lock(house: House, member: Member) -> None:
    for _ in range(FREE):
        await house.sign_in(member, password=WRONG)


async def test_of_many_tries_at_once_no_more_count_than_close_the_account(either_house: House) -> None:
    house = either_house
    sara = await house.member()
    answers = await asyncio.gather(*(house.sign_in(sara, password=f"{WRONG} {n}") for n in range(12)))
    assert {answer.status_code for answer in answers} == {401}
    assert await failures(house, sara) == FREE
    assert (await house.sign_in(sara)).status_code == 401


async def test_a_closed_account_opens_again_after_its_wait(house: House) -> None:
    sara = await house.member()
    await lock(house, sara)
    house.clock.forward(wait_after(FREE) - timedelta(seconds=1))
    assert (await house.sign_in(sara)).status_code == 401
    house.clock.forward(timedelta(seconds=1))
    assert (await house.sign_in(sara)).status_code == 200
    assert await failures(house, sara) == 0


async def test_each_further_failure_closes_it_for_twice_as_long(house: House) -> None:
    sara = await house.member()
    await lock(house, sara)
    for more in range(1, 4):
        house.clock.forward(wait_after(FREE + more - 1))
        assert (await house.sign_in(sara, password=WRONG)).status_code == 401
        house.clock.forward(wait_after(FREE + more) - timedelta(seconds=1))
        assert (await house.sign_in(sara)).status_code == 401
        house.clock.forward(timedelta(seconds=1))
    assert (await house.sign_in(sara)).status_code == 200


def test_no_wait_is_longer_than_an_hour() -> None:
    waits = [wait_after(failures) for failures in range(FREE, 400)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert waits[-1] == LONGEST_WAIT == timedelta(hours=1)


async def test_tries_while_it_is_closed_do_not_keep_the_owner_out_for_longer(house: House) -> None:
    sara = await house.member()
    await lock(house, sara)
    for _ in range(20):
        await house.sign_in(sara, password=WRONG)
    house.clock.forward(wait_after(FREE))
    assert (await house.sign_in(sara)).status_code == 200


async def test_an_account_stays_closed_over_a_restart(database_url: str, tmp_path: Path) -> None:
    async with open_house(database_url, tmp_path) as house:
        sara = await house.member()
        await lock(house, sara)
    async with open_house(database_url, tmp_path) as house:
        assert (await house.sign_in(sara)).status_code == 401
        house.clock.forward(wait_after(FREE))
        assert (await house.sign_in(sara)).status_code == 200


async def test_failures_of_the_day_before_are_forgotten(house: House) -> None:
    sara = await house.member()
    for _ in range(FREE - 1):
        await house.sign_in(sara, password=WRONG)
    house.clock.forward(timedelta(hours=24, seconds=1))
    await house.sign_in(sara, password=WRONG)
    assert (await house.sign_in(sara)).status_code == 200


async def test_one_closed_account_closes_no_other(house: House) -> None:
    sara, omar = await house.member("sara"), await house.member("omar")
    await lock(house, sara)
    assert (await house.sign_in(omar)).status_code == 200


@pytest.mark.parametrize("path", ["/me/password"])
async def test_guesses_of_a_signed_in_thief_count_as_well(house: House, path: str) -> None:
    sara = await house.member()
    token = (await house.enter(sara))["token"]
    body = {"password": WRONG, "new_password": "another long sentence 1"}
    for _ in range(FREE):
        assert (await house.ask("POST", path, body, token=token)).status_code == 401
    right = body | {"password": sara.password}
    assert (await house.ask("POST", path, right, token=token)).status_code == 401
    assert (await house.sign_in(sara)).status_code == 401
