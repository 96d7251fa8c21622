"""An association's house: its intake with accounts, its staff, and how they come in."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pyotp

from athar.stack.gateway import make_gateway
from services.intake.main import INTAKE
from services.intake.settings import IntakeSettings
from shared.language.events import SessionEnded
from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.identity import load_signing_key, make_signing_key, public_keys
from shared.plumbing.service import Runtime, build_app
from shared.plumbing.settings import Settings
from tests.harness.desk import ASSOCIATION, SEAL_KEY, Desk, StandingClock, Undocumented
from tests.harness.unsynced import wait_for_no_disk

BRANCH = "jamoum"
OTHER_ASSOCIATION = "kharj-dawah"
PASSWORD = "خمس نخلات عند البئر"
WRONG = "four palms at the well"
API = "/intake/api/v1"
ORIGIN = "https://athar.test"


@dataclass
class Member:
    """Somebody of the staff, and what he knows."""

    id: str
    user_name: str
    password: str
    association: str = ASSOCIATION
    authenticator: str = ""

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.authenticator).at(at)


class House(Desk):
    """The intake of all associations under its one origin."""

    folder: Path

    async def ask(self, method: str, path: str, body: Any = None, *, token: str = "", **headers: str) -> httpx.Response:
        """Call intake with a token of a session, or as anyone."""
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.client.request(method, API + path, json=body, headers=sent | headers)

    async def as_administrator(self, path: str, body: Any = None, *, association: str = ASSOCIATION) -> Any:
        token = self.token(Role.ASSOCIATION_ADMINISTRATOR, association=association)
        answer = await self.ask("POST", path, body, token=token)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def add(self, user_name: str = "sara", *, association: str = ASSOCIATION, **more: Any) -> Member:
        """A member without a seat, who has a one-time password."""
        body = {"user_name": user_name, "name": "سارة العتيبي", **more}
        made = await self.as_administrator("/staff", body, association=association)
        return Member(made["person_id"], made["user_name"], made["one_time_password"], association)

    async def seat(self, member: Member, role: Role = Role.INTAKE_OFFICER, **more: Any) -> dict[str, Any]:
        branch = {"branch_id": BRANCH} if role in BRANCH_ROLES else {}
        body = {"role": role.value, **branch, **more}
        given: dict[str, Any] = await self.as_administrator(
            f"/staff/{member.id}/seats", body, association=member.association
        )
        return given

    async def member(
        self, user_name: str = "sara", *roles: Role, association: str = ASSOCIATION, password: str = PASSWORD
    ) -> Member:
        """A member who sits in `roles` and has chosen his password."""
        made = await self.add(user_name, association=association)
        for role in roles or (Role.INTAKE_OFFICER,):
            await self.seat(made, role)
        begun = (await self.sign_in(made)).json()
        answer = await self.ask(
            "POST", "/public/sign-in/password", {"session": begun["session"], "new_password": password}
        )
        assert answer.status_code == 200, answer.text
        await self.ask("POST", "/me/sign-out", token=answer.json()["token"] or "")
        made.password = password
        return made

    async def sign_in(self, member: Member, *, password: str | None = None) -> httpx.Response:
        return await self.knock(member.user_name, password or member.password, association=member.association)

    async def knock(self, user_name: str, password: str, *, association: str = ASSOCIATION) -> httpx.Response:
        body = {"association_id": association, "user_name": user_name, "password": password}
        return await self.ask("POST", "/public/sign-in", body)

    async def enter(self, member: Member) -> dict[str, Any]:
        """Sign in with the password alone; the open session."""
        view = (await self.sign_in(member)).json()
        assert view["stage"] == "open", view
        opened: dict[str, Any] = view
        return opened

    async def renew(self, session: str) -> httpx.Response:
        return await self.ask("POST", "/public/session/renewal", {"session": session})

    async def opens(self, token: str) -> int:
        """The status that a token gets at a staff door."""
        return (await self.ask("GET", "/me", token=token)).status_code

    async def ended(self) -> list[str]:
        """The sessions that the other services were told are over."""
        return [event.session_id for event in await self.told(SessionEnded) if isinstance(event, SessionEnded)]

    async def with_authenticator(self, member: Member) -> list[str]:
        """Have the member set up a second factor; his recovery codes."""
        token = (await self.enter(member))["token"]
        begun = (await self.ask("POST", "/me/second-factor", token=token)).json()
        member.authenticator = begun["secret"]
        code = {"code": member.code(self.clock.now())}
        confirmed = await self.ask("POST", "/me/second-factor/confirmation", code, token=token)
        assert confirmed.status_code == 200, confirmed.text
        self.clock.forward(timedelta(seconds=30))
        codes: list[str] = confirmed.json()["codes"]
        return codes


@asynccontextmanager
async def open_house(
    database_url: str,
    folder: Path,
    *,
    environment: str = "test",
    origin: str = ORIGIN,
    migrate: bool = True,
    **own: Any,
) -> AsyncIterator[House]:
    """The house over a migrated database; opened again over the same one, as after a restart."""
    signing, verification = folder / "signing-key.json", folder / "verification-keys.json"
    if not signing.exists():
        made = make_signing_key()
        signing.write_text(json.dumps(made.as_dict(private=True)))
        verification.write_text(json.dumps(public_keys(made)))
    settings = Settings(
        environment=environment,  # type: ignore[arg-type]
        redis_url="redis://127.0.0.1:1/0",
        seal_keys=SEAL_KEY,  # type: ignore[arg-type]
        vault_url=f"sqlite:///{folder}/vault.db",  # type: ignore[arg-type]
        verification_keys_file=verification,
    )
    # Who wants to see a seat ask for a second factor says so.
    own = {"second_factor_roles": frozenset()} | own
    own_settings = partial(IntakeSettings, database_url=database_url, signing_key_file=signing, **own)
    runtime = Runtime(service=replace(INTAKE, settings=own_settings), settings=settings)  # type: ignore[arg-type]
    clock = StandingClock()
    runtime.__dict__["clock"] = clock
    wait_for_no_disk(runtime.database)
    if migrate:
        await runtime.migrate()
    app = make_gateway({"intake": build_app(runtime, with_worker=False)})
    undocumented = Undocumented()
    logging.getLogger("athar.problems").addHandler(undocumented)
    try:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
            house = House(runtime, client, clock, load_signing_key(signing))
            house.folder = folder
            yield house
    finally:
        logging.getLogger("athar.problems").removeHandler(undocumented)
        await runtime.close()
    assert undocumented.told == [], "a route refused with what its OpenAPI document does not say"
