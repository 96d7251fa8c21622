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
        "reviews",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("department_id", sa.String(), nullable=False),
        sa.Column(
            "reviewing_body",
            sa.Enum("committee", "department", name="reviewingbody", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("file", SealedColumn(), nullable=False),
        sa.Column("referred_at", UTCDateTime(), nullable=False),
        sa.Column("floor_days", sa.Integer(), nullable=False),
        sa.Column("answer_not_before", UTCDateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "studied",
                "decided",
                "answered",
                "returned",
                "withdrawn",
                name="reviewstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("findings", SealedColumn(), nullable=True),
        sa.Column("studied_by", sa.String(), nullable=True),
        sa.Column("studied_at", UTCDateTime(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "rejected", "returned", name="verdict", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("reason", SealedColumn(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "round"),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index("reviews_of_association", ["association_id", "id"], unique=False)
        batch_op.create_index("reviews_queue", ["association_id", "status", "id"], unique=False)

    op.create_table(
        "votes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "rejected", "returned", name="verdict", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", SealedColumn(), nullable=False),
        sa.Column("cast_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["reviews.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id", "person_id"),
    )
