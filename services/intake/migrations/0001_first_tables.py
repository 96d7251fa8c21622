"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.kernel_migrations import create_first_kernel_tables
from shared.plumbing.seal import SealedColumn

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_first_kernel_tables()
    op.create_table(
        "beneficiaries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("national_id_index", sa.String(), nullable=False),
        sa.Column("national_id", SealedColumn(), nullable=False),
        sa.Column("name", SealedColumn(), nullable=False),
        sa.Column("mobile", SealedColumn(), nullable=True),
        sa.Column("email", SealedColumn(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("association_id", "national_id_index"),
    )
    op.create_table(
        "circulations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("circulated_by", sa.String(), nullable=False),
        sa.Column("circulated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("association_id", "edition"),
    )
    op.create_table(
        "clause_evidence",
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.String(), nullable=False),
        sa.Column("last_reference", sa.String(), nullable=True),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("association_id", "clause"),
    )
    op.create_table(
        "reference_counters",
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("association_id", "year"),
    )
    op.create_table(
        "timeline_entries",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("branch_id", sa.String(), nullable=True),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    with op.batch_alter_table("timeline_entries", schema=None) as batch_op:
        batch_op.create_index("timeline_of_case", ["case_id", "at", "event_id"], unique=False)

    op.create_table(
        "tool_editions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column(
            "tool",
            sa.Enum(
                "bylaws",
                "research_guide",
                "support_guide",
                "support_request",
                "outreach_call",
                "social_contact",
                name="tool",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("association_id", "tool", "edition"),
    )
    with op.batch_alter_table("tool_editions", schema=None) as batch_op:
        batch_op.create_index("tool_editions_newest", ["association_id", "tool", "id"], unique=False)

    op.create_table(
        "acknowledgements",
        sa.Column("circulation_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circulation_id"],
            ["circulations.id"],
        ),
        sa.PrimaryKeyConstraint("circulation_id", "person_id"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("beneficiary_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("department_id", sa.String(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "interview",
                "phone",
                "social",
                "letter",
                "help_request",
                "volunteering",
                "website",
                "delegate",
                name="channel",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "received",
                "incomplete",
                "complete",
                "attested",
                "referred",
                "decided",
                "answered",
                "registered",
                "delivered",
                "closed",
                "withdrawn",
                "expired",
                name="casestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("form", SealedColumn(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("asked_again_at", UTCDateTime(), nullable=True),
        sa.Column("incomplete_since", UTCDateTime(), nullable=True),
        sa.Column("attested_digest", sa.String(), nullable=True),
        sa.Column("referred_at", UTCDateTime(), nullable=True),
        sa.Column("answer_not_before", UTCDateTime(), nullable=True),
        sa.Column(
            "outcome", sa.Enum("accepted", "rejected", name="outcome", native_enum=False, length=40), nullable=True
        ),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("benefit_documented_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"],
            ["beneficiaries.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("cases_of_association", ["association_id", "id"], unique=False)
        batch_op.create_index("cases_of_association_by_status", ["association_id", "status", "id"], unique=False)
        batch_op.create_index("cases_of_beneficiary", ["beneficiary_id"], unique=False)
        batch_op.create_index("cases_of_branch", ["association_id", "branch_id", "id"], unique=False)
        batch_op.create_index(
            "cases_of_branch_by_status", ["association_id", "branch_id", "status", "id"], unique=False
        )

    op.create_table(
        "attestations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("data_digest", sa.String(), nullable=False),
        sa.Column("signed_name", SealedColumn(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attestations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attestations_case_id"), ["case_id"], unique=False)

    op.create_table(
        "benefits",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("note", SealedColumn(), nullable=False),
        sa.Column("documented_by", sa.String(), nullable=False),
        sa.Column("documented_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("benefits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benefits_case_id"), ["case_id"], unique=False)

    op.create_table(
        "clarifications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("question", SealedColumn(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answer", SealedColumn(), nullable=True),
        sa.Column("misconception_corrected", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("clarifications", schema=None) as batch_op:
        batch_op.create_index("clarifications_case", ["case_id", "id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("received_by", SealedColumn(), nullable=False),
        sa.Column("proof", SealedColumn(), nullable=False),
        sa.Column("delivered_by", sa.String(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", SealedColumn(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index("documents_case", ["case_id", "id"], unique=False)
