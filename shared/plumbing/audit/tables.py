"""The trail's two tables, the same in every service's database."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from shared.plumbing.tables import metadata

entries = Table(
    "audit_entries",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("chain", String(220), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("act", String(100), nullable=False),
    Column("route", String(200)),
    Column("association_id", String(100)),
    Column("person_id", String(100)),
    Column("role", String(40)),
    Column("branch_id", String(100)),
    Column("session_id", String(100)),
    Column("case_id", String(100)),
    Column("object_id", String(100)),
    Column("subject_id", String(100)),
    Column("shown", Text),
    # Instants are the very text that was signed: what a driver reads kindly could hide a changed byte.
    Column("at", String(32), nullable=False),
    Column("machine_at", String(32), nullable=False),
    Column("address", String(64)),
    Column("agent", String(32)),
    Column("correlation_id", String(100)),
    Column("reason", Text),
    Column("status", Integer),
    Column("code", String(60)),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("chain", "number"),
)
"""What was done and looked at. Nobody changes a row: triggers refuse it, and on PostgreSQL the rights before them."""

Index("audit_of_case", entries.c.case_id, entries.c.id)
Index("audit_of_person", entries.c.person_id, entries.c.id)
Index("audit_of_association", entries.c.association_id, entries.c.id)

heads = Table(
    "audit_heads",
    metadata,
    Column("chain", String(220), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)
"""How far each chain goes, signed, so that a tail that was cut off is missed."""
