"""Every step of the sign-in, come to with no session, half a one, a whole one, and what is none of ours."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from services.intake.main import INTAKE
from shared.language.roles import Role
from shared.plumbing.browser import ACCESS, SESSION, form_token
from shared.plumbing.doors import AtharRoute
from shared.plumbing.identity import Principal, issue_token, make_signing_key
from tests.access.steps import ANSWERS, EVERYBODY, FACTOR, FOREIGN, NOBODY, OPEN, OVER, PASSWORD, SEAT, SETUP, STEP
from tests.accounts.house import ASSOCIATION, House, open_house
from tests.accounts.house import PASSWORD as CHOSEN

ASKS, ENTRY = Role.COMMITTEE_CHAIR, "athar-entry"
WRONG: dict[str, str] = {
    "code": "000000",
    "new_password": "short",
    "place_id": "x",
    "mobile": "0555000111",
    "association_id": ASSOCIATION,
    "user_name": "sara",
    "password": "four palms at the well",
}
NEEDS = {
    "second-factor": ("code",),
    "password": ("new_password",),
    "seat": ("place_id",),
    "second-factor-setup/text": ("mobile",),
    "second-factor-setup/confirmation": ("code",),
    "sign-in": ("association_id", "user_name", "password"),
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    url = f"sqlite+aiosqlite:///{tmp_path}/intake.db"
    async with open_house(url, tmp_path, second_factor_roles={ASKS}, texted_codes=True) as house:
        yield house


@pytest.fixture
async def sessions(house: House) -> dict[str, str]:
    """The secret of a session at each step, by how far it has come."""

    async def stands_at(user_name: str) -> str:
        view = (await house.knock(user_name, CHOSEN)).json()
        secrets[view["stage"]] = view["session"]
        return str(view["session"])

    secrets = {NOBODY: ""}
    new = await house.add("new")
    await house.seat(new)
    secrets[PASSWORD] = (await house.sign_in(new)).json()["session"]
    await house.with_authenticator(await house.member("factor"))
    await house.member("setup", ASKS)
    await house.member("choosing", Role.DELEGATE, Role.QUALITY_OFFICER)
    over = await house.enter(await house.member("whole"))
    await house.ask("POST", "/me/sign-out", token=over["token"])
    for user_name in ("factor", "setup", "choosing", "whole"):
        await stands_at(user_name)
    secrets[OVER] = over["session"]
    secrets[FOREIGN] = secrets[OPEN].partition(".")[0] + ".made-up"
    assert set(secrets) == set(EVERYBODY)
    return secrets


def steps() -> list[str]:
    found = [
        f"{next(iter((route.methods or set()) - {'HEAD'}))} {route.path}"
        for router in (*INTAKE.api, *INTAKE.pages)
        for route in router.routes
        if isinstance(route, AtharRoute) and not route.door.roles
    ]
    return [name for name in found if "/sign-in" in name or "/session" in name]


def test_every_step_has_its_row() -> None:
    assert sorted(steps()) == sorted(ANSWERS)
    assert all(set(row) == set(EVERYBODY) for row in ANSWERS.values())


async def come(house: House, step: str, secret: str, *, ours: bool = True, **headers: str) -> httpx.Response:
    """Come to the step with the session of `secret`, and send what is wrong; as from our own page if it is `ours`."""
    method, _, path = step.partition(" ")
    needed = NEEDS.get(path.partition("/sign-in/")[2] or path.rpartition("/")[2], ())
    given: dict[str, Any] = {name: WRONG[name] for name in needed}
    if "/api/" in path:
        body = given if path.endswith("/sign-in") else given | {"session": secret or "x"}
        return await house.client.request(method, "/intake" + path, json=body, headers=headers)
    cookies = {f"__Host-{SESSION}": secret} if secret else {}
    form = None
    if method == "POST":
        cookies[f"__Host-{ENTRY}"] = "nonce"
        form = given | ({"form_token": form_token("entry\nnonce")} if ours else {})
    house.client.cookies.clear()
    jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
    sent = headers | ({"Cookie": "; ".join(filter(None, (jar, headers.get("Cookie", ""))))} if jar else {})
    return await house.client.request(method, "/intake" + path, data=form, headers=sent)


async def test_each_step_answers_each_session_as_its_row_says(house: House, sessions: dict[str, str]) -> None:
    for step, row in ANSWERS.items():
        for who, status in row.items():
            house.clock.forward(timedelta(milliseconds=1))
            answer = await come(house, step, sessions[who])
            assert answer.status_code == status, f"{step} with {who}: {answer.status_code} {answer.text[:300]}"
            if status >= 400:
                assert "set-cookie" not in answer.headers or "athar-access" not in answer.headers["set-cookie"]
            if status == 303 and "renewal" not in step:
                assert urlsplit(answer.headers["location"]).path == "/intake" + STEP[who], f"{step} with {who}"


async def test_no_token_stands_for_a_session_at_a_step(house: House, sessions: dict[str, str]) -> None:
    now, hour = house.clock.now(), timedelta(hours=1)
    who = Principal(association_id=ASSOCIATION, person_id="x", role=ASKS)
    tokens = {
        "whole": house.token(ASKS),
        "expired": issue_token(who, key=house._key, now=now - 2 * hour, lasts=hour),
        "a stranger's": issue_token(who, key=make_signing_key(), now=now, lasts=hour),
        "malformed": "not.a.token",
    }
    for step, row in ANSWERS.items():
        for name, token in tokens.items():
            for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"__Host-{ACCESS}={token}"}):
                answer = await come(house, step, sessions[NOBODY], **headers)
                assert answer.status_code == row[NOBODY], f"{step} with a token that is {name}: {answer.text[:300]}"


async def test_what_another_page_sends_moves_no_session(house: House, sessions: dict[str, str]) -> None:
    for step in ANSWERS:
        if step.startswith("POST /sign-in"):
            for who in EVERYBODY:
                answer = await come(house, step, sessions[who], ours=False)
                # The choice of a seat shows whose seats there are: not to whoever does not stand before it.
                hidden = step.endswith("/seat") and who not in {SEAT, OPEN}
                assert answer.status_code == (401 if hidden else 403), f"{step} with {who}"


async def test_of_half_a_session_no_step_tells_a_token(house: House, sessions: dict[str, str]) -> None:
    for step in ANSWERS:
        if "/api/" in step:
            for who in (FACTOR, PASSWORD, SETUP, SEAT):
                answer = await come(house, step, sessions[who])
                told = answer.json() if answer.content else {}
                assert told.get("token") is None, f"{step} with {who}"
