"""Signing in through the association's identity provider, which really serves beside these tests."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import ValidationError

from services.intake.domain.accounts.staff import Seat
from services.intake.settings import IntakeSettings
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from tests.accounts.house import ASSOCIATION, OTHER_ASSOCIATION, House, Member, open_house
from tests.accounts.provider import CLIENT, SECRET, Provider, open_provider, unsigned
from tests.contracts.problem import everything_written

HTML = {"Accept": "text/html"}
START = "/intake/sign-in/issuer"
ROLES = {
    "athar-officers": Role.INTAKE_OFFICER,
    "athar-quality": Role.QUALITY_OFFICER,
    "athar-auditors": Role.AUDITOR,
    "athar-administrators": Role.ASSOCIATION_ADMINISTRATOR,
}


class Clock:
    """What the provider takes for now."""

    def __init__(self) -> None:
        self.house: House | None = None

    def now(self) -> datetime:
        return self.house.clock.now() if self.house else datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
async def pair(sqlite_url: str, tmp_path: Path) -> AsyncIterator[tuple[House, Provider]]:
    clock = Clock()
    async with (
        open_provider(clock.now) as provider,
        open_house(
            sqlite_url,
            tmp_path,
            oidc_issuer=provider.issuer,
            oidc_association=ASSOCIATION,
            oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
            oidc_roles=ROLES,
        ) as house,
    ):
        clock.house = house
        yield house, provider


@pytest.fixture
def house(pair: tuple[House, Provider]) -> House:
    return pair[0]


@pytest.fixture
def provider(pair: tuple[House, Provider]) -> Provider:
    return pair[1]


@pytest.fixture
async def sara(house: House) -> Member:
    member = await house.member("sara")
    await house.as_administrator(f"/staff/{member.id}/subject", {"subject": "sub-sara"})
    return member


async def depart(house: House, path: str = START) -> str:
    """Where the provider sends the browser back to."""
    away = await house.client.get(path, headers=HTML)
    assert away.status_code == 303, away.text
    async with httpx.AsyncClient() as outside:
        back = await outside.get(away.headers["location"])
    where: str = back.headers["location"]
    return where


async def come_back(house: House, path: str = START) -> httpx.Response:
    return await house.client.get(await depart(house, path), headers=HTML)


async def me(house: House) -> Any:
    return (await house.client.get("/intake/api/v1/me")).json()


@pytest.mark.usefixtures("sara")
async def test_a_known_member_comes_in_and_goes_where_he_wanted(house: House, sara: Member) -> None:
    answer = await come_back(house, START + "?next=/intake/session%3Fa=1")
    assert answer.headers["location"] == "/intake/session?a=1"
    who = await me(house)
    assert (who["person_id"], who["role"]) == (sara.id, "intake_officer")


@pytest.mark.usefixtures("sara")
async def test_the_page_offers_the_provider(house: House) -> None:
    page = await house.client.get("/intake/sign-in", headers=HTML)
    assert f'href="{START}"' in page.text


async def test_who_is_not_known_here_is_refused_whatever_groups_he_has(house: House, provider: Provider) -> None:
    provider.groups = ["athar-administrators"]
    before = everything_written(house)
    answer = await come_back(house)
    assert answer.status_code == 401
    assert "__Host-athar-session" not in answer.headers.get("set-cookie", "")
    assert everything_written(house) == before


@pytest.mark.usefixtures("sara")
async def test_a_group_makes_nobody_an_administrator(house: House, provider: Provider) -> None:
    provider.groups = ["athar-officers", "athar-administrators"]
    assert (await come_back(house)).status_code == 303
    assert (await me(house))["role"] == "intake_officer"
    session = house.client.cookies["__Host-athar-session"]
    places = (await house.renew(session)).json()["places"]
    assert [place["role"] for place in places] == ["intake_officer"]


async def test_a_seat_counts_only_while_the_provider_vouches_for_it(
    house: House, provider: Provider, sara: Member
) -> None:
    seat = await house.seat(sara, Role.QUALITY_OFFICER)
    provider.groups = ["athar-quality", "another"]
    await come_back(house)
    assert (await me(house))["role"] == "quality_officer"
    await house.as_administrator(f"/staff/{sara.id}/seats/{seat['id']}/end")
    assert (await come_back(house)).status_code == 403
    provider.groups = []
    assert (await come_back(house)).status_code == 403


async def test_groups_give_nobody_two_seats_that_do_not_go_together(
    house: House, provider: Provider, sara: Member
) -> None:
    async with house.runtime.database.write(scope=EVERYTHING) as session:
        # As it may have been given before such pairs were refused.
        now = house.clock.now()
        session.add(
            Seat(association_id=ASSOCIATION, person_id=sara.id, role=Role.AUDITOR, valid_from=now, given_by="x")
        )
    provider.groups = ["athar-officers", "athar-auditors"]
    await come_back(house)
    assert (await me(house))["role"] == "intake_officer"
    provider.groups = ["athar-auditors"]
    assert (await come_back(house)).status_code == 403


@pytest.mark.usefixtures("sara")
async def test_groups_may_stand_in_the_user_information(house: House, provider: Provider) -> None:
    provider.in_userinfo = True
    assert (await come_back(house)).status_code == 303
    provider.userinfo_subject = "another"
    assert (await come_back(house)).status_code == 401


async def test_a_closed_account_stays_closed(house: House, sara: Member) -> None:
    await house.as_administrator(f"/staff/{sara.id}/deactivation")
    assert (await come_back(house)).status_code == 401


async def test_the_provider_of_one_association_knows_nobody_of_another(house: House) -> None:
    theirs = await house.member("sara", association=OTHER_ASSOCIATION)
    await house.as_administrator(f"/staff/{theirs.id}/subject", {"subject": "sub-sara"}, association=OTHER_ASSOCIATION)
    assert (await come_back(house)).status_code == 401


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.test"},
    "another audience": {"aud": "another client"},
    "two audiences": {"aud": ["another client"], "azp": "another client"},
    "another nonce": {"nonce": "made-up"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "no end": {"exp": None},
    "ended": {"exp": 1_700_000_000},
    "of tomorrow": {"nbf": 2_000_000_000},
}


@pytest.mark.usefixtures("sara")
@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
async def test_a_token_that_is_not_for_this_sign_in_is_refused(
    house: House, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert (await come_back(house)).status_code == 401


def signed_by_another(claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, auto_kid=True)
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def signed_with_the_clients_secret(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


@pytest.mark.usefixtures("sara")
@pytest.mark.parametrize("sign", [unsigned, signed_by_another, signed_with_the_clients_secret])
async def test_a_token_that_the_provider_did_not_sign_is_refused(house: House, provider: Provider, sign: Any) -> None:
    provider.sign_with = sign
    assert (await come_back(house)).status_code == 401


@pytest.mark.usefixtures("sara")
async def test_a_provider_that_changed_its_key_is_asked_for_the_new_one(
    house: House, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.gateways.issuer.ASK_AGAIN_SECONDS", 0.0)
    assert (await come_back(house)).status_code == 303
    provider.key = RSAKey.generate_key(2048, auto_kid=True)
    assert (await come_back(house)).status_code == 303
    assert provider.asked.count("keys") == 2


@pytest.mark.usefixtures("sara")
async def test_a_code_is_good_in_the_browser_that_asked_for_it_alone(house: House, provider: Provider) -> None:
    back = await depart(house)
    house.client.cookies.clear()
    assert (await house.client.get(back, headers=HTML)).status_code == 401
    await depart(house)
    assert (await house.client.get(back, headers=HTML)).status_code == 401
    assert provider.asked == []


@pytest.mark.usefixtures("sara")
async def test_a_return_comes_once_and_soon(house: House) -> None:
    back = await depart(house)
    assert (await house.client.get(back, headers=HTML)).status_code == 303
    assert (await house.client.get(back, headers=HTML)).status_code == 401
    back = await depart(house)
    house.clock.forward(timedelta(minutes=10, seconds=1))
    assert (await house.client.get(back, headers=HTML)).status_code == 401


@pytest.mark.usefixtures("sara")
@pytest.mark.parametrize("query", ["", "?state=x", "?error=access_denied", "?code=x&state=é"])
async def test_a_return_that_is_none_is_a_page_and_not_a_crash(house: House, query: str) -> None:
    await depart(house)
    page = await house.client.get(f"{START}/return{query}", headers=HTML)
    assert page.status_code == 401
    assert "issuer_refused" in page.text


@pytest.mark.usefixtures("sara")
async def test_the_password_works_on_beside_the_provider(house: House, sara: Member) -> None:
    assert (await house.sign_in(sara)).status_code == 200


async def test_what_goes_to_the_provider_is_guarded(house: House) -> None:
    away = await house.client.get(START, headers=HTML)
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 40
    assert len(asked["nonce"][0]) >= 40
    (cookie,) = [line for line in away.headers.get_list("set-cookie") if "issuer" in line]
    assert "HttpOnly" in cookie
    for secret in (asked["state"][0], asked["nonce"][0]):
        assert secret not in cookie


async def test_a_provider_that_is_away_is_said_to_be(sqlite_url: str, tmp_path: Path) -> None:
    own = {"oidc_issuer": "http://127.0.0.1:9", "oidc_association": ASSOCIATION, "oidc_client_id": CLIENT}
    async with open_house(sqlite_url, tmp_path, **own) as house:
        page = await house.client.get(START, headers=HTML)
        assert page.status_code == 401
        assert "issuer_refused" in page.text


async def test_without_a_provider_there_is_no_way_to_one(sqlite_url: str, tmp_path: Path) -> None:
    async with open_house(sqlite_url, tmp_path) as house:
        assert (await house.client.get(START, headers=HTML)).status_code == 404


@pytest.mark.parametrize(
    "settings",
    [
        {"oidc_issuer": "https://id.example.org"},
        {"oidc_issuer": "https://id.example.org", "oidc_client_id": "a"},
        {"oidc_issuer": "http://id.example.org", "oidc_client_id": "a", "oidc_association": ASSOCIATION},
    ],
)
def test_half_a_provider_does_not_start(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="OIDC_ISSUER"):
        IntakeSettings(**settings)  # type: ignore[arg-type]
