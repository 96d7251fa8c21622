"""How often somebody may knock: counted together, told in words, and never in the way of work."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from athar.stack.valkey import EmbeddedValkey
from services.intake.main import INTAKE
from services.intake.use_cases.accounts import prove_password
from shared.language.roles import Role
from shared.plumbing.edge.rates import Pace, pace_of, sign_in_door
from shared.plumbing.service import build_app
from shared.plumbing.settings import Settings
from tests.contracts.problem import assert_problem, everything_written
from tests.harness.desk import Desk, open_desk
from tests.intake.office import Office

LIMITS = {
    "ATHAR_RATE_LIMITS": "on",
    "ATHAR_RATE_PER_ADDRESS": "20/hour",
    "ATHAR_RATE_PER_ACCOUNT": "4/hour",
    "ATHAR_RATE_PER_BEARER": "3/hour",
    "ATHAR_RATE_PUBLIC": "8/hour",
    "ATHAR_RATE_SIGN_IN": "2/hour",
}
CASES = "/api/v1/cases"
OPEN = "/api/v1/public/requests"


@pytest.fixture
async def counted(migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Intake with allowances so small that a test can use them up. Its Redis is away."""
    copy(migrated_intake, tmp_path)
    for name, value in LIMITS.items():
        monkeypatch.setenv(name, value)
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield desk


@pytest.fixture
async def stream(counted: Desk, valkey: EmbeddedValkey) -> AsyncIterator[Redis]:
    """Its Redis is here."""
    async with Redis.from_url(valkey.url) as client:
        await client.flushall()
        counted.runtime.__dict__["stream"] = client
        yield client


async def look(desk: Desk, times: int, **who: Any) -> list[int]:
    return [(await desk.call("GET", CASES, role=Role.AUDITOR, **who)).status_code for _ in range(times)]


@pytest.mark.usefixtures("stream")
async def test_a_token_has_its_allowance_and_then_hears_how_long_to_wait(counted: Desk) -> None:
    token = {"Authorization": f"Bearer {counted.token(Role.AUDITOR)}"}
    answers = [await counted.client.get(CASES, headers=token) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    problem = assert_problem(answers[-1], status=429, code="too_many_requests")
    wait = int(answers[-1].headers["retry-after"])
    assert 0 < wait <= 3600
    assert str(wait) in problem["sentences"]["en"]
    assert str(wait) in problem["sentences"]["ar"]


@pytest.mark.usefixtures("stream")
async def test_a_person_has_one_allowance_however_many_tokens_he_has(counted: Desk) -> None:
    seen = []
    for number in range(5):
        seen += await look(counted, 1, lasts=timedelta(hours=1, seconds=number))
    assert seen == [200, 200, 200, 200, 429]
    assert await look(counted, 1, person="another") == [200]


@pytest.mark.usefixtures("stream")
async def test_an_address_has_one_allowance_whoever_asks_from_it(counted: Desk) -> None:
    seen = [(await look(counted, 1, person=f"p-{number}"))[0] for number in range(21)]
    assert seen == [200] * 20 + [429]
    forged = [await counted.client.get(CASES, headers={"Authorization": "Bearer x"}) for _ in range(2)]
    assert [answer.status_code for answer in forged] == [429, 429], "whoever guesses tokens is counted as well"


@pytest.mark.usefixtures("stream")
async def test_the_publics_door_is_narrower_and_nothing_is_written_over_it(counted: Desk) -> None:
    answers = [await counted.client.post(OPEN, json={}) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {422}
    before = everything_written(counted)
    assert_problem(await counted.client.post(OPEN, json={}), status=429, code="too_many_requests")
    assert everything_written(counted) == before
    assert await look(counted, 1) == [200], "the street's allowance is not the office's"


@pytest.mark.usefixtures("stream")
async def test_over_the_allowance_of_the_sign_in_no_password_is_tried(
    counted: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    async def is_right(password: str, hashed: str | None) -> bool:
        tried.append(password)
        return hashed is not None

    monkeypatch.setattr(prove_password, "is_right", is_right)
    typed = {"association_id": "jamoum-orphans", "user_name": "nobody", "password": "made up for this test"}
    answers = [await counted.client.post("/api/v1/public/sign-in", json=typed) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert len(tried) == 2
    page = await counted.client.post("/sign-in", data=typed)
    assert page.status_code == 429, "the page is the same door"
    assert await look(counted, 1) == [200]


async def test_two_processes_count_together(counted: Desk, stream: Redis) -> None:
    second = httpx.ASGITransport(app=build_app(counted.runtime, with_worker=False))
    async with httpx.AsyncClient(transport=second, base_url="http://athar.test") as other:
        token = {"Authorization": f"Bearer {counted.token(Role.AUDITOR)}"}
        seen = [(await client.get(CASES, headers=token)).status_code for client in (counted.client, other) * 2]
    assert seen == [200, 200, 200, 429]
    assert await stream.keys("athar:pace*")


async def test_redis_holds_no_address_and_no_name(counted: Desk, stream: Redis) -> None:
    await look(counted, 1, person="hessa-7")
    keys = b" ".join(await stream.keys("*"))
    assert keys
    assert b"127.0.0.1" not in keys
    assert b"hessa" not in keys
    assert b"jamoum" not in keys


async def test_while_redis_is_away_staff_work_on_and_an_operator_sees_it(counted: Desk) -> None:
    assert await look(counted, 30) == [200] * 30
    page = await counted.call("GET", "/metrics", role=Role.PLATFORM_OPERATOR)
    (uncounted,) = re.findall(r"^athar_requests_uncounted_total ([0-9.]+)$", page.text, re.MULTILINE)
    assert float(uncounted) >= 30


async def test_while_redis_is_away_the_publics_door_stays_narrow(counted: Desk) -> None:
    answers = [(await counted.client.post(OPEN, json={})).status_code for _ in range(4)]
    assert answers == [422, 422, 429, 429]


async def test_the_office_is_not_limited_where_nobody_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_intake: Path
) -> None:
    copy(migrated_intake, tmp_path)
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        assert desk.runtime.limiter is None
        assert await Office(desk).begin()


@pytest.mark.parametrize(
    ("environment", "said", "limits"),
    [
        ("production", None, True),
        ("embedded", None, True),
        ("demo", None, False),
        ("test", None, False),
        ("production", "off", False),
        ("test", "on", True),
    ],
)
def test_production_counts_unless_it_is_told_not_to(environment: str, said: Any, *, limits: bool) -> None:
    settings = Settings(
        environment=environment,
        redis_url="redis://r",
        seal_keys="k",
        vault_url="v",
        verification_keys_file="k",
        rate_limits=said,
    )
    assert settings.limits_rates is limits


@pytest.mark.parametrize(
    ("name", "value"),
    [("rate_public", "many"), ("rate_public", "x/minute"), ("trusted_proxies", "*"), ("trusted_proxies", "nginx")],
)
def test_a_setting_that_says_nothing_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings(environment="test", redis_url="redis://r", seal_keys="k", verification_keys_file="k", **{name: value})


def test_a_door_has_the_pace_of_those_who_pass_it() -> None:
    @sign_in_door
    async def sign_in() -> None: ...

    async def other() -> None: ...

    assert pace_of(sign_in, path="/api/v1/sessions", is_public=True) is Pace.SIGN_IN
    assert pace_of(other, path="/api/v1/public/requests", is_public=True) is Pace.PUBLIC
    assert pace_of(other, path="/health", is_public=True) is Pace.STAFF
    assert pace_of(other, path="/api/v1/cases", is_public=False) is Pace.STAFF


async def test_a_household_is_one_address(counted: Desk, stream: Redis) -> None:
    """Of IPv6 it has as many as it likes."""
    app = build_app(counted.runtime, with_worker=False)
    seen = []
    for number in range(9):
        transport = httpx.ASGITransport(app=app, client=(f"2001:db8:1:2::{number:x}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://athar.test") as client:
            seen.append((await client.post(OPEN, json={})).status_code)
    assert seen == [422] * 8 + [429]
    assert await stream.dbsize() == 1
