"""Every door of every running app, as everybody: what the door's own table and the scope say, and nothing else.

There is no list of exceptions. A route without a door, a parameter without a seed, a body without an example: each
fails here until it has one.
"""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from joserfc import jwt
from pydantic import TypeAdapter
from starlette.routing import Mount, Route

from athar.catalogue import SERVICES
from athar.stack.access import GATEWAY, PUBLIC_DOCUMENTS, doors_of, row_of
from athar.stack.gateway import make_gateway
from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.doors import AtharRoute
from shared.plumbing.identity import ALGORITHM, ISSUER, Principal, issue_token, make_signing_key
from tests.access.seeds import ABROAD, FAR, HERE, NEAR, SEEDS, THERE, Seed, dead_letter, set_environment
from tests.access.steps import ANSWERS, NOBODY
from tests.contracts.conftest import build
from tests.harness.desk import Desk, open_desk

# It grows with every door, and a busy machine takes minutes for all of them.
pytestmark = pytest.mark.timeout(600)


PLACES = {"here": (HERE, NEAR), "another branch": (HERE, FAR), "another association": (THERE, ABROAD)}


class Doors:
    """A service with something behind its doors, and everybody in front of them."""

    def __init__(self, desk: Desk, app: FastAPI, seed: Seed) -> None:
        self.desk, self.app, self.seed = desk, app, seed
        self._tokens: dict[tuple[Role, str], str] = {}

    @property
    def routes(self) -> list[AtharRoute]:
        return [route for route in self.app.routes if isinstance(route, AtharRoute)]

    def path(self, route: AtharRoute, *, missing: bool = False) -> str:
        """The route's address, with the seed's names or with names of nothing."""
        installation = route.path.startswith("/api/v1/operations/")
        values = {"message_id": self.seed.of_nobody["dead"]} if installation else {}
        for name in re.findall(r"{(\w+)", route.path):
            if name not in values:
                values[name] = self.seed.value(name, missing=missing)
        asked = [one for one in route.dependant.query_params if one.field_info.is_required()]
        demanded = {one.alias: self.seed.asked[one.alias] for one in asked}
        return route.path.format(**values) + (f"?{urlencode(demanded)}" if demanded else "")

    async def call(self, route: AtharRoute, token: str | None, *, missing: bool = False) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        (method,) = (route.methods or set()) - {"HEAD"}
        path = self.path(route, missing=missing)
        return await self.desk.client.request(method, path, json=body_of(route), headers=headers)

    def token(self, role: Role, place: str) -> str:
        """Signed once: nobody's hour ends before the clock moves."""
        if (role, place) not in self._tokens:
            association, branch = PLACES[place]
            signed = self.desk.token(role, association=association, branch=branch if role in BRANCH_ROLES else None)
            self._tokens[role, place] = signed
        return self._tokens[role, place]

    def reaches(self, route: AtharRoute, role: Role, place: str) -> bool:
        """Whether the scope of `role` in `place` holds what the route's address names."""
        named = set(re.findall(r"{(\w+)", route.path)) & set(self.seed.here)
        if route.path.startswith("/api/v1/operations/") or not named or place == "here":
            return True
        if place == "another association":
            return False
        return role not in BRANCH_ROLES or not named & self.seed.of_branch

    def foreign_signs(self, role: Role, place: str) -> list[str]:
        """What this person must read nowhere."""
        seed = self.seed
        if place == "another association":
            return [*seed.signs_here, *seed.signs_far]
        if place == "another branch" and role in BRANCH_ROLES:
            return [*seed.signs_here, *seed.signs_abroad]
        return [*seed.signs_abroad, *(seed.signs_far if role in BRANCH_ROLES else [])]


def body_of(route: APIRoute) -> Any:
    """The body that the API's document shows."""
    if route.body_field is None:
        return None
    return example_of(route.body_field.field_info.annotation)


@cache
def example_of(annotation: Any) -> Any:
    """Made once: it takes longer than the call that it is sent with."""
    example, *_ = TypeAdapter(annotation).json_schema()["examples"]
    return example


@pytest.fixture(params=sorted(SERVICES))
async def doors(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Doors]:
    set_environment(tmp_path, monkeypatch)
    async with open_desk(SERVICES[request.param], tmp_path, monkeypatch) as desk:
        seed = await SEEDS[request.param](desk)
        seed.of_nobody["dead"] = await dead_letter(desk)
        transport: Any = desk.client._transport
        yield Doors(desk, transport.app, seed)


# Intake has some three hundred and forty doors, asked by everybody from everywhere.
@pytest.mark.timeout(1200)
async def test_every_door_lets_in_whom_it_lists_and_shows_him_his_own_alone(doors: Doors) -> None:
    opened = set()
    for route in reading_first(doors.routes):
        for role in Role:
            for place in PLACES:
                answer = await doors.call(route, doors.token(role, place))
                what = f"{route.path} as {role} of {place}: {answer.status_code} {answer.text}"
                code = answer.json().get("code") if "problem" in answer.headers.get("content-type", "") else None
                assert answer.status_code < 500, what
                if route.door.roles and role not in route.door.roles:
                    assert (answer.status_code, code) == (403, "not_allowed"), what
                elif doors.reaches(route, role, place):
                    assert answer.status_code != 401 or not route.door.roles, what
                    assert code != "not_allowed", what
                    if place == "here" and route.methods == {"GET"}:
                        # A step of the sign-in is anyone's door; a token is no session there (`steps.py`).
                        step = ANSWERS.get(f"GET {route.path}", {NOBODY: 200})
                        assert answer.status_code == step[NOBODY], what
                else:
                    nothing = await doors.call(route, doors.token(role, place), missing=True)
                    assert answer.status_code == 404, what
                    assert answer.text == nothing.text, what
                assert [sign for sign in doors.foreign_signs(role, place) if sign in answer.text] == [], what
                if answer.status_code < 400:
                    opened.add(route.path)
    signs = [sign for sign in doors.seed.signs_here if sign]
    assert signs, "nothing was seeded: the test would see no leak"
    unopened = {route.path for route in doors.routes if route.methods == {"GET"} and route.door.roles} - opened
    assert unopened == set(), "nobody could be shown to read these"


def reading_first(routes: list[AtharRoute]) -> list[AtharRoute]:
    """What closes a case to others, or ends it, after all that asks whether it is there.

    The trail before all: it keeps what its own people asked for, foreign names too.
    """

    def place(route: AtharRoute) -> tuple[bool, bool, bool]:
        closes = route.path.endswith(("/confidence", "/opening"))
        return (route.path != "/api/v1/audit", route.methods != {"GET"}, closes)

    return sorted(routes, key=place)


async def test_no_door_lets_in_whose_token_does_not_hold(doors: Doors) -> None:
    now, hour = doors.desk.clock.now(), timedelta(hours=1)
    stranger = make_signing_key()

    def claims(seat: Role, **changes: Any) -> str:
        usual = {
            "iss": ISSUER,
            "sub": "x",
            "iat": int(now.timestamp()),
            "exp": int((now + hour).timestamp()),
            "association_id": HERE,
            "person_id": "x",
            "role": seat.value,
            "branch_id": NEAR,
        }
        key = doors.desk._key
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, usual | changes, key, algorithms=[ALGORITHM])

    def tokens(role: Role) -> dict[str, tuple[str | None, str]]:
        principal = Principal(association_id=HERE, person_id="x", role=role, branch_id=NEAR)
        forged = issue_token(principal, key=stranger, now=now, lasts=hour)
        whole = doors.token(role, "here")
        head, body, signature = whole.split(".")
        return {
            "none": (None, "not_signed_in"),
            "empty": ("", "not_signed_in"),
            "expired": (claims(role, exp=int(now.timestamp())), "token_expired"),
            "a stranger's": (forged, "token_forged"),
            "malformed": ("not.a.token", "token_forged"),
            "unsigned": (f"{head}.{body}.", "token_forged"),
            "torn off": (whole[:-8], "token_forged"),
            "another body": (f"{head}.{forged.split('.')[1]}x.{signature}", "token_forged"),
            "a role that is no more": (claims(role, role="treasurer"), "token_forged"),
            "another issuer": (claims(role, iss="elsewhere"), "token_forged"),
            "everybody's": (claims(role, association_id="*"), "token_forged"),
        }

    of_role = {role: tokens(role) for role in Role}
    for route in doors.routes:
        for role in route.door.roles:
            for name, (token, code) in of_role[role].items():
                answer = await doors.call(route, token)
                what = f"{route.path} as {role} with a token that is {name}: {answer.text}"
                assert answer.status_code == 401, what
                if "problem" in answer.headers["content-type"]:
                    assert answer.json()["code"] == code, what
                else:
                    assert not route.path.startswith("/api/"), what


async def test_a_branch_role_without_a_branch_gets_a_page_and_nothing_on_it(doors: Doors) -> None:
    for route in doors.routes:
        if route.methods != {"GET"} or "{" in route.path:
            continue
        for role in BRANCH_ROLES & set(route.door.roles):
            answer = await doors.call(route, doors.desk.token(role, association=HERE))
            assert answer.status_code == 200, f"{route.path} as {role}: {answer.text}"
            signs = [*doors.seed.signs_here, *doors.seed.signs_far, *doors.seed.signs_abroad]
            assert [sign for sign in signs if sign in answer.text] == []


async def test_the_running_app_has_the_doors_of_the_page_and_public_documents_alone(doors: Doors) -> None:
    service = doors.desk.runtime.service
    assert [row_of(route) for route in doors.routes] == list(doors_of(service))
    others = {getattr(route, "path", "") for route in doors.app.routes if not isinstance(route, AtharRoute)}
    assert others == set(PUBLIC_DOCUMENTS)
    for path in ("/openapi.json", "/docs/events/"):
        answer = await doors.desk.client.get(path)
        assert answer.status_code == 200
        seed = doors.seed
        assert [sign for sign in (*seed.signs_here, *seed.signs_far, *seed.signs_abroad) if sign in answer.text] == []


async def test_the_gateway_has_the_doors_of_the_page_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apps = {name: build(name, tmp_path, monkeypatch) for name in SERVICES}
    gateway = make_gateway(apps)
    assert {route.path for route in gateway.routes if isinstance(route, Route)} == set(GATEWAY)
    assert {route.path for route in gateway.routes if isinstance(route, Mount)} == {f"/{name}" for name in SERVICES}
    assert all(isinstance(route, Route | Mount) for route in gateway.routes), "a socket or stream without a door"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=gateway), base_url="http://athar.test") as client:
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/health")).json()["status"] == "ok"
        for name in SERVICES:
            assert (await client.get(f"/{name}/api/v1/nowhere")).status_code == 404
    for app in apps.values():
        await app.state.runtime.close()
