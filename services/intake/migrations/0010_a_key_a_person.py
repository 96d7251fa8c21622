"""a key a person: whose each row is, by the id of his key"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.kernel_migrations import add_subject
from shared.plumbing.row_policies import scope_rows
from shared.plumbing.seal import PersonalColumn

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "other_people",
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("relation_id", sa.String(), nullable=False),
        sa.Column("known_since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id"),
    )
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column(
            "right",
            sa.Enum("access", "correction", "erasure", name="right", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("asker", sa.Enum("person", "guardian", name="asker", native_enum=False, length=40), nullable=False),
        sa.Column("guardian", PersonalColumn(), nullable=True),
        sa.Column(
            "manner",
            sa.Enum("spoken", "written", "electronic", name="manner", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "proof",
            sa.Enum(
                "none", "document_seen", "national_sign_in", "called_back", name="proof", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("words", PersonalColumn(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("extended_at", UTCDateTime(), nullable=True),
        sa.Column("extension_reason", PersonalColumn(), nullable=True),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("fulfilled", sa.Boolean(), nullable=True),
        sa.Column("answer", PersonalColumn(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("rights_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rights_requests_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(
            "rights_requests_open",
            ["association_id", "id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.create_index("rights_requests_page", ["association_id", "id"], unique=False)

    about_a_person = ("attestations", "beneficiaries", "benefits", "cases", "clarifications", "confidence_changes")
    for table in (*about_a_person, "deliveries", "document_files", "documents"):
        add_subject(table)
    op.create_index(
        "cases_ended",
        "cases",
        ["association_id", "beneficiary_id"],
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    scope_rows("other_people")
    scope_rows("rights_requests")
