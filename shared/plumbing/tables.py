"""The kernel's tables, the same in every service's database. The databases are the truth; the stream carries copies."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlmodel import UTCDateTime

metadata = MetaData()

_Id = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up by itself only in an INTEGER

outbox = Table(
    "outbox_events",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("event_id", String(100), nullable=False, unique=True),
    Column("type", String(100), nullable=False),
    Column("key", String(100), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("created_at", UTCDateTime(), nullable=False),
    # The entry id that the stream gave it, as its two numbers; null until it was published.
    Column("stream_ms", BigInteger),
    Column("stream_n", BigInteger),
    # Two writers of one key collide here, not in what people see.
    UniqueConstraint("key", "seq"),
)
Index(
    "outbox_unsent",
    outbox.c.id,
    sqlite_where=outbox.c.stream_ms.is_(None),
    postgresql_where=outbox.c.stream_ms.is_(None),
)
Index(
    "outbox_published",
    outbox.c.stream_ms,
    outbox.c.stream_n,
    sqlite_where=outbox.c.stream_ms.is_not(None),
    postgresql_where=outbox.c.stream_ms.is_not(None),
)

relay_state = Table(
    "relay_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(100), nullable=False),
    Column("held_until", UTCDateTime(), nullable=False),
    Column("epoch", Integer, nullable=False),
)
"""One row: which relay publishes, and how often the stream was found to have lost something."""

READY, DONE, DEAD = "ready", "done", "dead"

inbox = Table(
    "inbox_messages",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("event_id", String(200), nullable=False, unique=True),
    Column("source", String(40), nullable=False),
    Column("type", String(100), nullable=False),
    Column("key", String(100), nullable=False),
    Column("seq", Integer),
    Column("envelope", Text),
    Column("raw", LargeBinary),
    Column("state", String(10), nullable=False),
    Column("due_at", UTCDateTime(), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease", String(40)),
    Column("leased_until", UTCDateTime()),
    Column("error", Text),
    Column("received_at", UTCDateTime(), nullable=False),
    Column("done_at", UTCDateTime()),
)
Index(
    "inbox_due",
    inbox.c.due_at,
    inbox.c.id,
    sqlite_where=inbox.c.state == READY,
    postgresql_where=inbox.c.state == READY,
)
Index("inbox_dead", inbox.c.id, sqlite_where=inbox.c.state == DEAD, postgresql_where=inbox.c.state == DEAD)
Index("inbox_key", inbox.c.source, inbox.c.key, inbox.c.seq)

cursors = Table(
    "inbox_cursors",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""How far each source's facts about each key have taken effect here."""

answers = Table(
    "idempotent_answers",
    metadata,
    Column("person_id", String(100), primary_key=True),
    Column("idempotency_key", String(255), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("answered_at", UTCDateTime(), nullable=False),
)
"""The first answer to each request that came with an Idempotency-Key."""
