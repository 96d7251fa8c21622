"""The staff of an association: added and seated by its administrator, and by no other."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.intake.domain.accounts.names import fold
from shared.language.errors import UserNameUnfit
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.seal import unseal_all
from tests.accounts.house import BRANCH, OTHER_ASSOCIATION, House
from tests.contracts.problem import assert_problem, everything_written

NEW = {"user_name": "sara", "name": "سارة العتيبي"}


async def refuse(
    house: House, path: str, body: Any, *, role: Role = Role.ASSOCIATION_ADMINISTRATOR, **expected: Any
) -> None:
    """Refused as `expected`, and nothing written."""
    who = {name: expected.pop(name) for name in ("person", "association") if name in expected}
    before = everything_written(house)
    answer = await house.ask("POST", path, body, token=house.token(role, **who))
    assert_problem(answer, **expected)
    assert everything_written(house) == before


@pytest.mark.parametrize(
    "unfit",
    ["ab", "a" * 41, "sаra", "sara\u200b", "سara", "12345", "sara h", "sara\u202e", "ѕаrа", "كریم", "ɑdmin", "sara@x"],
)
async def test_a_user_name_that_can_be_mistaken_is_refused(house: House, unfit: str) -> None:
    await refuse(house, "/staff", NEW | {"user_name": unfit}, status=422, code="user_name_unfit", field="user_name")


@pytest.mark.parametrize("same", ["sara", "SARA", "Ｓａｒａ", " sara"])
async def test_a_user_name_is_given_once_in_an_association(house: House, same: str) -> None:
    await house.add("sara")
    await refuse(house, "/staff", NEW | {"user_name": same}, status=409, code="user_name_taken", field="user_name")
    await house.add("sara", association=OTHER_ASSOCIATION)


@pytest.mark.parametrize(("one", "other"), [("أحمد", "احمد"), ("هدى", "هدي"), ("فاطمة", "فاطمه"), ("علي١", "علي1")])
def test_arabic_names_that_are_written_alike_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("mixed", ["aب", "adminд", "пaul"])
def test_letters_of_two_scripts_are_no_name(mixed: str) -> None:
    with pytest.raises(UserNameUnfit):
        fold(mixed)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ASSOCIATION_ADMINISTRATOR])
async def test_nobody_but_the_administrator_changes_the_staff(house: House, role: Role) -> None:
    sara = await house.add()
    for path, body in (
        ("/staff", NEW | {"user_name": "omar"}),
        (f"/staff/{sara.id}/seats", {"role": "auditor"}),
        (f"/staff/{sara.id}/deactivation", None),
        (f"/staff/{sara.id}/password-reset", None),
    ):
        await refuse(house, path, body, role=role, status=403, code="not_allowed")


async def test_another_associations_staff_is_not_there(house: House) -> None:
    sara = await house.add()
    seat = await house.seat(sara)
    theirs = {"association": OTHER_ASSOCIATION}
    for path, body in (
        (f"/staff/{sara.id}/seats", {"role": "auditor"}),
        (f"/staff/{sara.id}/deactivation", None),
        (f"/staff/{sara.id}/reactivation", None),
        (f"/staff/{sara.id}/password-reset", None),
        (f"/staff/{sara.id}/second-factor-reset", None),
        (f"/staff/{sara.id}/sign-out", None),
        (f"/staff/{sara.id}/subject", {"subject": "x"}),
    ):
        await refuse(house, path, body, status=404, code="staff_not_found", **theirs)
    await refuse(house, f"/staff/{sara.id}/seats/{seat['id']}/end", None, status=404, code="seat_not_found", **theirs)
    token = house.token(Role.ASSOCIATION_ADMINISTRATOR, **theirs)
    assert (await house.ask("GET", "/staff", token=token)).json()["items"] == []
    assert_problem(await house.ask("GET", f"/staff/{sara.id}", token=token), status=404, code="staff_not_found")


async def test_nobody_seats_or_closes_himself(house: House) -> None:
    sara, omar = await house.add("sara"), await house.add("omar")
    seat = await house.seat(omar)
    for path, body in (
        (f"/staff/{sara.id}/seats", {"role": "committee_chair"}),
        (f"/staff/{sara.id}/deactivation", None),
        (f"/staff/{sara.id}/password-reset", None),
    ):
        await refuse(house, path, body, person=sara.id, status=403, code="not_for_yourself")
    now = house.clock.now()
    days = {"valid_from": now.isoformat(), "valid_until": (now + timedelta(days=1)).isoformat()}
    path = f"/staff/{omar.id}/seats/{seat['id']}/delegations"
    body = {"to_person_id": sara.id, **days}
    await refuse(house, path, body, person=sara.id, status=403, code="not_for_yourself", field="to_person_id")


async def test_an_association_appoints_no_operator_of_the_platform(house: House) -> None:
    sara = await house.add()
    body = {"role": "platform_operator"}
    await refuse(house, f"/staff/{sara.id}/seats", body, status=403, code="role_not_grantable", field="role")


@pytest.mark.parametrize("branch", [None, "no-such-branch"])
async def test_a_branch_role_is_held_in_a_branch_of_the_association(house: House, branch: str | None) -> None:
    sara = await house.add()
    body = {"role": "delegate", "branch_id": branch}
    await refuse(house, f"/staff/{sara.id}/seats", body, status=422, code="branch_unknown", field="branch_id")


async def test_a_period_that_is_over_or_upside_down_is_refused(house: House) -> None:
    sara, omar = await house.add("sara"), await house.add("omar")
    now = house.clock.now()
    days = [now + timedelta(days=number) for number in range(-3, 12)]
    wrong = {"status": 422, "code": "period_wrong", "field": "valid_until"}
    for begins, ends in ((0, 1), (5, 4), (4, 4)):
        body = {"role": "auditor", "valid_from": days[begins].isoformat(), "valid_until": days[ends].isoformat()}
        await refuse(house, f"/staff/{sara.id}/seats", body, **wrong)
    seat = await house.seat(sara, Role.AUDITOR, valid_until=days[8].isoformat())
    body = {"to_person_id": omar.id, "valid_from": days[4].isoformat(), "valid_until": days[9].isoformat()}
    await refuse(house, f"/staff/{sara.id}/seats/{seat['id']}/delegations", body, **wrong)


async def test_the_staff_is_listed_a_page_at_a_time_for_administrator_and_auditor(house: House) -> None:
    for number in range(5):
        await house.add(f"member-{number}")
    token, seen, after = house.token(Role.AUDITOR), [], ""
    while after is not None:
        page = (await house.ask("GET", f"/staff?limit=2&after={after}", token=token)).json()
        assert len(page["items"]) <= 2
        seen += [item["user_name"] for item in page["items"]]
        after = page["next"]
    assert seen == [f"member-{number}" for number in range(5)]


async def test_a_members_file_shows_his_seats_and_who_sat_in_them(house: House) -> None:
    sara, omar = await house.add("sara"), await house.add("omar")
    seat = await house.seat(sara, Role.DELEGATE)
    now = house.clock.now()
    leave = {
        "to_person_id": omar.id,
        "valid_from": now.isoformat(),
        "valid_until": (now + timedelta(days=3)).isoformat(),
    }
    await house.as_administrator(f"/staff/{sara.id}/seats/{seat['id']}/delegations", leave)
    file = (await house.ask("GET", f"/staff/{sara.id}", token=house.token(Role.AUDITOR))).json()
    (shown,) = file["seats"]
    assert (shown["role"], shown["branch_id"], shown["valid_until"]) == ("delegate", BRANCH, None)
    assert [one["to_person_id"] for one in shown["delegations"]] == [omar.id]
    assert not {"password_hash", "totp_secret", "one_time_password"} & set(file)


async def test_a_closed_account_is_opened_again(house: House) -> None:
    sara = await house.member()
    await house.as_administrator(f"/staff/{sara.id}/deactivation")
    assert (await house.sign_in(sara)).status_code == 401
    await house.as_administrator(f"/staff/{sara.id}/reactivation")
    assert (await house.sign_in(sara)).status_code == 200


async def test_a_reset_password_is_for_one_use(house: House) -> None:
    sara = await house.member()
    made = await house.as_administrator(f"/staff/{sara.id}/password-reset")
    assert (await house.sign_in(sara)).status_code == 401
    begun = (await house.sign_in(sara, password=made["one_time_password"])).json()
    assert begun["stage"] == "new_password"


async def test_what_is_shown_once_lies_in_no_kept_answer(house: House) -> None:
    sent = {"Idempotency-Key": "once"}
    administrator = house.token(Role.ASSOCIATION_ADMINISTRATOR)
    body = {"user_name": "omar", "name": "عمر"}
    first, again = [await house.ask("POST", "/staff", body, token=administrator, **sent) for _ in range(2)]
    assert first.json()["one_time_password"]
    assert again.json() == first.json() | {"one_time_password": None}
    assert again.headers["Idempotency-Replayed"] == "true"

    member = await house.member()
    token = (await house.enter(member))["token"]
    begun = (await house.ask("POST", "/me/second-factor", token=token, **sent)).json()
    member.authenticator = begun["secret"]
    code = {"code": member.code(house.clock.now())}
    confirmed = await house.ask("POST", "/me/second-factor/confirmation", code, token=token, **sent)
    codes = confirmed.json()["codes"]
    signed_in = await house.ask(
        "POST",
        "/public/sign-in",
        {"association_id": member.association, "user_name": member.user_name, "password": member.password},
        **sent,
    )
    async with house.runtime.database.read() as session:
        rows = await (await session.connection()).execute(select(tables.answers.c.body))
        kept = "".join(unseal_all(body.decode()) for body in rows.scalars())
    secrets = (first.json()["one_time_password"], begun["secret"], *codes, signed_in.json()["session"])
    assert "عمر" not in secrets
    assert [secret for secret in secrets if secret in kept] == []
