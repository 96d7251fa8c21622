"""Sessions: renewed with a secret that changes, and over at once, everywhere, when they are over."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.feedback.main import FEEDBACK
from services.intake.domain.accounts.sessions import AT_ONCE
from services.notifications.main import NOTIFICATIONS
from services.research.main import RESEARCH
from shared.language.events import SessionEnded
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.identity import Principal, issue_token
from shared.plumbing.retention import clear
from shared.plumbing.service import Service
from tests.accounts.house import BRANCH, House, open_house
from tests.contracts.problem import assert_problem
from tests.harness.desk import ASSOCIATION, NOON, open_desk

MINUTE = timedelta(minutes=1)


def session_id(view: dict[str, Any]) -> str:
    name: str = view["session"].partition(".")[0]
    return name


async def test_a_token_lasts_five_minutes_and_a_renewal_gives_another(house: House) -> None:
    view = await house.enter(await house.member())
    assert view["token_lasts_seconds"] == 300
    house.clock.forward(5 * MINUTE)
    assert await house.opens(view["token"]) == 401
    renewed = (await house.renew(view["session"])).json()
    assert await house.opens(renewed["token"]) == 200
    assert renewed["session"] != view["session"]
    assert session_id(renewed) == session_id(view)


async def test_a_renewal_whose_answer_got_lost_gives_the_same_answer_again(house: House) -> None:
    view = await house.enter(await house.member())
    first = (await house.renew(view["session"])).json()
    house.clock.forward(timedelta(seconds=9))
    second = (await house.renew(view["session"])).json()
    assert second["session"] == first["session"]
    house.clock.forward(MINUTE)
    assert (await house.renew(second["session"])).status_code == 200


async def test_two_windows_that_renew_at_once_both_go_on(either_house: House) -> None:
    house = either_house
    view = await house.enter(await house.member())
    answers = await asyncio.gather(*(house.renew(view["session"]) for _ in range(4)))
    assert len({answer.json()["session"] for answer in answers}) == 1
    assert session_id(view) not in await house.ended()


@pytest.mark.parametrize("renewals", [1, 2, 5])
async def test_an_old_secret_that_comes_back_ends_the_session_for_both(house: House, renewals: int) -> None:
    stolen = view = await house.enter(await house.member())
    for _ in range(renewals):
        house.clock.forward(MINUTE)
        view = (await house.renew(view["session"])).json()
    house.clock.forward(timedelta(seconds=11))
    assert_problem(await house.renew(stolen["session"]), status=401, code="session_ended")
    assert_problem(await house.renew(view["session"]), status=401, code="session_ended")
    assert await house.opens(view["token"]) == 401
    assert session_id(view) in await house.ended()


async def test_a_secret_that_was_never_one_ends_nobodys_session(house: House) -> None:
    view = await house.enter(await house.member())
    for guess in (f"{session_id(view)}.guessed", "nothing", ".", f"{session_id(view)}.", "a.b.c"):
        assert_problem(await house.renew(guess), status=401, code="session_ended")
    assert (await house.renew(view["session"])).status_code == 200


async def test_another_sessions_secret_opens_no_session(house: House) -> None:
    sara, omar = await house.enter(await house.member("sara")), await house.enter(await house.member("omar"))
    mixed = f"{session_id(sara)}.{omar['session'].partition('.')[2]}"
    assert_problem(await house.renew(mixed), status=401, code="session_ended")


async def test_an_unused_session_is_over_after_half_an_hour(house: House) -> None:
    view = await house.enter(await house.member())
    house.clock.forward(30 * MINUTE)
    assert_problem(await house.renew(view["session"]), status=401, code="session_ended")


async def test_a_used_session_is_over_after_twelve_hours(house: House) -> None:
    view = await house.enter(await house.member())
    for _ in range(12 * 60 // 20 - 1):
        house.clock.forward(20 * MINUTE)
        view = (await house.renew(view["session"])).json()
    house.clock.forward(18 * MINUTE)
    view = (await house.renew(view["session"])).json()
    assert view["token_lasts_seconds"] == 120
    house.clock.forward(2 * MINUTE)
    assert_problem(await house.renew(view["session"]), status=401, code="session_ended")


async def test_a_token_is_dead_as_soon_as_its_owner_signs_out(either_house: House) -> None:
    house = either_house
    sara = await house.member()
    here, there = await house.enter(sara), await house.enter(sara)
    assert (await house.ask("POST", "/me/sign-out", token=here["token"])).status_code == 204
    assert_problem(await house.ask("GET", "/me", token=here["token"]), status=401, code="session_ended")
    assert_problem(await house.ask("POST", "/me/sign-out", token=here["token"]), status=401, code="session_ended")
    assert_problem(await house.renew(here["session"]), status=401, code="session_ended")
    assert await house.opens(there["token"]) == 200


async def test_signed_out_everywhere_is_signed_out_everywhere(house: House) -> None:
    sara, omar = await house.member("sara"), await house.member("omar")
    views, his = [await house.enter(sara) for _ in range(3)], await house.enter(omar)
    await house.ask("POST", "/me/sign-out-everywhere", token=views[1]["token"])
    assert [await house.opens(view["token"]) for view in views] == [401] * 3
    assert await house.opens(his["token"]) == 200
    assert set(map(session_id, views)) <= set(await house.ended())


async def test_a_changed_password_ends_the_other_sessions(house: House) -> None:
    sara = await house.member()
    here, there = await house.enter(sara), await house.enter(sara)
    body = {"password": sara.password, "new_password": "another long sentence 1"}
    assert (await house.ask("POST", "/me/password", body, token=here["token"])).status_code == 200
    assert [await house.opens(view["token"]) for view in (here, there)] == [200, 401]
    assert (await house.sign_in(sara)).status_code == 401
    assert (await house.sign_in(sara, password="another long sentence 1")).status_code == 200


@pytest.mark.parametrize("act", ["deactivation", "password-reset", "second-factor-reset", "sign-out"])
async def test_what_the_administrator_does_ends_the_sessions_at_once(house: House, act: str) -> None:
    view = await house.enter(sara := await house.member())
    await house.as_administrator(f"/staff/{sara.id}/{act}")
    assert_problem(await house.ask("GET", "/me", token=view["token"]), status=401, code="session_ended")
    assert_problem(await house.renew(view["session"]), status=401, code="session_ended")
    assert session_id(view) in await house.ended()


async def test_who_is_deactivated_in_the_middle_of_signing_in_does_not_get_in(house: House) -> None:
    sara = await house.member("sara", Role.DELEGATE, Role.QUALITY_OFFICER)
    view = (await house.sign_in(sara)).json()
    await house.as_administrator(f"/staff/{sara.id}/deactivation")
    body = {"session": view["session"], "place_id": view["places"][0]["place_id"]}
    assert_problem(await house.ask("POST", "/public/sign-in/seat", body), status=401, code="session_ended")


async def test_a_seat_that_ends_puts_out_who_sits_in_it_and_nobody_else(house: House) -> None:
    sara, omar = await house.add("sara"), await house.member("omar")
    seat = await house.seat(sara, Role.AUDITOR)
    sara = await chosen(house, sara)
    hers, his = await house.enter(sara), await house.enter(omar)
    await house.as_administrator(f"/staff/{sara.id}/seats/{seat['id']}/end")
    assert [await house.opens(view["token"]) for view in (hers, his)] == [401, 200]


async def chosen(house: House, member: Any) -> Any:
    begun = (await house.sign_in(member)).json()
    member.password = "a sentence of one's own 1"
    body = {"session": begun["session"], "new_password": member.password}
    assert (await house.ask("POST", "/public/sign-in/password", body)).status_code == 200
    return member


async def test_a_seat_with_a_last_day_ends_by_itself(house: House) -> None:
    sara = await house.add()
    ends = house.clock.now() + timedelta(hours=2, minutes=2)
    await house.seat(sara, Role.AUDITOR, valid_until=ends.isoformat())
    sara = await chosen(house, sara)
    house.clock.forward(timedelta(hours=2))
    view = await house.enter(sara)
    assert view["token_lasts_seconds"] == 120
    house.clock.forward(2 * MINUTE)
    assert await house.opens(view["token"]) == 401
    assert_problem(await house.renew(view["session"]), status=403, code="seat_lapsed")
    assert_problem(await house.renew(view["session"]), status=401, code="session_ended")
    assert_problem(await house.sign_in(sara), status=403, code="seat_lapsed")


async def test_a_seat_is_anothers_during_leave_and_not_before_or_after(house: House) -> None:
    manager, sara = await house.add("manager"), await house.member("sara", Role.QUALITY_OFFICER)
    seat = await house.seat(manager, Role.BRANCH_MANAGER)
    begins, ends = house.clock.now() + timedelta(days=1), house.clock.now() + timedelta(days=8)
    leave = {"to_person_id": sara.id, "valid_from": begins.isoformat(), "valid_until": ends.isoformat()}
    await house.as_administrator(f"/staff/{manager.id}/seats/{seat['id']}/delegations", leave)
    assert (await house.enter(sara))["place"]["role"] == "quality_officer"
    house.clock.at = begins
    view = (await house.sign_in(sara)).json()
    lent = next(place for place in view["places"] if place["delegated"])
    assert (lent["role"], lent["branch_id"]) == ("branch_manager", BRANCH)
    house.clock.at = ends - MINUTE
    view = (await house.sign_in(sara)).json()
    body = {"session": view["session"], "place_id": lent["place_id"]}
    sits = (await house.ask("POST", "/public/sign-in/seat", body)).json()
    assert sits["token_lasts_seconds"] == 60
    me = (await house.ask("GET", "/me", token=sits["token"])).json()
    assert (me["person_id"], me["role"]) == (sara.id, "branch_manager")
    house.clock.at = ends
    assert await house.opens(sits["token"]) == 401
    assert_problem(await house.renew(sits["session"]), status=403, code="seat_lapsed")
    assert (await house.enter(sara))["place"]["role"] == "quality_officer"


async def test_leave_that_ends_early_puts_the_deputy_out_and_leaves_the_holder_in(house: House) -> None:
    manager, sara = await house.member("manager", Role.BRANCH_MANAGER), await house.add("sara")
    seats = await house.client.get(
        f"/intake/api/v1/staff/{manager.id}",
        headers={"Authorization": f"Bearer {house.token(Role.ASSOCIATION_ADMINISTRATOR)}"},
    )
    path = f"/staff/{manager.id}/seats/{seats.json()['seats'][0]['id']}/delegations"
    now = house.clock.now()
    leave = {
        "to_person_id": sara.id,
        "valid_from": now.isoformat(),
        "valid_until": (now + timedelta(days=7)).isoformat(),
    }
    delegation = await house.as_administrator(path, leave)
    hers, his = await house.enter(await chosen(house, sara)), await house.enter(manager)
    assert [await house.opens(view["token"]) for view in (hers, his)] == [200, 200]
    await house.as_administrator(f"{path}/{delegation['id']}/end")
    assert [await house.opens(view["token"]) for view in (hers, his)] == [401, 200]


async def test_the_twenty_first_session_ends_the_first(house: House) -> None:
    sara = await house.member()
    views = [await house.enter(sara) for _ in range(AT_ONCE + 1)]
    assert [await house.opens(view["token"]) for view in (views[0], views[1], views[-1])] == [401, 200, 200]


@pytest.mark.parametrize("service", [RESEARCH, NOTIFICATIONS, FEEDBACK], ids=lambda service: service.source.value)
async def test_a_session_that_ended_is_over_in_every_service(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(service, tmp_path, monkeypatch) as desk:
        operator = Principal(
            association_id=ASSOCIATION, person_id="p-1", role=Role.PLATFORM_OPERATOR, session_id="session-1"
        )
        token = issue_token(operator, key=desk._key, now=NOON, lasts=5 * MINUTE)
        headers = {"Authorization": f"Bearer {token}"}
        path = "/api/v1/operations/messages"
        assert (await desk.client.get(path, headers=headers)).status_code == 200
        ended = SessionEnded(
            association_id=ASSOCIATION, session_id="session-1", person_id="p-1", tokens_end_at=NOON + 5 * MINUTE
        )
        await desk.hear(ended)
        assert_problem(await desk.client.get(path, headers=headers), status=401, code="session_ended")
        replay = await desk.client.post("/api/v1/operations/dead/replay", json={}, headers=headers)
        assert_problem(replay, status=401, code="session_ended")
        desk.clock.forward(6 * MINUTE)
        await clear(desk.runtime.database, now=desk.clock.now(), real_now=desk.clock.now())
        async with desk.runtime.database.read() as session:
            assert (await (await session.connection()).execute(tables.ended_sessions.select())).all() == []


async def test_an_idempotent_answer_is_not_replayed_to_who_signed_out(house: House) -> None:
    view = await house.enter(await house.member("sara", Role.ASSOCIATION_ADMINISTRATOR))
    body = {"user_name": "omar", "name": "عمر"}
    sent = {"Idempotency-Key": "once"}
    assert (await house.ask("POST", "/staff", body, token=view["token"], **sent)).status_code == 201
    await house.ask("POST", "/me/sign-out", token=view["token"])
    again = await house.ask("POST", "/staff", body, token=view["token"], **sent)
    assert_problem(again, status=401, code="session_ended")


async def test_production_takes_no_token_that_no_sign_out_can_end(sqlite_url: str, tmp_path: Path) -> None:
    async with open_house(sqlite_url, tmp_path, environment="production") as house:
        endless = house.token(Role.AUDITOR)
        assert_problem(await house.ask("GET", "/me", token=endless), status=401, code="session_ended")
        by_hand = Principal(association_id=ASSOCIATION, person_id="p", role=Role.AUDITOR, session_id="by-hand:1")
        token = issue_token(by_hand, key=house._key, now=house.clock.now(), lasts=MINUTE)
        assert await house.opens(token) == 200
