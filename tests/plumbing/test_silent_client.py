"""A client that falls silent amid a question, and is not known to be gone, holds no row for ever."""

import pytest
from sqlalchemy import text

from shared.plumbing.database import Database
from tests.harness.containers import PostgresServer

pytestmark = pytest.mark.containers


async def test_whoever_asked_what_a_statement_means_and_never_went_on_loses_his_rows(
    postgres_server: PostgresServer,
) -> None:
    database = Database(await postgres_server.new_database())
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE things (id integer PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO things VALUES (1)"))
    silent, busy = await database.engine.connect(), await database.engine.connect()
    for connection in (silent, busy):
        await connection.begin()
    await silent.execute(text("UPDATE things SET id = id"))
    await busy.execute(text("SELECT 1"))
    # Parsed and described, without the Sync that ends a question: to the server this is no idle transaction.
    raw = await silent.get_raw_connection()
    await raw.driver_connection.prepare("SELECT 1 + 1")  # type: ignore[union-attr]

    assert await database.end_silent() == 0, "nobody is cut off amid a question that his client still waits for"
    assert await database.end_silent(seconds=0) == 1
    async with database.engine.begin() as connection:
        assert (await connection.execute(text("UPDATE things SET id = 2"))).rowcount == 1
    assert (await busy.execute(text("SELECT 1"))).scalar() == 1
    await silent.invalidate()
    for connection in (silent, busy):
        await connection.close()
    await database.close()


async def test_on_sqlite_nobody_is_silent(tmp_path: object) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/one.db")
    assert await database.end_silent(seconds=0) == 0
    await database.close()
