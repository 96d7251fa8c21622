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
    literal_column,
    text,
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
    # The entry id that the stream gave it, as its two numbers; null until it was published, and 0-0 once every
    # listener has it in its inbox: then no loss of the stream can lose it any more.
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
    sqlite_where=text("stream_ms > 0"),
    postgresql_where=text("stream_ms > 0"),
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

READY, DONE, DEAD, DISCARDED = "ready", "done", "dead", "discarded"

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
    # How often it was claimed since a worker last said what became of it: one that ends its worker never says.
    Column("claims", Integer, nullable=False, server_default="0"),
    Column("discarded_by", String(200)),
    Column("discarded_because", Text),
)
# Spelt out, not bound: only so does a database see that a partial index answers the query.
is_ready = inbox.c.state == literal_column(f"'{READY}'")
# Not the timers, which wait here for their day.
is_event_ready = is_ready & (inbox.c.source != literal_column("'timer'"))
is_dead = inbox.c.state == literal_column(f"'{DEAD}'")
is_unsent = outbox.c.stream_ms.is_(None)
is_published = outbox.c.stream_ms > literal_column("0")
is_discarded = inbox.c.state == literal_column(f"'{DISCARDED}'")
has_old_envelope = (inbox.c.state == literal_column(f"'{DONE}'")) & inbox.c.envelope.is_not(None)

Index("inbox_due", inbox.c.due_at, inbox.c.id, sqlite_where=is_ready, postgresql_where=is_ready)
Index("inbox_events_due", inbox.c.due_at, sqlite_where=is_event_ready, postgresql_where=is_event_ready)
Index("inbox_dead", inbox.c.id, sqlite_where=is_dead, postgresql_where=is_dead)
Index("inbox_discarded", inbox.c.id, sqlite_where=is_discarded, postgresql_where=is_discarded)
Index("inbox_key", inbox.c.source, inbox.c.key, inbox.c.seq)
Index("inbox_kept", inbox.c.done_at, sqlite_where=has_old_envelope, postgresql_where=has_old_envelope)

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
    Index("answers_kept", "answered_at"),
)
"""The first answer to each request that came with an Idempotency-Key."""

ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("session_id", String(100), primary_key=True),
    Column("tokens_end_at", UTCDateTime(), nullable=False, index=True),
)
"""Sessions that are over while tokens of them might still last; every door looks here."""
