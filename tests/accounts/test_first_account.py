"""The first administrator of an association: made at the first start, with a password that nobody else knows."""

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from athar.cli import app
from athar.stack.accounts import end_by_hand, make_first_account, reset_account
from shared.language.errors import AlreadySetUp, StaffNotFound
from shared.language.roles import Role
from shared.plumbing.identity import Principal, issue_token
from shared.policy.adopted import packs
from tests.accounts.house import ASSOCIATION, PASSWORD, WRONG, House, Member
from tests.contracts.problem import everything_written

SAID = re.compile(r"First administrator of (\S+): user name (\S+), one-time password (\S+)")


async def first(house: House, **more: object) -> Member:
    made = await make_first_account(house.runtime, association_id=ASSOCIATION, **more)  # type: ignore[arg-type]
    assert made is not None
    return Member("", made.user_name, made.password)


async def change_password(house: House, member: Member) -> httpx.Response:
    begun = (await house.sign_in(member)).json()
    assert begun["stage"] == "new_password"
    body = {"session": begun["session"], "new_password": PASSWORD}
    return await house.ask("POST", "/public/sign-in/password", body)


async def test_the_first_administrator_signs_in_and_adds_the_staff(house: House) -> None:
    view = (await change_password(house, await first(house))).json()
    assert view["place"]["role"] == "association_administrator"
    body = {"user_name": "sara", "name": "سارة العتيبي"}
    assert (await house.ask("POST", "/staff", body, token=view["token"])).status_code == 201


async def test_a_password_that_nobody_read_is_made_anew_until_it_was_used(house: House) -> None:
    lost, found = await first(house), await first(house)
    assert lost.password != found.password
    assert (await house.sign_in(lost)).status_code == 401
    assert (await change_password(house, found)).status_code == 200
    with pytest.raises(AlreadySetUp):
        await first(house)
    again = await make_first_account(house.runtime, association_id=ASSOCIATION, only_new=True)
    assert again is None


async def test_no_two_installations_have_the_same_password(house: House) -> None:
    passwords = {(await first(house)).password for _ in range(5)}
    assert len(passwords) == 5
    assert all(re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){2}", password) for password in passwords)
    written = "\n".join(everything_written(house))
    assert not any(password in written for password in passwords)


async def test_the_operator_appoints_an_operator_of_the_platform(house: House) -> None:
    operator = await first(house, role=Role.PLATFORM_OPERATOR)
    assert (await change_password(house, operator)).json()["place"]["role"] == "platform_operator"


async def test_the_operator_helps_an_administrator_who_cannot_get_in(house: House) -> None:
    sara = await house.member("sara", Role.ASSOCIATION_ADMINISTRATOR)
    view = await house.enter(sara)
    made = await reset_account(house.runtime, association_id=ASSOCIATION, user_name="SARA")
    assert await house.opens(view["token"]) == 401
    assert (await house.sign_in(sara, password=made.password)).json()["stage"] == "new_password"
    with pytest.raises(StaffNotFound):
        await reset_account(house.runtime, association_id=ASSOCIATION, user_name="nobody")


async def test_tokens_that_were_made_by_hand_can_be_ended(house: House) -> None:
    who = Principal(association_id=ASSOCIATION, person_id="p-1", role=Role.AUDITOR, session_id="by-hand:1")
    token = issue_token(who, key=house._key, now=house.clock.now(), lasts=timedelta(days=30))
    assert await house.opens(token) == 200
    await end_by_hand(house.runtime, association_id=ASSOCIATION, session_id="by-hand:1")
    assert await house.opens(token) == 401
    assert await house.ended() == ["by-hand:1"]


def test_the_command_prints_a_password_and_names_the_associations_there_are(tmp_path: Path) -> None:
    runner, data = CliRunner(), ["--data", str(tmp_path)]
    runner.invoke(app, ["secrets", str(tmp_path / "secrets")])
    environment = {**os.environ, "ATHAR_ENVIRONMENT": "embedded"}
    migrated = subprocess.run(
        [sys.executable, "-c", MIGRATE, str(tmp_path)], env=environment, capture_output=True, text=True, check=False
    )
    assert migrated.returncode == 0, migrated.stderr
    command = [sys.executable, "-m", "athar", "accounts", "first", "--association", ASSOCIATION, *data]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"user name administrator, one-time password \S{17}$", done.stdout.strip())
    unknown = subprocess.run(
        [*command[:-3], "no-such", *data], env=environment, capture_output=True, text=True, check=False
    )
    assert unknown.returncode == 2
    assert "there is no association" in unknown.stderr


MIGRATE = """
import sys
from pathlib import Path
from athar.stack import embedded, one
embedded.set_environment(Path(sys.argv[1]), environment="embedded")
one.migrate(["intake"])
"""


def test_the_first_start_prints_an_administrator_of_each_association_and_the_second_none(tmp_path: Path) -> None:
    address_file = tmp_path / "address"

    def start(lines: int) -> tuple[list[str], str]:
        address_file.unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "athar", "up", "--data", str(tmp_path / "data"), "--port", "0"],
            env={**os.environ, "ATHAR_ADDRESS_FILE": str(address_file)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        try:
            said = [process.stdout.readline() for _ in range(lines)]
            if lines > 1:
                check_sign_in(address_file.read_text(), said)
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
            process.wait(timeout=60)
            process.stdout.close()
        return said, rest

    said, _ = start(1 + len(packs()))
    made = {found.group(1) for line in said if (found := SAID.search(line))}
    assert made == set(packs())
    _, rest = start(1)
    assert not SAID.search(rest)


def check_sign_in(address: str, said: list[str]) -> None:
    found = SAID.search(said[1])
    assert found is not None
    association, user_name, password = found.groups()
    typed = {"association_id": association, "user_name": user_name}
    for tried, status in ((WRONG, 401), ("admin", 401), ("administrator", 401), (password, 200)):
        answer = httpx.post(f"{address}/intake/api/v1/public/sign-in", json=typed | {"password": tried}, timeout=30)
        assert answer.status_code == status, answer.text
