"""The kernel's tables as they first were, for the first migration of every service.

What changes later gets a function of its own here, called by a new migration in each service; this one stays.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.audit.guards import GUARDS
from shared.plumbing.row_policies import scope_rows, scope_rows_within


def create_first_kernel_tables() -> None:
    """Outbox, inbox, cursors, relay and idempotent answers."""
    op.create_table(
        "idempotent_answers",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "idempotency_key"),
    )
    op.create_table(
        "inbox_cursors",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("envelope", sa.Text(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id"),
    )
    with op.batch_alter_table("inbox_messages", schema=None) as batch_op:
        batch_op.create_index(
            "inbox_dead",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(
            "inbox_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )
        batch_op.create_index("inbox_key", ["source", "key", "seq"], unique=False)
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=100), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("stream_ms", sa.BigInteger(), nullable=True),
        sa.Column("stream_n", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id"),
        sa.UniqueConstraint("key", "seq"),
    )
    with op.batch_alter_table("outbox_events", schema=None) as batch_op:
        batch_op.create_index(
            "outbox_published",
            ["stream_ms", "stream_n"],
            unique=False,
            sqlite_where=sa.text("stream_ms IS NOT NULL"),
            postgresql_where=sa.text("stream_ms IS NOT NULL"),
        )
        batch_op.create_index(
            "outbox_unsent",
            ["id"],
            unique=False,
            sqlite_where=sa.text("stream_ms IS NULL"),
            postgresql_where=sa.text("stream_ms IS NULL"),
        )
    op.create_table(
        "relay_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("held_until", UTCDateTime(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def add_retention_and_dead_letter_columns() -> None:
    """What discards a dead letter, what counts claims, and the indexes by which old payloads are found."""
    with op.batch_alter_table("inbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claims", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("discarded_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("discarded_because", sa.Text(), nullable=True))
    old = "state = 'done' AND envelope IS NOT NULL"
    op.create_index(
        "inbox_kept", "inbox_messages", ["done_at"], sqlite_where=sa.text(old), postgresql_where=sa.text(old)
    )
    given_up = sa.text("state = 'discarded'")
    op.create_index("inbox_discarded", "inbox_messages", ["id"], sqlite_where=given_up, postgresql_where=given_up)
    op.create_index("answers_kept", "idempotent_answers", ["answered_at"])
    op.drop_index("outbox_published", table_name="outbox_events")
    op.create_index(
        "outbox_published",
        "outbox_events",
        ["stream_ms", "stream_n"],
        sqlite_where=sa.text("stream_ms > 0"),
        postgresql_where=sa.text("stream_ms > 0"),
    )


def add_audit_trail() -> None:
    """Who did and who looked: entries that nobody changes, and how far each chain goes."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("chain", sa.String(length=220), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("act", sa.String(length=100), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=True),
        sa.Column("association_id", sa.String(length=100), nullable=True),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("branch_id", sa.String(length=100), nullable=True),
        sa.Column("session_id", sa.String(length=100), nullable=True),
        sa.Column("case_id", sa.String(length=100), nullable=True),
        sa.Column("object_id", sa.String(length=100), nullable=True),
        sa.Column("subject_id", sa.String(length=100), nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("machine_at", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("agent", sa.String(length=32), nullable=True),
        sa.Column("correlation_id", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chain", "number"),
    )
    op.create_index("audit_of_case", "audit_entries", ["case_id", "id"])
    op.create_index("audit_of_person", "audit_entries", ["person_id", "id"])
    op.create_index("audit_of_association", "audit_entries", ["association_id", "id"])
    op.create_table(
        "audit_heads",
        sa.Column("chain", sa.String(length=220), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def add_confidential_cases() -> None:
    """Which cases are confidential, and for whom."""
    op.create_table(
        "confidential_cases",
        sa.Column("case_id", sa.String(length=100), nullable=False),
        sa.Column("association_id", sa.String(length=100), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("branch_id", sa.String(length=100), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("confidential_cases_of_association", "confidential_cases", ["association_id", "case_id"])
    op.create_table(
        "confidential_people",
        sa.Column("case_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["confidential_cases.case_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "person_id"),
    )
    scope_rows("confidential_cases")
    scope_rows_within("confidential_people", parent="confidential_cases", by="case_id", key="case_id")


def add_ended_sessions() -> None:
    """The sessions that are over, which every door looks up."""
    op.create_table(
        "ended_sessions",
        sa.Column("session_id", sa.String(length=100), nullable=False),
        sa.Column("tokens_end_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("session_id"),
    )
    op.create_index("ix_ended_sessions_tokens_end_at", "ended_sessions", ["tokens_end_at"])


def add_events_due() -> None:
    """Find the messages that wait longer than any may, among all the timers that wait for their day."""
    op.create_index(
        "inbox_events_due",
        "inbox_messages",
        ["due_at"],
        sqlite_where=sa.text("state = 'ready' AND source != 'timer'"),
        postgresql_where=sa.text("state = 'ready' AND source != 'timer'"),
    )


def add_subject(table: str) -> None:
    """Say of each row whose key its words lie under; nobody's in a row from before persons had keys."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject_id", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f(f"ix_{table}_subject_id"), ["subject_id"], unique=False)
