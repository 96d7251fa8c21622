"""Nobody changes what the trail says: on PostgreSQL the role has not the right, and a trigger refuses anybody."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from athar.catalogue import SERVICES
from services.intake.main import INTAKE
from shared.language.roles import Role
from shared.plumbing.database import Database
from shared.plumbing.identity import make_signing_key, public_keys
from shared.plumbing.rights import grant_rights
from shared.plumbing.service import Runtime
from shared.plumbing.settings import Settings
from tests.audit.book import broken, kept
from tests.harness.containers import PostgresServer
from tests.harness.desk import SEAL_KEY, Desk, open_desk
from tests.intake.office import Office
from tests.plumbing.waiting import eventually

CHANGES = [
    "UPDATE audit_entries SET person_id = 'somebody else'",
    "DELETE FROM audit_entries",
    "DELETE FROM audit_heads",
    "UPDATE audit_heads SET number = 0",
    "UPDATE audit_heads SET chain = 'case:another'",
]
TABLES_ARE_THE_OWNERS = [
    "TRUNCATE audit_entries",
    "DROP TABLE audit_entries",
    "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    "CREATE TABLE made_up (id integer)",
    "UPDATE alembic_version SET version_num = '0001'",
]


async def does(database: Database, sql: str) -> str:
    """What the database says to `sql`: the refusal, or nothing."""
    try:
        async with database.engine.begin() as connection:
            await connection.execute(text(sql))
    except DBAPIError as error:
        return str(error.orig)
    return ""


@pytest.mark.parametrize("change", CHANGES)
async def test_on_sqlite_a_trigger_refuses_to_change_the_trail(office: Office, change: str) -> None:
    await office.begin()
    database = office.desk.runtime.database
    assert "the trail is only added to" in await does(database, change)
    assert await broken(database) == []


@pytest.fixture
async def two_roles(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """Intake on PostgreSQL as production has it: the tables are the owner's, the service works as its own role."""
    url = make_url(await postgres_server.new_database())
    name = str(url.database)
    owner, service = url.set(username=f"{name}_owner", password="o"), url.set(username=f"{name}_service", password="s")
    admin = Database(url.render_as_string(hide_password=False))
    async with admin.engine.begin() as connection:
        for role in (owner, service):
            login = f"CREATE ROLE {role.username} LOGIN PASSWORD '{role.password}' NOSUPERUSER NOBYPASSRLS"
            await connection.execute(text(login))
        await connection.execute(text(f"ALTER DATABASE {name} OWNER TO {owner.username}"))
    await admin.close()
    monkeypatch.setenv("ATHAR_INTAKE_MIGRATION_URL", owner.render_as_string(hide_password=False))
    async with open_desk(
        INTAKE, tmp_path, monkeypatch, database_url=service.render_as_string(hide_password=False)
    ) as desk:
        yield desk


@pytest.mark.containers
async def test_the_services_role_adds_to_the_trail_and_can_do_no_more(two_roles: Desk) -> None:
    office, database = Office(two_roles), two_roles.runtime.database
    case = await office.begin()
    await office.get(f"/api/v1/cases/{case['id']}", role=Role.AUDITOR)
    assert len(await kept(database)) == 2
    for change in (*CHANGES[:3], *TABLES_ARE_THE_OWNERS):
        said = await does(database, change)
        assert "permission denied" in said or "must be owner" in said, change
    for change in CHANGES[3:]:
        assert "the trail is only added to" in await does(database, change)
    assert await broken(database) == []


@pytest.mark.containers
async def test_the_owners_role_is_refused_by_the_trigger(two_roles: Desk) -> None:
    await Office(two_roles).begin()
    owner = Database(two_roles.runtime.own_settings.owner_url() or "")
    for change in (*CHANGES, "TRUNCATE audit_entries", "TRUNCATE audit_heads"):
        assert "the trail is only added to" in await does(owner, change)
    await owner.close()


@pytest.mark.containers
async def test_migrating_again_leaves_the_rights_as_they_are(two_roles: Desk) -> None:
    await two_roles.runtime.migrate()
    await Office(two_roles).begin()
    assert "permission denied" in await does(two_roles.runtime.database, CHANGES[0])


@pytest.mark.containers
@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_every_service_can_work_as_a_role_that_owns_nothing(
    name: str, postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_url(await postgres_server.new_database())
    admin = Database(url.render_as_string(hide_password=False))
    role = f"{url.database}_service"
    async with admin.engine.begin() as connection:
        await connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 's'"))
    await admin.close()
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(public_keys(make_signing_key())))
    monkeypatch.setenv(f"ATHAR_{name.upper()}_MIGRATION_URL", url.render_as_string(hide_password=False))
    service_url = url.set(username=role, password="s").render_as_string(hide_password=False)
    monkeypatch.setenv(f"ATHAR_{name.upper()}_DATABASE_URL", service_url)
    settings = Settings(
        environment="test", redis_url="redis://127.0.0.1:1/0", seal_keys=SEAL_KEY, verification_keys_file=keys
    )
    runtime = Runtime(service=SERVICES[name], settings=settings)
    await runtime.migrate()

    async def wrong() -> set[str]:
        return {part.name for part in (await runtime.watchman.look()).parts if not part.ok}

    # The stream alone is away: the role can begin a write and see the release.
    await eventually(wrong, equals={"stream"})
    await runtime.close()


async def test_one_role_for_both_is_refused() -> None:
    owner = Database("postgresql+asyncpg://athar_intake:x@nowhere/athar_intake")
    with pytest.raises(ValueError, match="two roles"):
        await grant_rights(owner, to="postgresql+asyncpg://athar_intake:x@nowhere/athar_intake")
    await owner.close()
