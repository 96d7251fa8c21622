"""What a stack has written: rows by table, commits by service."""

import asyncio
import sqlite3
from typing import Any

import asyncpg

from benchmarks.stacks.running import Running
from benchmarks.stacks.servers import asyncpg_url

UPDATES = {"clause_evidence": "SELECT sum(count) FROM clause_evidence"}
"""Tables of few rows that are counted up: what counts is how often."""
NOT_OF_A_CASE = frozenset(
    {"alembic_version", "relay_state", "reference_counters", "audit_entries", "audit_heads", "staff", "seats"}
)
"""Nor the trail: how often a walker looks depends on the machine, and the floor keeps none."""


def query(running: Running, service: str, sql: str) -> list[Any]:
    """What the service's database answers, read by an onlooker."""
    url = running.databases[service]
    if running.on_sqlite:
        connection = sqlite3.connect(f"file:{url.partition('///')[2]}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(asyncpg_url(url))
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    return asyncio.run(ask())


def rows_by_table(running: Running) -> dict[str, int]:
    """How many rows each table of each service has."""
    counted = {}
    for service in running.databases:
        for table in tables_of(running, service):
            if table not in NOT_OF_A_CASE:
                sql = UPDATES.get(table, f"SELECT count(*) FROM {table}")  # noqa: S608 - the schema's own names
                counted[f"{service}.{table}"] = int(query(running, service, sql)[0][0] or 0)
    return {name: number for name, number in sorted(counted.items()) if number}


def tables_of(running: Running, service: str) -> list[str]:
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if running.on_sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return sorted(row[0] for row in query(running, service, sql))


def commits(running: Running) -> int | None:
    """Committed transactions that wrote, so far; PostgreSQL numbers them, SQLite does not say."""
    if running.on_sqlite:
        return None
    return int(query(running, "intake", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")[0][0])


HEARD = {
    "intake": ("intake", "research", "notifications", "feedback"),
    "research": ("intake",),
    "notifications": ("intake", "research", "feedback"),
    "feedback": ("intake",),
}
"""Which services each service hears."""


def at_rest(running: Running) -> bool:
    """All that was told is published, taken in and done by whoever hears it, and no message waits to be sent."""
    told = {service: int(query(running, service, TOLD)[0][0]) for service in running.databases}
    for service, heard in HEARD.items():
        done, waiting = query(running, service, TAKEN)[0]
        if waiting or done < sum(told[source] for source in heard):
            return False
    unsent = (query(running, service, UNSENT)[0][0] for service in told)
    return not any(unsent)


TOLD = "SELECT count(*) FROM outbox_events"
UNSENT = "SELECT count(*) FROM outbox_events WHERE stream_ms IS NULL"
TAKEN = """SELECT coalesce(sum(CASE WHEN state = 'done' AND seq IS NOT NULL THEN 1 ELSE 0 END), 0),
           coalesce(sum(CASE WHEN state = 'ready' AND (seq IS NOT NULL OR type = 'send.due') THEN 1 ELSE 0 END), 0)
           FROM inbox_messages"""
