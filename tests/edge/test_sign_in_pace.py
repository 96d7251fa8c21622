"""Whoever signs in knocks at the narrowest door: so often an address, so often an account, whichever way."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from athar.catalogue import SERVICES
from athar.stack.access import doors_of
from athar.stack.valkey import EmbeddedValkey
from services.intake.main import INTAKE
from services.intake.use_cases.accounts import prove_password
from shared.plumbing.doors import AtharRoute
from shared.plumbing.edge.rates import Pace
from shared.plumbing.service import build_app
from tests.contracts.problem import assert_problem, everything_written
from tests.harness.desk import ASSOCIATION, Desk, open_desk

ALLOWED = 4
SECRET = "01a1.made-up"
API = "/api/v1/public/sign-in"
TYPED: dict[str, Any] = {"association_id": ASSOCIATION, "user_name": "sara", "password": "four palms at the well"}
STEPS: dict[str, dict[str, Any]] = {
    API: TYPED,
    f"{API}/second-factor": {"session": SECRET, "code": "123456"},
    f"{API}/password": {"session": SECRET, "new_password": "a made-up sentence"},
    f"{API}/seat": {"session": SECRET, "place_id": "x"},
}
PAGES = ("/sign-in", "/sign-in/second-factor", "/sign-in/password", "/sign-in/seat")


@pytest.fixture
async def counted(
    migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, valkey: EmbeddedValkey
) -> AsyncIterator[Desk]:
    """Intake that counts, with so few tries a minute."""
    copy(migrated_intake, tmp_path)
    monkeypatch.setenv("ATHAR_RATE_LIMITS", "on")
    monkeypatch.setenv("ATHAR_RATE_SIGN_IN", f"{ALLOWED}/hour")
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk, Redis.from_url(valkey.url) as client:
        await client.flushall()
        desk.runtime.__dict__["stream"] = client
        yield desk


def from_address(desk: Desk, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=build_app(desk.runtime, with_worker=False), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://athar.test")


def waits(answer: httpx.Response) -> bool:
    return answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= 3600


@pytest.mark.parametrize("path", STEPS)
async def test_the_next_try_of_an_address_has_to_wait_and_nothing_is_written(counted: Desk, path: str) -> None:
    bodies = [STEPS[path] | ({"user_name": f"name-{n}"} if path == API else {}) for n in range(ALLOWED + 1)]
    answers = [await counted.client.post(path, json=body) for body in bodies[:-1]]
    assert {answer.status_code for answer in answers} == {401}
    before = everything_written(counted)
    last = await counted.client.post(path, json=bodies[-1])
    assert_problem(last, status=429, code="too_many_requests")
    assert waits(last)
    assert everything_written(counted) == before


@pytest.mark.parametrize("path", PAGES)
async def test_the_same_holds_of_the_pages(counted: Desk, path: str) -> None:
    answers = [await counted.client.post(path, data={}, headers={"Accept": "text/html"}) for _ in range(ALLOWED + 1)]
    assert 429 not in {answer.status_code for answer in answers[:-1]}
    assert waits(answers[-1])
    assert "text/html" in answers[-1].headers["content-type"]
    assert (await counted.client.get("/sign-in")).status_code == 200, "to look at the page is no try"


async def test_all_steps_and_pages_share_one_allowance(counted: Desk) -> None:
    for path in list(STEPS)[:2]:
        await counted.client.post(path, json=STEPS[path])
    for path in PAGES[:2]:
        await counted.client.post(path, data={})
    assert waits(await counted.client.post(API, json=TYPED))


async def test_an_account_has_one_allowance_from_however_many_addresses(counted: Desk) -> None:
    async def knock(number: int, **typed: str) -> httpx.Response:
        async with from_address(counted, f"192.0.2.{number}") as client:
            return await client.post(API, json=TYPED | typed)

    # A name that nobody has is counted like any other, in all its forms.
    answers = [await knock(number, user_name=("sara", "SARA")[number % 2]) for number in range(ALLOWED)]
    assert {answer.status_code for answer in answers} == {401}
    assert waits(await knock(ALLOWED))
    assert (await knock(ALLOWED + 1, user_name="omar")).status_code == 401
    assert (await knock(ALLOWED + 2, association_id="kharj-dawah")).status_code == 401


@pytest.mark.parametrize("path", list(STEPS)[1:])
async def test_a_session_half_way_has_one_allowance_from_however_many_addresses(counted: Desk, path: str) -> None:
    answers = []
    for number in range(ALLOWED + 1):
        async with from_address(counted, f"192.0.2.{number}") as client:
            answers.append(await client.post(path, json=STEPS[path]))
    assert {answer.status_code for answer in answers[:-1]} == {401}
    assert waits(answers[-1])


async def test_nobody_who_has_to_wait_makes_us_hash(counted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(ALLOWED):
        await counted.client.post(API, json=TYPED | {"user_name": f"name-{number}"})
    hashed = []

    async def is_right(password: str, _: str | None) -> bool:
        hashed.append(password)
        return False

    monkeypatch.setattr(prove_password, "is_right", is_right)
    assert waits(await counted.client.post(API, json=TYPED))
    assert hashed == []


def test_every_door_of_the_sign_in_that_takes_something_has_the_narrow_pace() -> None:
    taking = [
        route
        for router in (*INTAKE.api, *INTAKE.pages)
        for route in router.routes
        if isinstance(route, AtharRoute) and "/sign-in" in route.path and (route.writes or "issuer" in route.path)
    ]
    assert {route.path for route in taking if route.pace is not Pace.SIGN_IN} == set()
    assert len(taking) >= len(STEPS) + len(PAGES) + 2
    assert all(
        "/sign-in" not in door.name for name in SERVICES if name != "intake" for door in doors_of(SERVICES[name])
    )
