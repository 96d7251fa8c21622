"""Signing in with a password: who gets in, and that nobody else learns anything at the door."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.language.roles import Role
from tests.accounts.house import BRANCH, OTHER_ASSOCIATION, PASSWORD, WRONG, House
from tests.contracts.problem import assert_problem, everything_written
from tests.harness.plans import statements_of


async def choose(house: House, begun: dict[str, Any], password: str) -> Any:
    body = {"session": begun["session"], "new_password": password}
    return await house.ask("POST", "/public/sign-in/password", body)


async def test_a_new_member_changes_his_one_time_password_and_sits_in_his_seat(house: House) -> None:
    sara = await house.add()
    await house.seat(sara, Role.DELEGATE)
    begun = (await house.sign_in(sara)).json()
    assert (begun["stage"], begun["token"]) == ("new_password", None)
    opened = (await choose(house, begun, PASSWORD)).json()
    assert opened["stage"] == "open"
    me = (await house.ask("GET", "/me", token=opened["token"])).json()
    assert (me["person_id"], me["role"], me["branch_id"]) == (sara.id, "delegate", BRANCH)
    assert_problem(await house.sign_in(sara), status=401, code="sign_in_refused")
    assert (await house.sign_in(sara, password=PASSWORD)).json()["stage"] == "open"


async def test_a_one_time_password_is_over_after_three_days(house: House) -> None:
    sara = await house.add()
    await house.seat(sara)
    house.clock.forward(timedelta(hours=72))
    assert_problem(await house.sign_in(sara), status=401, code="sign_in_refused")


async def test_the_step_of_the_password_cannot_be_left_out(house: House) -> None:
    sara = await house.add()
    await house.seat(sara)
    session = (await house.sign_in(sara)).json()["session"]
    for path, more in (
        ("session/renewal", {}),
        ("sign-in/seat", {"place_id": "x"}),
        ("sign-in/second-factor", {"code": "1"}),
    ):
        answer = await house.ask("POST", f"/public/{path}", {"session": session, **more})
        assert_problem(answer, status=409, code="sign_in_step_missing")


@pytest.mark.parametrize("weak", ["short", "a" * 40, "sara is my name 7", "abcabcabcabcabc"])
async def test_a_weak_password_is_refused_beside_its_field(house: House, weak: str) -> None:
    sara = await house.add()
    await house.seat(sara)
    begun = (await house.sign_in(sara)).json()
    assert_problem(await choose(house, begun, weak), status=422, code="password_weak", field="new_password")


async def test_the_password_before_is_no_new_password(house: House) -> None:
    sara = await house.add()
    await house.seat(sara)
    begun = (await house.sign_in(sara)).json()
    assert_problem(await choose(house, begun, sara.password), status=422, code="password_weak", field="new_password")


async def test_wrong_unknown_foreign_closed_and_locked_get_one_answer(house: House) -> None:
    sara, omar = await house.member("sara"), await house.member("omar")
    await house.as_administrator(f"/staff/{omar.id}/deactivation")
    answers = [
        await house.sign_in(sara, password=WRONG),
        await house.knock("nobody", PASSWORD),
        await house.knock("sara", PASSWORD, association=OTHER_ASSOCIATION),
        await house.knock("sara", PASSWORD, association="no-such-association"),
        await house.sign_in(omar),
        await house.knock("sаra", PASSWORD),  # with a Cyrillic letter
        await house.knock("sara\u200b", PASSWORD),
    ]
    for _ in range(5):
        await house.sign_in(sara, password=WRONG)
    answers.append(await house.sign_in(sara))
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert {tuple(sorted(set(answer.headers) - {"x-correlation-id"})) for answer in answers} == {
        tuple(sorted(set(answers[0].headers) - {"x-correlation-id"}))
    }


async def test_wrong_and_unknown_ask_the_same_of_the_database(house: House) -> None:
    sara = await house.member()
    asked = []
    for user_name in (sara.user_name, "nobody", "sаra"):
        await house.knock(user_name, WRONG)
        async with statements_of(house.runtime.database) as statements:
            await house.knock(user_name, WRONG)
        # Which of the public's chains the trail takes is drawn by lot.
        asked.append([statement for statement, _ in statements if "audit_" not in statement])
    assert asked[0] == asked[1] == asked[2]


async def test_names_that_nobody_has_never_fill_the_database(house: House) -> None:
    for number in range(30):
        await house.knock(f"nobody-{number}", WRONG)
    counters = [line for line in everything_written(house) if "sign_in_tries" in line and "nobody" in line]
    assert 0 < len(counters) <= 30
    assert not any("nobody-nobody" in line for line in counters)


async def test_a_name_is_known_in_every_form_that_a_keyboard_gives_it(house: House) -> None:
    await house.member("sara")
    await house.member("أحمد")
    for typed in ("SARA", " sara ", "ｓａｒａ", "احمد", "إحمد"):
        assert (await house.knock(typed, PASSWORD)).status_code == 200, typed


async def test_a_password_of_a_thousand_letters_is_refused_without_work(house: House) -> None:
    sara = await house.member()
    before = everything_written(house)
    assert_problem(await house.sign_in(sara, password="a" * 1000), status=422, code="malformed", field="password")
    assert everything_written(house) == before


async def test_a_password_is_the_same_however_its_letters_were_composed(house: House) -> None:
    await house.member("mona", password="cafés and dates, 12")
    assert (await house.knock("mona", "cafe\u0301s and dates, 12")).status_code == 200


async def test_four_sign_ins_at_once_are_four_sessions(either_house: House) -> None:
    house = either_house
    sara = await house.member()
    answers = await asyncio.gather(*(house.sign_in(sara) for _ in range(4)))
    views = [answer.json() for answer in answers]
    assert [view["stage"] for view in views] == ["open"] * 4
    assert len({view["session"] for view in views}) == 4
    assert [await house.opens(view["token"]) for view in views] == [200] * 4


async def test_one_with_several_seats_chooses_and_changes(house: House) -> None:
    sara = await house.member("sara", Role.DELEGATE, Role.QUALITY_OFFICER)
    view = (await house.sign_in(sara)).json()
    assert (view["stage"], view["token"]) == ("seat", None)
    for place in (*view["places"], view["places"][0]):
        body = {"session": view["session"], "place_id": place["place_id"]}
        token = (await house.ask("POST", "/public/sign-in/seat", body)).json()["token"]
        assert (await house.ask("GET", "/me", token=token)).json()["role"] == place["role"]


async def test_nobody_sits_in_anothers_seat(house: House) -> None:
    sara = await house.member("sara", Role.DELEGATE, Role.QUALITY_OFFICER)
    omar = await house.add("omar")
    his = await house.seat(omar, Role.COMMITTEE_CHAIR)
    view = (await house.sign_in(sara)).json()
    body = {"session": view["session"], "place_id": his["id"]}
    answer = await house.ask("POST", "/public/sign-in/seat", body)
    assert_problem(answer, status=404, code="seat_not_found", field="place_id")


async def test_one_without_a_seat_in_force_is_told_so_and_no_session_is_kept(house: House) -> None:
    sara = await house.member()
    for seat in (await house.client.get(f"/intake/api/v1/staff/{sara.id}", headers=administrator(house))).json()[
        "seats"
    ]:
        await house.as_administrator(f"/staff/{sara.id}/seats/{seat['id']}/end")
    before = everything_written(house)
    assert_problem(await house.sign_in(sara), status=403, code="seat_lapsed")
    assert_problem(await house.sign_in(sara, password=WRONG), status=401, code="sign_in_refused")
    assert [line for line in everything_written(house) if "staff_sessions" in line] == [
        line for line in before if "staff_sessions" in line
    ]


def administrator(house: House) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.token(Role.ASSOCIATION_ADMINISTRATOR)}"}


async def test_no_password_lies_readable_in_the_database(house: House) -> None:
    sara = await house.member()
    first = await house.add("omar")
    await house.with_authenticator(sara)
    written = "\n".join(everything_written(house))
    for secret in (sara.password, first.password, sara.authenticator, "العتيبي", sara.authenticator.lower()):
        assert secret not in written
