"""Many cases at once: every row that one walked case left, in all four services, copied under new names.

Ids, references and keys are new in each copy; kept answers and the payloads of messages that are done are cut short,
since no operation reads them again. The databases do it by themselves: millions of rows do not fit through Python.
"""

import asyncio
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.ledger import UPDATES, query, tables_of
from benchmarks.stacks.running import Running
from benchmarks.stacks.servers import asyncpg_url
from shared.plumbing.person_seal import PREFIX
from shared.plumbing.seal import PersonalColumn
from shared.plumbing.tables import READY

STAFF = ("staff", "seats", "delegations", "staff_sessions", "spent_secrets", "sign_in_tries", "recovery_codes")
SHARED = frozenset({"alembic_version", "relay_state", "reference_counters", "ended_sessions", *STAFF, *UPDATES})
"""Not a case's own."""
OF_THE_CASE = dict.fromkeys(("audit_entries", "audit_heads"), "WHERE chain LIKE 'case:%'")
"""What a person did besides stands in his own chain."""
COUNTED_UP = {"outbox_events": "id", "inbox_messages": "id"}
UNIQUE = frozenset({"idempotency_key", "code_index", "national_id_index"})
NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|KHJ-\d{4}-\d+")
SHORTENED = 32
"""Bytes of what nobody reads again."""
MOST_CASES = 10_000_000
MOST_IDS = 4096
"""More than one case's rows name."""


def grow(running: Running, *, cases: int) -> None:
    """Copy the only case of a stack that does not run until there are `cases`. Parents come before their children."""
    names = Names(on_sqlite=running.on_sqlite)
    for service in running.databases:
        statements = list(_statements(running, service, names, copies=cases - 1))
        if running.on_sqlite:
            _on_sqlite(running.databases[service], statements)
        else:
            asyncio.run(_on_postgres(running.databases[service], statements))


class Names:
    """New names for the ids of the one case: the same in all its rows, others in each copy."""

    def __init__(self, *, on_sqlite: bool) -> None:
        self._hexadecimal = "printf('%012x', {})" if on_sqlite else "lpad(to_hex({}), 12, '0')"
        self._numbers: dict[str, int] = {}
        self.on_sqlite = on_sqlite

    def number(self, of: str) -> str:
        """A running number over `n` that no case of the walks has."""
        kind = self._numbers.setdefault(of, len(self._numbers))
        return f"({MOST_CASES} * {kind + 1} + n)"

    def suffix(self, of: str) -> str:
        """Twelve hexadecimal digits over `n`, the number of the copy."""
        # Ids of one millisecond may begin alike: their end has to tell them apart.
        number = self._numbers.setdefault(of, len(self._numbers))
        return self._hexadecimal.format(f"n * {MOST_IDS} + {number}")


def _statements(running: Running, service: str, names: Names, *, copies: int) -> Iterator[str]:
    numbers = (
        f"(WITH RECURSIVE counted(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < {copies}) "  # noqa: S608
        "SELECT n FROM counted) AS numbers"
        if running.on_sqlite
        else f"generate_series(1, {copies}::bigint) AS numbers(n)"
    )
    tables = [table for table in tables_of(running, service) if table not in SHARED]
    for table in sorted(tables, key=lambda table: table not in ("beneficiaries", "cases", "reviews")):
        columns = _columns(running, service, table)
        chosen = [column for column in columns if column != COUNTED_UP.get(table)]
        own = OF_THE_CASE.get(table, "")
        for row in query(running, service, f"SELECT {', '.join(chosen)} FROM {table} {own}"):  # noqa: S608
            states = dict(zip(chosen, row, strict=True))
            values = [
                _value(column, value, names, state=states.get("state"))
                for column, value in zip(chosen, row, strict=True)
            ]
            yield f"INSERT INTO {table} ({', '.join(chosen)}) SELECT {', '.join(values)} FROM {numbers}"  # noqa: S608


def _value(column: str, value: Any, names: Names, *, state: Any) -> str:
    """The column's expression over `n`, the number of the copy."""
    if value is None:
        return "NULL"
    if column in ("stream_ms", "stream_n"):
        # Settled long ago: every listener has it, and no loss of the stream can lose it.
        return "0"
    if isinstance(value, bool | int | float):
        return str(value).upper() if isinstance(value, bool) else str(value)
    if isinstance(value, bytes):
        value = value[:SHORTENED]
        return f"X'{value.hex()}'" if names.on_sqlite else f"decode('{value.hex()}', 'hex')"
    text = str(value)
    if column == "envelope" and state != READY:
        return _quoted(text[:SHORTENED])
    if column == PersonalColumn.SUBJECT or text.startswith(PREFIX):
        # Under the key of the one person whose case it was: a key for each copy would be another measurement.
        return _quoted(text)
    if column in UNIQUE:
        return f"{_quoted(text[:36])} || {names.suffix(text)}"
    return _renamed(text, names)


def _renamed(text: str, names: Names) -> str:
    parts, end = [], 0
    for name in NAME.finditer(text):
        parts.append(_quoted(text[end : name.start()]))
        if name.group().startswith("KHJ"):
            parts += [_quoted(name.group().rpartition("-")[0] + "-"), names.number(name.group())]
        else:
            parts += [_quoted(name.group()[:24]), names.suffix(name.group())]
        end = name.end()
    parts.append(_quoted(text[end:]))
    return " || ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _columns(running: Running, service: str, table: str) -> list[str]:
    if running.on_sqlite:
        sql = f"SELECT name FROM pragma_table_info('{table}')"  # noqa: S608 - the schema's own names
    else:
        sql = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'"  # noqa: S608
    return [f'"{row[0]}"' if row[0] == "at" else row[0] for row in query(running, service, sql)]


def _on_sqlite(url: str, statements: list[str]) -> None:
    connection = sqlite3.connect(url.partition("///")[2], isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "foreign_keys = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    for statement in statements:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    # What is still in memory would be written by the first durable write of whoever is measured next.
    with Path(url.partition("///")[2]).open("rb+") as file:
        os.fsync(file.fileno())


async def _on_postgres(url: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(asyncpg_url(url))
    await connection.execute("SET synchronous_commit = off")
    async with connection.transaction():
        for statement in statements:
            await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()
