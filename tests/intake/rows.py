"""Many rows out of one, so that a plan shows what an index is for."""

import sqlite3
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection

from shared.plumbing.scope import EVERYTHING
from tests.harness.desk import Desk
from tests.intake.office import Office

MANY = 100_000


def multiply(desk: Desk, table: str, *, times: int = MANY, **said: str) -> None:
    """The one row of `table` so many times over; `said` are columns as SQL of the running number `n`."""
    file = sqlite3.connect(str(desk.runtime.database.engine.url.database))
    with file:
        columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(said.get(column, f"one.{column}") for column in columns)
        file.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - names of our own
            f" WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {times})"
            f" SELECT {values} FROM numbers, (SELECT * FROM {table} LIMIT 1) AS one"
        )
        file.execute("ANALYZE")
    file.close()


async def plans(desk: Desk, asked: list[tuple[str, Any]], *, of: str) -> list[str]:
    """How SQLite goes about those of the statements that read `of`."""
    found = []
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        connection = await session.connection()
        for statement, parameters in asked:
            if statement.startswith("SELECT") and f"FROM {of}" in statement:
                rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                found.append("; ".join(str(row[3]) for row in rows))
    return found


async def plan_of_page(office: Office, path: str, *, of: str, **who: Any) -> str:
    """How SQLite goes about the one query that a page makes of a table."""
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    engine = office.desk.runtime.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await office.get(path, **who)
    event.remove(engine, "before_cursor_execute", note)
    (plan,) = await plans(office.desk, asked, of=of)
    return plan


async def count(desk: Desk, query: str) -> int:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return int(await (await session.connection()).scalar(text(query)) or 0)
