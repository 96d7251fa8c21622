"""One database a service: SQLite in a file, or PostgreSQL. A write is one transaction, durable when it returns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event, make_url, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.in_loop import SQLITE_PRAGMAS, Connection
from shared.plumbing.keys_at_hand import fetch_keys
from shared.plumbing.scope import SCOPE, Rows
from shared.plumbing.scoped_begin import ScopedConnection
from shared.plumbing.scoped_session import ScopedSession, guard

TOLD, ARRIVED = "told", "arrived"
"""In `session.info`: this transaction leaves work for relay or worker; they hear of it once it is committed."""


STATEMENT_SECONDS = 20
CONNECT_SECONDS = 10
LET_GO_OF_THE_GONE = {
    "idle_in_transaction_session_timeout": "30000",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""A process whose host lost its power must not hold its rows for hours."""


SILENT_SECONDS = STATEMENT_SECONDS + 2
"""By then its client has given the question up."""
_END_SILENT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    " AND state = 'active' AND wait_event = 'ClientRead'"
    " AND state_change < clock_timestamp() - make_interval(secs => :seconds)"
)


class Database:
    """The database of one service, and the bells that ring when work for relay or worker was committed."""

    def __init__(self, url: str, *, pool_size: int = 10, patience: float | None = STATEMENT_SECONDS) -> None:
        self.engine = _engine(url, pool_size=pool_size, patience=patience)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # One writer at a time is SQLite's rule; waiting here is fair and wakes at once, its busy loop is neither.
        self._writer = asyncio.Lock() if self.is_sqlite else nullcontext()
        self.told = Bell()
        self.arrived = Bell()

    @asynccontextmanager
    async def write(self, *, scope: Rows | None = None) -> AsyncIterator[AsyncSession]:
        """A transaction that commits at the end of the block, and rolls back when the block raises.

        Without a `scope` it may touch the kernel's tables alone.
        """
        async with self._writer, self._session(scope) as session, session.begin():
            yield session
        if session.info.get(TOLD):
            self.told.ring()
        if session.info.get(ARRIVED):
            self.arrived.ring()

    @asynccontextmanager
    async def read(self, *, scope: Rows | None = None) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads; on SQLite it does not wait for the writer. `scope` as in `write`."""
        async with self._session(scope) as session, session.begin():
            await session.connection(execution_options={"athar_begin": "DEFERRED"})
            yield session

    def _session(self, scope: Rows | None) -> AsyncSession:
        return AsyncSession(self.engine, expire_on_commit=False, sync_session_class=ScopedSession, info={SCOPE: scope})

    async def end_silent(self, *, seconds: float = SILENT_SECONDS) -> int:
        """End the sessions of ours that fell silent amid a question; how many that were.

        The driver has the server read what a statement means, and then asks it. To PostgreSQL a client that falls
        silent in between is busy, whichever limits it was given, and holds its rows for as long as whatever stands in
        between keeps the connection.
        """
        if self.is_sqlite:
            return 0
        async with self.engine.connect() as connection:
            return len((await connection.execute(_END_SILENT, {"seconds": seconds})).all())

    async def close(self) -> None:
        await self.engine.dispose()


class Bell:
    """Wakes whoever waits, now or next time; a ring is never lost and never counted."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def listener(self) -> asyncio.Event:
        """An event that every ring sets; its owner clears it before looking for work."""
        ear = asyncio.Event()
        self._waiting.add(ear)
        return ear

    def ring(self, *, but: asyncio.Event | None = None) -> None:
        for ear in self._waiting:
            if ear is not but:
                ear.set()


async def heard(ear: asyncio.Event, *, within: float) -> bool:
    """Wait for a ring, or for so many seconds; whether it rang.

    Not `asyncio.wait_for`: before Python 3.12 it forgets that it was cancelled when both happen at once.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await ear.wait()
    return ear.is_set()


def insert_new(table: Any, *, sqlite: bool) -> Any:
    """An INSERT that leaves a row alone that is there already."""
    return (sqlite_insert if sqlite else postgresql_insert)(table).on_conflict_do_nothing()


def _engine(url: str, *, pool_size: int, patience: float | None) -> AsyncEngine:
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "hide_parameters": True}
    if not _is_sqlite(url):
        # A server that fell silent (a host gone, a firewall that forgot us) answers neither yes nor no.
        limits = {"command_timeout": patience, "timeout": CONNECT_SECONDS, "server_settings": LET_GO_OF_THE_GONE}
        engine = create_async_engine(url, connect_args=limits | {"connection_class": ScopedConnection}, **pool)
        event.listen(engine.sync_engine, "checkout", _refuse_closed)
        event.listen(engine.sync_engine, "handle_error", _silent_is_gone)
        event.listen(engine.sync_engine, "before_cursor_execute", guard)
        event.listen(engine.sync_engine, "after_cursor_execute", fetch_keys)
        return engine

    async def connect(*_: Any, **__: Any) -> Connection:
        return Connection(str(make_url(url).database))

    engine = create_async_engine(url, async_creator=connect, **pool)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "before_cursor_execute", guard)
    event.listen(engine.sync_engine, "after_cursor_execute", fetch_keys)
    return engine


def _refuse_closed(connection: Any, _: ConnectionPoolEntry, __: Any) -> None:
    """A connection that the server has closed is replaced. Known from its socket: a ping would cost three trips."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
    # What a transaction that asked nothing would have said is not said by the next one.
    connection.driver_connection.scope = None


def _silent_is_gone(context: ExceptionContext) -> None:
    """Who fell silent is gone: its connection is thrown away, and with it all that are older."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: it would take the lock too late, and lose updates.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: SyncConnection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('athar_begin', 'IMMEDIATE')}")
