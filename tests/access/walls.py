"""A service's database on PostgreSQL as production has it: tables of one role, and another that may only use them."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.plumbing import scoped_session
from shared.plumbing.database import Database
from shared.plumbing.migrations import migrate
from shared.plumbing.service import Service
from tests.harness.containers import PostgresServer

PASSWORD = "made-up"


async def make_walled(server: PostgresServer, service: Service) -> str:
    """Migrate a new database as its owner; the URL for the role of the service, which owns nothing."""
    url = make_url(await server.new_database())
    owner, user = f"owner_{uuid4().hex[:12]}", f"service_{uuid4().hex[:12]}"
    root = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with root.connect() as connection:
        for role in (owner, user):
            await connection.execute(
                text(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}' NOSUPERUSER NOBYPASSRLS NOCREATEROLE")
            )
        await connection.execute(text(f"GRANT CREATE, USAGE ON SCHEMA public TO {owner}"))
        await connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {user}"))
    owners = Database(url.set(username=owner, password=PASSWORD).render_as_string(hide_password=False))
    await migrate(owners, versions=service.migrations, metadata=service.tables)
    async with owners.engine.begin() as connection:
        await connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user}"))
        await connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {user}"))
    await owners.close()
    await root.dispose()
    return url.set(username=user, password=PASSWORD).render_as_string(hide_password=False)


@contextmanager
def without_the_applications_wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing adds the scope's conditions, and nothing misses them: PostgreSQL stands alone."""
    with monkeypatch.context() as patched:
        patched.setattr(scoped_session, "_entities", lambda _: [])
        patched.setattr(scoped_session, "_unconditioned", lambda *_, **__: None)
        yield
