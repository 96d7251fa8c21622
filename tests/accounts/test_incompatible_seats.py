"""Two seats that do not go together: nobody is given both for the same days, in whichever way."""

import asyncio
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import httpx
import pytest

from services.intake.domain.accounts.staff import Place, Seat, compatible
from shared.language.errors import RolesIncompatible
from shared.language.incompatible_roles import INCOMPATIBLE_ROLES, are_compatible, check_roles
from shared.language.roles import ARABIC, Role
from tests.accounts.house import BRANCH, House, Member
from tests.contracts.problem import assert_problem, everything_written

INCOMPATIBLE: dict[str, Any] = {"status": 409, "code": "roles_incompatible", "field": "role"}
DAY = timedelta(days=1)
MAKER, CHECKER = Role.INTAKE_OFFICER, Role.COMMITTEE_CHAIR


async def give(house: House, member: Member, role: Role, **more: Any) -> httpx.Response:
    token = house.token(Role.ASSOCIATION_ADMINISTRATOR)
    body = {"role": role.value, **more}
    return await house.ask("POST", f"/staff/{member.id}/seats", body, token=token)


async def lend(house: House, holder: Member, seat: str, to: Member, begins: datetime, ends: datetime) -> httpx.Response:
    token = house.token(Role.ASSOCIATION_ADMINISTRATOR)
    body = {"to_person_id": to.id, "valid_from": begins.isoformat(), "valid_until": ends.isoformat()}
    return await house.ask("POST", f"/staff/{holder.id}/seats/{seat}/delegations", body, token=token)


@pytest.mark.parametrize(("one", "other"), list(combinations(Role, 2)))
def test_a_pair_is_refused_in_either_order_or_in_none(one: Role, other: Role) -> None:
    assert are_compatible(one, other) is are_compatible(other, one)
    if are_compatible(one, other):
        check_roles(one, held=[other])
        return
    with pytest.raises(RolesIncompatible) as refused:
        check_roles(one, held=[other])
    said = refused.value
    assert ARABIC[one] in said.sentence("ar")
    assert ARABIC[other] in said.sentence("ar")
    assert one.value.replace("_", " ") in said.sentence("en")
    assert other.value.replace("_", " ") in said.sentence("en")


@pytest.mark.parametrize("role", Role)
def test_a_role_goes_with_itself(role: Role) -> None:
    assert are_compatible(role, role), "a delegate may stand in for a delegate"


def test_every_pair_of_the_table_bars_somebody() -> None:
    for pair in INCOMPATIBLE_ROLES:
        assert any(pair.bar(one, other) for one, other in combinations(Role, 2)), pair.en


def test_who_takes_who_decides_and_who_audits_are_different_people() -> None:
    assert not are_compatible(Role.DELEGATE, Role.COMMITTEE_MEMBER)
    assert not are_compatible(Role.SOCIAL_RESEARCHER, Role.DEPARTMENT_DECIDER)
    assert not are_compatible(Role.AUDITOR, Role.ASSOCIATION_ADMINISTRATOR)
    assert are_compatible(Role.SOCIAL_RESEARCHER, Role.COMMITTEE_MEMBER), "of each case it is asked who studied it"


async def test_a_second_seat_that_does_not_go_with_the_first_is_not_given(house: House) -> None:
    sara = await house.add()
    await house.seat(sara, MAKER)
    before = everything_written(house)
    problem = assert_problem(await give(house, sara, CHECKER), **INCOMPATIBLE)
    assert problem["sentences"] == {
        "ar": "لا يجمع أحد في المدة نفسها بين مقعدي «رئيس لجنة البحث» و«موظف علاقات المستفيدين».",
        "en": "Nobody holds the seats of committee chair and intake officer on the same days.",
    }
    assert everything_written(house) == before
    assert (await give(house, sara, Role.QUALITY_OFFICER)).status_code == 201
    assert (await give(house, await house.add("omar"), CHECKER)).status_code == 201


async def test_one_after_the_other_they_are_given(house: House) -> None:
    sara, now = await house.add(), house.clock.now()
    await house.seat(sara, MAKER, valid_until=(now + 10 * DAY).isoformat())
    assert_problem(await give(house, sara, CHECKER, valid_from=(now + 9 * DAY).isoformat()), **INCOMPATIBLE)
    assert (await give(house, sara, CHECKER, valid_from=(now + 10 * DAY).isoformat())).status_code == 201
    # A seat that would begin before and end within.
    longer = {"valid_from": now.isoformat(), "valid_until": (now + 11 * DAY).isoformat()}
    assert_problem(await give(house, sara, MAKER, **longer), **INCOMPATIBLE)


async def test_after_a_seat_was_taken_back_the_other_is_given(house: House) -> None:
    sara = await house.add()
    seat = await house.seat(sara, MAKER)
    await house.as_administrator(f"/staff/{sara.id}/seats/{seat['id']}/end")
    assert (await give(house, sara, CHECKER)).status_code == 201


async def test_a_seat_is_not_lent_to_whoever_holds_one_that_does_not_go_with_it(house: House) -> None:
    sara, omar, now = await house.add("sara"), await house.add("omar"), house.clock.now()
    chair = (await house.seat(omar, CHECKER))["id"]
    await house.seat(sara, Role.DELEGATE, branch_id=BRANCH, valid_until=(now + 5 * DAY).isoformat())
    refused = await lend(house, omar, chair, sara, now + 4 * DAY, now + 9 * DAY)
    assert_problem(refused, **(INCOMPATIBLE | {"field": "to_person_id"}))
    assert (await lend(house, omar, chair, sara, now + 5 * DAY, now + 9 * DAY)).status_code == 201
    # And while it is lent, she is given none either.
    inside = {"valid_from": (now + 8 * DAY).isoformat(), "valid_until": (now + 20 * DAY).isoformat()}
    assert_problem(await give(house, sara, MAKER, **inside), **INCOMPATIBLE)
    after = inside | {"valid_from": (now + 9 * DAY).isoformat()}
    assert (await give(house, sara, MAKER, **after)).status_code == 201


async def test_leave_that_ended_early_bars_nothing_after_it(house: House) -> None:
    sara, omar, now = await house.add("sara"), await house.add("omar"), house.clock.now()
    chair = (await house.seat(omar, CHECKER))["id"]
    lent = (await lend(house, omar, chair, sara, now + DAY, now + 9 * DAY)).json()
    await house.as_administrator(f"/staff/{omar.id}/seats/{chair}/delegations/{lent['id']}/end")
    assert (await give(house, sara, MAKER)).status_code == 201


async def test_of_two_that_are_given_at_once_one_is(either_house: House) -> None:
    house = either_house
    sara = await house.add()
    answers = await asyncio.gather(*(give(house, sara, role) for role in (MAKER, CHECKER) * 2))
    given = [answer.json()["role"] for answer in answers if answer.status_code == 201]
    assert len(set(given)) == 1
    assert len(given) == 2, "the same seat twice goes together"
    assert {answer.status_code for answer in answers} == {201, 409}


async def test_of_a_seat_given_and_one_lent_at_once_one_is(either_house: House) -> None:
    house = either_house
    sara, omar, now = await house.add("sara"), await house.add("omar"), house.clock.now()
    chair = (await house.seat(omar, CHECKER))["id"]
    answers = await asyncio.gather(give(house, sara, MAKER), lend(house, omar, chair, sara, now, now + DAY))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_of_seats_that_were_given_before_this_rule_the_first_counts() -> None:
    def place(number: int, role: Role) -> Place:
        now = datetime(2026, 1, 1)  # noqa: DTZ001 - no instant is asked
        return Place(Seat(id=str(number), association_id="a", person_id="p", role=role, valid_from=now, given_by="x"))

    first, second, third = place(1, MAKER), place(2, CHECKER), place(3, Role.QUALITY_OFFICER)
    assert compatible([third, second, first]) == [first, third]
