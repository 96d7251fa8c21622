"""Accounts are their association's: a careless query finds no other's, and one without a scope nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from services.intake.domain.accounts.second_factor import RecoveryCode
from services.intake.domain.accounts.sessions import SpentSecret, StaffSession
from services.intake.domain.accounts.staff import Delegation, Seat, Staff
from services.intake.domain.accounts.texted_code import TextedCode, new_texted_code
from services.intake.domain.accounts.tries import SignInTries
from services.intake.main import INTAKE
from services.intake.store.rows import rows_of
from shared.plumbing.identity import Scope
from shared.plumbing.scope import EVERYTHING, SCOPE
from shared.plumbing.scoped_session import Unscoped
from tests.access.walls import make_walled
from tests.accounts.house import ASSOCIATION, OTHER_ASSOCIATION, PASSWORD, House, open_house
from tests.harness.containers import PostgresServer

SCOPED: list[type[SQLModel]] = [Staff, Seat, Delegation, TextedCode, RecoveryCode]
BEFORE_ANYBODY_IS_KNOWN: list[type[SQLModel]] = [StaffSession, SpentSecret, SignInTries]
SCOPED_ONES = pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__tablename__)


async def fill(house: House, association: str) -> None:
    """Somebody of the association with a row in each table."""
    sara = await house.member("sara", association=association)
    omar = await house.add("omar", association=association)
    await house.with_authenticator(sara)
    seat = await house.seat(omar)
    now = house.clock.now()
    days = {"valid_from": now.isoformat(), "valid_until": (now + timedelta(days=1)).isoformat()}
    path, body = f"/staff/{omar.id}/seats/{seat['id']}/delegations", {"to_person_id": sara.id, **days}
    await house.as_administrator(path, body, association=association)
    async with house.runtime.database.write(scope=Scope(association_id=association)) as session:
        staff = (await session.exec(select(Staff).where(Staff.id == sara.id))).one()
        session.add(new_texted_code(staff, at=now))


async def count(house: House, model: Any, scope: Any) -> int:
    async with house.runtime.database.read(scope=scope) as session:
        return len((await session.exec(select(model))).all())


@SCOPED_ONES
async def test_a_query_finds_its_own_associations_rows_alone(house: House, model: Any) -> None:
    for association in (ASSOCIATION, OTHER_ASSOCIATION):
        await fill(house, association)
    whole = await count(house, model, EVERYTHING)
    own = [await count(house, model, Scope(association_id=name)) for name in (ASSOCIATION, OTHER_ASSOCIATION)]
    assert own[0] == own[1] > 0
    assert sum(own) == whole
    assert await count(house, model, Scope(association_id="nobodys")) == 0


@SCOPED_ONES
async def test_a_query_without_a_scope_is_refused(house: House, model: Any) -> None:
    with pytest.raises(Unscoped):
        await count(house, model, None)


@pytest.mark.parametrize("model", BEFORE_ANYBODY_IS_KNOWN, ids=lambda model: model.__tablename__)
def test_what_a_sign_in_reads_before_anybody_is_known_says_why(model: Any) -> None:
    why = model.__table__.info[SCOPE]
    assert isinstance(why, str)
    assert len(why) > 20


@pytest.mark.parametrize("association", ["*", "", "-", "no-such", "jamoum-orphans' OR '1'='1"])
async def test_a_stranger_names_no_association_that_is_all_of_them(house: House, association: str) -> None:
    await house.member()
    answer = await house.knock("sara", PASSWORD, association=association)
    assert answer.status_code in {401, 422}
    assert rows_of(association).association_id != "*"


@pytest.mark.containers
async def test_a_person_signs_in_sets_up_a_factor_and_is_reset_behind_postgresqls_own_wall(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with open_house(await make_walled(postgres_server, INTAKE), tmp_path, migrate=False) as house:
        for association in (ASSOCIATION, OTHER_ASSOCIATION):
            await fill(house, association)
        omar = await house.member("layla")
        codes = await house.with_authenticator(omar)
        session = (await house.sign_in(omar)).json()["session"]
        given = {"session": session, "code": codes[0]}
        opened = (await house.ask("POST", "/public/sign-in/second-factor", given)).json()
        assert await house.opens((await house.renew(opened["session"])).json()["token"]) == 200
        await house.as_administrator(f"/staff/{omar.id}/second-factor-reset")
        assert (await house.sign_in(omar)).json()["stage"] == "open"
