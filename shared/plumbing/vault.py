"""A key a person, in a database of its own: erasing him is destroying his key, wherever his words have gone.

The keys are random and lie wrapped by the installation's keys. A key is committed here before the row that is sealed
under it; one whose row was never written opens nothing and harms nothing. A destroyed key leaves its tombstone.

Columns open their values where nothing can be awaited, so this database is asked without `await`. A key that was asked
for is kept for some seconds; while the vault is away, those seconds and no more are the grace.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from os import dup
from socket import SHUT_RDWR, socket
from threading import Timer
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from psycopg import OperationalError
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import UTCDateTime

from shared.language.errors import PartDown, PersonErased
from shared.plumbing.in_loop import SQLITE_PRAGMAS
from shared.plumbing.origin import new_id
from shared.plumbing.person_seal import KEY_BYTES, PersonKey, make_person_key

KEPT_SECONDS = 20.0
"""How long a process remembers a key: so long at most another process still opens what was erased."""
KEYS_REMEMBERED = 20_000
STOCK = 32
PATIENCE_SECONDS = 2
LEFT_ALONE_SECONDS = 1.0
"""A vault that did not answer is not asked again at once: every ask holds the whole process up."""
AT_ONCE = 500

metadata = MetaData()
person_keys = Table(
    "person_keys",
    metadata,
    Column("key_id", String(100), primary_key=True),
    Column("wrapped", LargeBinary),
    Column("made_at", UTCDateTime(), nullable=False),
    Column("destroyed_at", UTCDateTime()),
)
_one = select(person_keys.c.wrapped).where(person_keys.c.key_id == bindparam("of_key"))
_some = select(person_keys.c.key_id, person_keys.c.wrapped).where(
    person_keys.c.key_id.in_(bindparam("of_keys", expanding=True))
)
_destroy = (
    update(person_keys)
    .where(person_keys.c.key_id == bindparam("of_key"), person_keys.c.wrapped.is_not(None))
    .values(wrapped=None, destroyed_at=bindparam("now", type_=UTCDateTime()))
)
_page = (
    select(person_keys.c.key_id, person_keys.c.wrapped)
    .where(person_keys.c.key_id > bindparam("after"), person_keys.c.wrapped.is_not(None))
    .order_by(person_keys.c.key_id)
    .limit(AT_ONCE)
)
# Only where it still is what was read: a key that was destroyed meanwhile stays destroyed.
_rewrap = (
    update(person_keys)
    .where(person_keys.c.key_id == bindparam("of_key"), person_keys.c.wrapped == bindparam("old"))
    .values(wrapped=bindparam("new"))
)


class KeyUnknown(LookupError):
    """No such key was ever made, or the vault was restored from a copy older than the key. Nothing is overwritten."""


class Vault:
    """The keys of all people, as this process may use them."""

    def __init__(self, *, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._url: str | None = None
        self._engine: Engine | None = None
        self._masters: list[Fernet] = []
        self._at_hand: OrderedDict[str, tuple[PersonKey | None, float]] = OrderedDict()
        self._left_alone_until = float("-inf")
        self._stock: list[str] = []

    def open_at(self, url: str, *, keys: Sequence[str]) -> None:
        """Use the vault at `url`, its keys wrapped by `keys`, the newest first. Raises `ValueError` for a bad key."""
        self._masters = [Fernet(key) for key in keys]
        if url != self._url:
            self.close()
            self._stock = []
            self._url, self._engine = url, _engine(url)

    def close(self) -> None:
        """Let the connections go; the next use opens new ones."""
        self._at_hand.clear()
        self._left_alone_until = float("-inf")
        if self._engine is not None:
            self._engine.dispose()

    def prepare(self) -> None:
        """Make the table where it is missing."""
        with self._asked() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(727266)"))
            metadata.create_all(connection)

    def look(self) -> None:
        """Raises `PartDown` where it does not answer, or has no table yet."""
        with self._asked() as connection:
            connection.execute(_one, {"of_key": ""})

    def make(self, key_id: str, *, now: datetime) -> None:
        """See that there is a key of this name; one that is there stays. Raises `PersonErased` for a destroyed one."""
        if self._remembered(key_id) is None:
            self._make([key_id], now=now)
        self.key_of(key_id)

    def new_person(self, *, now: datetime) -> str:
        """The id of somebody new, whose key is in the vault: out of a stock, so that not every new person is a commit.

        What a stopped process leaves of its stock opens nothing and harms nothing.
        """
        while self._stock:
            person = self._stock.pop()
            with suppress(KeyUnknown):  # the vault was restored under us: its stock is gone with it
                self.key_of(person)
                return person
        stock = [new_id() for _ in range(STOCK)]
        self._make(stock, now=now)
        self._stock = stock[::-1]
        return self._stock.pop()

    def _make(self, key_ids: Sequence[str], *, now: datetime) -> None:
        rows = [
            {"key_id": key_id, "wrapped": self._wrap(key_id, make_person_key()), "made_at": now} for key_id in key_ids
        ]
        with self._asked() as connection:
            insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
            connection.execute(insert(person_keys).on_conflict_do_nothing(), rows)

    def key_of(self, key_id: str) -> PersonKey:
        """The person's key. Raises `PersonErased`, `KeyUnknown`, or `PartDown` while the vault does not answer."""
        if (remembered := self._remembered(key_id)) is None:
            remembered = self._fetch(key_id)
        if remembered[0] is None:
            raise PersonErased
        return remembered[0]

    def fetch(self, key_ids: Collection[str]) -> None:
        """Have these keys at hand, as far as the vault has them: some hundreds in one ask.

        Whoever opens a text finds out himself that the vault is away; rows may be read without.
        """
        missing = sorted(key_id for key_id in key_ids if self._remembered(key_id) is None)
        if self._engine is None or len(missing) < 2:
            return
        for start in range(0, len(missing), AT_ONCE):
            with suppress(PartDown), self._asked() as connection:
                for row in connection.execute(_some, {"of_keys": missing[start : start + AT_ONCE]}).all():
                    self._keep(row.key_id, row.wrapped)

    def is_destroyed(self, key_id: str) -> bool:
        """Whether the person was erased; False for whom no key was ever made."""
        try:
            self.key_of(key_id)
        except PersonErased:
            return True
        except KeyUnknown:
            pass
        return False

    def destroy(self, key_id: str, *, now: datetime) -> None:
        """Overwrite the key for good; a second time, or where there is none, does nothing."""
        self.forget(key_id)
        with self._asked() as connection:
            connection.execute(_destroy, {"of_key": key_id, "now": now})
        self._leave_no_page_behind()

    def forget(self, key_id: str) -> None:
        """Ask the vault anew at the next use."""
        self._at_hand.pop(key_id, None)

    def rewrap(self) -> Iterator[int]:
        """Wrap all keys by the newest master key, a page a transaction; how many each page changed.

        It may be broken off and begun again: what the newest key wraps already stays as it is.
        """
        newest, ring, after = self._masters[0], MultiFernet(self._masters), ""
        while True:
            with self._asked() as connection:
                rows = connection.execute(_page, {"after": after}).all()
                old = [row for row in rows if not _opens(newest, row.wrapped)]
                for row in old:
                    new = ring.rotate(row.wrapped)
                    connection.execute(_rewrap, {"of_key": row.key_id, "old": row.wrapped, "new": new})
            yield len(old)
            if len(rows) < AT_ONCE:
                self._leave_no_page_behind()
                return
            after = rows[-1].key_id

    def _remembered(self, key_id: str) -> tuple[PersonKey | None] | None:
        found = self._at_hand.get(key_id)
        if found is None or found[1] < self._ticks():
            return None
        return (found[0],)

    def _fetch(self, key_id: str) -> tuple[PersonKey | None]:
        with self._asked() as connection:
            row = connection.execute(_one, {"of_key": key_id}).first()
        if row is None:
            raise KeyUnknown("the vault has no key of this name")
        return self._keep(key_id, row.wrapped)

    def _keep(self, key_id: str, wrapped: bytes | None) -> tuple[PersonKey | None]:
        key = None if wrapped is None else PersonKey(key_id, self._unwrap(key_id, wrapped))
        self._at_hand[key_id] = (key, self._ticks() + KEPT_SECONDS)
        self._at_hand.move_to_end(key_id)
        if len(self._at_hand) > KEYS_REMEMBERED:
            self._at_hand.popitem(last=False)
        return (key,)

    def _wrap(self, key_id: str, key: bytes) -> bytes:
        # With its name inside: a row that was given another's wrapped key does not open.
        return self._masters[0].encrypt(key_id.encode() + b"\0" + key)

    def _unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        named = MultiFernet(self._masters).decrypt(wrapped)
        name, key = named[: -KEY_BYTES - 1], named[-KEY_BYTES:]
        if name != key_id.encode():
            raise InvalidToken
        return key

    @contextmanager
    def _asked(self) -> Iterator[Connection]:
        """A transaction in the vault. Raises `PartDown` while it does not answer."""
        if self._engine is None:
            raise RuntimeError("the vault was not opened: no key of a person can be used")
        if self._ticks() < self._left_alone_until:
            raise PartDown
        try:
            with _bounded(self._engine), self._engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout, OSError) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                # Its server restarted: the pool is new, and the next ask finds out.
                raise PartDown from error
            self._left_alone_until = self._ticks() + LEFT_ALONE_SECONDS
            raise PartDown from error

    def _leave_no_page_behind(self) -> None:
        """On SQLite the log beside the file still holds the page as it was: empty it. On PostgreSQL VACUUM's part."""
        if self._engine is not None and self._engine.dialect.name == "sqlite":
            with self._asked() as connection:
                (busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if busy:
                # Somebody reads it as it was: whoever waits for this tries again.
                raise PartDown


VAULT = Vault()


def _opens(key: Fernet, wrapped: bytes) -> bool:
    try:
        key.decrypt(wrapped)
    except InvalidToken:
        return False
    return True


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS}, hide_parameters=True)
        event.listen(engine, "connect", _set_pragmas)
        return engine
    limits = {
        "connect_timeout": PATIENCE_SECONDS,
        "options": f"-c statement_timeout={PATIENCE_SECONDS}s -c lock_timeout={PATIENCE_SECONDS}s",
        # A host that is gone answers neither yes nor no; nobody else in this process can work meanwhile.
        "tcp_user_timeout": PATIENCE_SECONDS * 1000,
    }
    engine = create_engine(url, connect_args=limits, pool_pre_ping=True, hide_parameters=True)
    connected = _connected[engine] = WeakSet()

    @event.listens_for(engine, "do_connect")
    def _note(dialect: Any, _: Any, where: Any, how: Any) -> Any:
        # Before the first question, which SQLAlchemy asks of its own.
        connected.add(made := dialect.connect(*where, **how))
        return made

    return engine


@contextmanager
def _bounded(engine: Engine) -> Iterator[None]:
    """Cut the connections to a server that fell silent amid an ask: its host acknowledges, and nothing else ends it."""
    if engine.dialect.name == "sqlite":
        yield
        return
    cutting = Timer(PATIENCE_SECONDS + 1, _cut, [engine])
    cutting.daemon = True
    cutting.start()
    try:
        yield
    finally:
        cutting.cancel()


_connected: WeakKeyDictionary[Engine, WeakSet[Any]] = WeakKeyDictionary()


def _cut(engine: Engine) -> None:
    for connection in list(_connected[engine]):
        # One that is closed has no socket any more.
        with suppress(OperationalError, OSError), socket(fileno=dup(connection.pgconn.socket)) as line:
            line.shutdown(SHUT_RDWR)


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
