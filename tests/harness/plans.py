"""How a database means to answer: which statements were asked, and whether one of them reads a whole table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.database import Database


@asynccontextmanager
async def statements_of(database: Database) -> AsyncIterator[list[tuple[str, object]]]:
    """What is asked of the database inside the block."""
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def plan_of(session: AsyncSession, statement: str, parameters: object, *, sqlite: bool) -> str:
    connection = await session.connection()
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    rows = await connection.exec_driver_sql(explain + statement, parameters)  # type: ignore[arg-type]
    return "\n".join(str(row[-1]) for row in rows)


def reads_a_whole_table(plan: str) -> bool:
    whole = ("Seq Scan on inbox_messages", "Seq Scan on outbox_events", "Seq Scan on audit_")
    scans = [line for line in plan.splitlines() if line.startswith(("SCAN inbox", "SCAN outbox", "SCAN audit"))]
    return any(one in plan for one in whole) or any("USING" not in line for line in scans)
