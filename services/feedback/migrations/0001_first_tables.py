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
        "evaluations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("department_id", sa.String(), nullable=False),
        sa.Column("by_department_id", sa.String(), nullable=False),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("note", SealedColumn(), nullable=True),
        sa.Column("evaluated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.create_index("evaluations_page", ["association_id", "id"], unique=False)

    op.create_table(
        "improvements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("title", SealedColumn(), nullable=False),
        sa.Column(
            "found_by",
            sa.Enum("survey", "complaint", "suggestion", name="foundby", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("result", SealedColumn(), nullable=True),
        sa.Column("completed_by", sa.String(), nullable=True),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("improvements", schema=None) as batch_op:
        batch_op.create_index("improvements_page", ["association_id", "id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column(
            "ending",
            sa.Enum("served", "rejected", "withdrawn", name="ending", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("department_id", sa.String(), nullable=False),
        sa.Column("code_index", sa.String(), nullable=False),
        sa.Column("invited_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id"),
        sa.UniqueConstraint("code_index"),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index("invitations_period", ["association_id", "invited_at"], unique=False)

    op.create_table(
        "relations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("complaint", "suggestion", name="relationkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "party",
            sa.Enum("beneficiary", "supporter", "volunteer", "other", name="party", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("subject", SealedColumn(), nullable=False),
        sa.Column("text", SealedColumn(), nullable=False),
        sa.Column("contact", SealedColumn(), nullable=True),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("answer", SealedColumn(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.create_index("relations_page", ["association_id", "kind", "id"], unique=False)

    op.create_table(
        "survey_answers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column(
            "ending",
            sa.Enum("served", "rejected", "withdrawn", name="ending", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("department_id", sa.String(), nullable=False),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("ease", sa.Integer(), nullable=False),
        sa.Column("impression", sa.Integer(), nullable=False),
        sa.Column("respect", sa.Integer(), nullable=False),
        sa.Column("speed", sa.Integer(), nullable=False),
        sa.Column("comment", SealedColumn(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.create_index("survey_answers_page", ["association_id", "id"], unique=False)
        batch_op.create_index("survey_answers_period", ["association_id", "answered_on"], unique=False)
