"""The keys that sign tokens: changed while everything runs, and nobody signed in notices."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from typer.testing import CliRunner

from athar.cli import app
from shared.language.errors import PartDown, TokenForged
from shared.language.roles import Role
from shared.plumbing import keys as keys_module
from shared.plumbing.identity import Principal, Verifier, issue_token, kid_of, make_signing_key, public_keys
from shared.plumbing.keys import SigningKeys, TrustedKeys, read_keys, rotate, write_in_place
from tests.accounts.house import House
from tests.harness.desk import NOON
from tests.plumbing.waiting import eventually

WHO = Principal(association_id="jamoum-orphans", person_id="p-1", role=Role.AUDITOR)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Installation:
    """The two files, and a verifier that has read them."""

    def __init__(self, folder: Path) -> None:
        self.signing, self.verification = folder / "signing-key.json", folder / "verification-keys.json"
        first = make_signing_key()
        self.signing.write_text(json.dumps(first.as_dict(private=True)))
        self.verification.write_text(json.dumps(public_keys(first)))
        self.keys = SigningKeys(self.signing)
        self.verifier = TrustedKeys(file=self.verification, url=None)

    def rotate(self, *, at: datetime, wait: timedelta = 2 * MINUTE, keep: timedelta = HOUR) -> str:
        return rotate(self.signing, self.verification, now=at, wait=wait, keep=keep)

    def token(self, at: datetime, *, lasts: timedelta = HOUR) -> str:
        return issue_token(WHO, key=self.keys.current(now=at), now=at, lasts=lasts)

    async def takes(self, token: str, *, at: datetime) -> bool:
        await self.verifier.refresh(token)
        try:
            return self.verifier.principal(token, now=at) == WHO
        except TokenForged:
            return False


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setattr(keys_module, "LOOK_EVERY_SECONDS", 0.0)
    return Installation(tmp_path)


async def test_tokens_of_both_keys_open_while_the_key_changes(installation: Installation) -> None:
    old = installation.token(NOON)
    kid = installation.rotate(at=NOON)
    for minute in range(5):
        at = NOON + minute * MINUTE
        new = installation.token(at)
        assert (kid_of(new) == kid) is (minute >= 2)
        assert await installation.takes(new, at=at)
        assert await installation.takes(old, at=at)


async def test_an_old_key_verifies_until_its_last_token_has_ended_and_then_no_more(installation: Installation) -> None:
    old = installation.token(NOON, lasts=3 * HOUR)
    installation.rotate(at=NOON)
    assert await installation.takes(old, at=NOON + HOUR + MINUTE)
    assert not await installation.takes(old, at=NOON + HOUR + 2 * MINUTE)


async def test_a_stolen_key_is_over_at_once(installation: Installation) -> None:
    stolen = installation.token(NOON)
    installation.rotate(at=NOON, wait=timedelta(), keep=timedelta())
    assert not await installation.takes(stolen, at=NOON)
    assert await installation.takes(installation.token(NOON), at=NOON)


async def test_many_rotations_leave_no_more_keys_than_can_still_matter(installation: Installation) -> None:
    for hour in range(6):
        installation.rotate(at=NOON + hour * 2 * HOUR)
    assert len(read_keys(installation.signing)) == 2
    assert len(read_keys(installation.verification)) == 2
    assert all("d" not in key for key in read_keys(installation.verification))


async def test_a_key_that_only_verifies_here_stays(installation: Installation) -> None:
    elsewhere = make_signing_key()
    document = {"keys": [*read_keys(installation.verification), *public_keys(elsewhere)["keys"]]}
    installation.verification.write_text(json.dumps(document))
    installation.rotate(at=NOON)
    theirs = issue_token(WHO, key=elsewhere, now=NOON, lasts=HOUR)
    assert await installation.takes(theirs, at=NOON)


async def test_a_file_that_is_half_written_changes_nothing(installation: Installation) -> None:
    token = installation.token(NOON)
    installation.verification.write_text('{"keys": [{"kty": "OK')
    assert await installation.takes(token, at=NOON)
    installation.verification.unlink()
    assert await installation.takes(token, at=NOON)


def test_a_stop_while_keys_are_written_loses_none(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    before = installation.signing.read_text()
    write_in_place(installation.signing, before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["signing-key.json", "verification-keys.json"]
    installation.signing.with_suffix(".whole").write_text(before)
    installation.signing.write_text(before[: len(before) // 2])
    assert read_keys(installation.signing) == [json.loads(before)]


def test_a_file_stays_the_same_file_for_who_has_it_mounted(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    before = installation.verification.stat().st_ino
    installation.rotate(at=NOON)
    assert installation.verification.stat().st_ino == before


@pytest.mark.parametrize("token", ["", ".", "a", "e30.x.y", "W10.x.y", "eyJraWQiOjd9.x.y", "é", "=" * 50, "\x00"])
def test_what_names_no_key_is_refused_as_forged(token: str) -> None:
    assert kid_of(token) is None
    with pytest.raises(TokenForged):
        Verifier(public_keys(make_signing_key())).principal(token, now=NOON)


async def test_intake_publishes_its_keys_at_a_public_door_and_keeps_the_private_half(house: House) -> None:
    answer = await house.client.get("/intake/api/v1/public/keys")
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "kid"}
    token = house.token(Role.AUDITOR)
    assert Verifier(answer.json()).principal(token, now=house.clock.now()).role is Role.AUDITOR


class Publisher:
    """Intake's public door, alone on a free port."""

    def __init__(self) -> None:
        self.keys = [make_signing_key()]
        self.asked = 0

    async def show(self, _: Any) -> JSONResponse:
        self.asked += 1
        return JSONResponse(public_keys(*self.keys))


async def test_a_service_fetches_the_keys_and_asks_again_for_one_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keys_module, "LOOK_EVERY_SECONDS", 0.0)
    publisher = Publisher()
    config = uvicorn.Config(Starlette(routes=[Route("/keys", publisher.show)]), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        verifier = TrustedKeys(file=None, url=f"http://127.0.0.1:{port}/keys")
        for _ in range(3):
            token = issue_token(WHO, key=publisher.keys[-1], now=NOON, lasts=HOUR)
            await verifier.refresh(token)
            assert verifier.principal(token, now=NOON) == WHO
        assert publisher.asked == 1
        publisher.keys.append(make_signing_key())
        token = issue_token(WHO, key=publisher.keys[-1], now=NOON, lasts=HOUR)
        await verifier.refresh(token)
        assert verifier.principal(token, now=NOON) == WHO
        assert publisher.asked == 2
    finally:
        server.should_exit = True
        await serving
    # Intake is away: what is known stays good, and strangers stay strangers.
    await verifier.refresh(issue_token(WHO, key=make_signing_key(), now=NOON, lasts=HOUR))
    assert verifier.principal(token, now=NOON) == WHO
    with pytest.raises(PartDown):
        await TrustedKeys(file=None, url=f"http://127.0.0.1:{port}/keys").refresh(token)


async def test_a_service_that_never_saw_a_key_says_that_a_part_is_down_and_not_that_a_token_is_forged() -> None:
    verifier = TrustedKeys(file=None, url="http://127.0.0.1:9/keys")
    for _ in range(2):
        with pytest.raises(PartDown):
            await verifier.refresh("a.b.c")


async def test_a_session_goes_on_over_a_change_of_keys(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_module, "LOOK_EVERY_SECONDS", 0.0)
    view = await house.enter(await house.member())
    signing, verification = house.folder / "signing-key.json", house.folder / "verification-keys.json"
    kid = rotate(signing, verification, now=house.clock.now(), wait=2 * MINUTE, keep=HOUR)
    assert await house.opens(view["token"]) == 200
    house.clock.forward(3 * MINUTE)
    renewed = (await house.renew(view["session"])).json()
    assert kid_of(renewed["token"]) == kid
    assert [await house.opens(token) for token in (view["token"], renewed["token"])] == [200, 200]


def test_the_command_rotates_and_shows_the_keys(tmp_path: Path) -> None:
    runner = CliRunner()
    made = runner.invoke(app, ["secrets", str(tmp_path / "secrets")])
    assert made.exit_code == 0, made.output
    rotated = runner.invoke(app, ["keys", "rotate", "--data", str(tmp_path)])
    assert rotated.exit_code == 0, rotated.output
    shown = runner.invoke(app, ["keys", "show", "--data", str(tmp_path)]).output.splitlines()
    assert len(shown) == 2
    assert "retires 2" in shown[0]
    assert "retires never" in shown[1]
    token = runner.invoke(
        app, ["token", "--data", str(tmp_path), "--association", "jamoum-orphans", "--role", "auditor", "--person", "p"]
    )
    verification = tmp_path / "secrets" / "verification-keys.json"
    (first, *_) = token.stdout.splitlines()
    assert Verifier({"keys": read_keys(verification)}).kids >= {kid_of(first)}


def test_keys_are_rotated_where_there_are_some(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["keys", "rotate", "--data", str(tmp_path)])
    assert refused.exit_code == 2
    assert "there is no signing key" in refused.output
