"""At a closed branch nobody is given a seat, and whoever still has one there is seen, told, and moved."""

from datetime import timedelta
from typing import Any

import pytest

from shared.language.roles import Role
from tests.accounts.house import House, Member
from tests.contracts.problem import assert_problem
from tests.intake.pages.clerk import Clerk, words_of

CLOSED, OPEN = "hada_sham", "jamoum"
THERE = {"branch_id": CLOSED}


async def close(house: House) -> str:
    made = await house.as_administrator(f"/branches/{CLOSED}/closing", {"to_branch": OPEN, "reason": "دُمج الفرعان"})
    return str(made["id"])


async def at_closed_branch(house: House) -> Member:
    """A delegate who has chosen his password, with one seat: at the branch that closes."""
    member = await house.member("noura", Role.DELEGATE)
    (seat,) = await seats(house, member)
    await house.as_administrator(f"/staff/{member.id}/seats/{seat['id']}/end")
    await house.seat(member, Role.DELEGATE, **THERE)
    return member


async def seats(house: House, member: Member) -> list[dict[str, Any]]:
    answer = await house.ask("GET", f"/staff/{member.id}", token=house.token(Role.ASSOCIATION_ADMINISTRATOR))
    now = house.clock.now().isoformat().replace("+00:00", "Z")
    return [one for one in answer.json()["seats"] if one["valid_until"] is None or one["valid_until"] > now]


async def test_no_seat_is_given_or_lent_at_a_closed_branch(house: House) -> None:
    sitting = await at_closed_branch(house)
    new = await house.add("sara")
    await close(house)
    token = house.token(Role.ASSOCIATION_ADMINISTRATOR)
    body = {"role": "delegate", "branch_id": CLOSED}
    given = await house.ask("POST", f"/staff/{new.id}/seats", body, token=token)
    assert_problem(given, status=422, code="no_seat_at_closed_branch", field="branch_id")
    assert "الجموم" in given.json()["sentences"]["ar"]
    (seat,) = await seats(house, sitting)
    now = house.clock.now()
    days = {"valid_from": now.isoformat(), "valid_until": (now + timedelta(days=7)).isoformat()}
    path = f"/staff/{sitting.id}/seats/{seat['id']}/delegations"
    lent = await house.ask("POST", path, {"to_person_id": new.id, **days}, token=token)
    assert_problem(lent, status=422, code="no_seat_at_closed_branch", field="seat_id")
    assert await seats(house, new) == []


async def test_a_closing_says_whose_seats_remain_and_they_are_moved_in_one_act(house: House) -> None:
    sitting, other = await at_closed_branch(house), await house.add("sara")
    await house.seat(other, Role.BRANCH_MANAGER, **THERE)
    opened = await house.enter(sitting)
    closing = await close(house)
    token = house.token(Role.ASSOCIATION_ADMINISTRATOR)
    (shown,) = (await house.ask("GET", "/branch-closings", token=token)).json()
    assert shown["seats"] == 2
    path = f"/branch-closings/{closing}/seats"
    left = (await house.ask("GET", path, token=token)).json()
    assert [one["person_id"] for one in left] == [sitting.id, other.id]
    assert {one["name"] for one in left} == {"سارة العتيبي"}
    moved = await house.as_administrator(path, {"seat_ids": [one["seat_id"] for one in left], "become": "moved"})
    assert {(one["role"], one["branch_id"]) for one in moved} == {("delegate", OPEN), ("branch_manager", OPEN)}
    assert await house.opens(opened["token"]) == 401, "he sat in the seat that ended"
    assert (await house.enter(sitting))["token"]
    assert (await house.ask("GET", path, token=token)).json() == []
    again = await house.ask("POST", path, {"seat_ids": [left[0]["seat_id"]], "become": "ended"}, token=token)
    assert_problem(again, status=404, code="seat_not_found", field="seat_ids")


async def test_a_seat_that_another_sits_in_during_leave_moves_with_him(house: House) -> None:
    sitting, other = await at_closed_branch(house), await house.add("sara")
    (seat,) = await seats(house, sitting)
    now = house.clock.now()
    days = {"valid_from": now.isoformat(), "valid_until": (now + timedelta(days=7)).isoformat()}
    lent = {"to_person_id": other.id, **days}
    await house.as_administrator(f"/staff/{sitting.id}/seats/{seat['id']}/delegations", lent)
    closing = await close(house)
    await house.as_administrator(f"/branch-closings/{closing}/seats", {"seat_ids": [seat["id"]], "become": "moved"})
    (moved,) = await seats(house, sitting)
    assert moved["branch_id"] == OPEN
    assert [one["to_person_id"] for one in moved["delegations"]] == [other.id]


@pytest.mark.parametrize(("become", "branches"), [("moved", [OPEN]), ("ended", [])])
async def test_the_page_of_a_closing_leads_to_the_seats_that_remain(
    house: House, become: str, branches: list[str]
) -> None:
    sitting = await at_closed_branch(house)
    administrator = Clerk(house)
    await administrator.come_in(await house.member("administrator", Role.ASSOCIATION_ADMINISTRATOR))
    page = await administrator.open("/intake/desk/branches")
    asked = {"branch_id": CLOSED, "to_branch": OPEN, "reason": "دُمج الفرعان", "sure": "yes"}
    left = await administrator.fill(page, **asked)
    assert "سارة العتيبي مندوب" in words_of(left)
    (seat,) = await seats(house, sitting)
    nobody = await administrator.fill(left, become=become)
    assert nobody.status_code == 422
    done = await administrator.fill(nobody, seat_ids=seat["id"], become=become)
    assert "لم يبق أحد له مقعد فيه" in words_of(done)
    assert [one["branch_id"] for one in await seats(house, sitting)] == branches


async def test_who_has_a_seat_at_a_closed_branch_alone_reads_on_his_home_what_happened(house: House) -> None:
    sitting = await at_closed_branch(house)
    clerk = Clerk(house)
    await clerk.come_in(sitting)
    assert "أُغلق فرعك" not in words_of(await clerk.open("/intake/desk"))
    await close(house)
    home = words_of(await clerk.open("/intake/desk"))
    assert "أُغلق فرعك" in home
    assert "الجموم" in home
    assert "طلب جديد" not in home
