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
        "console_deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("medium", sa.Enum("sms", "email", name="medium", native_enum=False, length=40), nullable=False),
        sa.Column("recipient", SealedColumn(), nullable=False),
        sa.Column("subject", SealedColumn(), nullable=False),
        sa.Column("body", SealedColumn(), nullable=False),
        sa.Column("delivered_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_table(
        "contacts",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("name", SealedColumn(), nullable=False),
        sa.Column("mobile", SealedColumn(), nullable=True),
        sa.Column("email", SealedColumn(), nullable=True),
        sa.Column("language", sa.Enum("ar", "en", name="language", native_enum=False, length=40), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("causing_event_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("language", sa.Enum("ar", "en", name="language", native_enum=False, length=40), nullable=False),
        sa.Column("medium", sa.Enum("sms", "email", name="medium", native_enum=False, length=40), nullable=False),
        sa.Column("recipient", SealedColumn(), nullable=False),
        sa.Column("subject", SealedColumn(), nullable=False),
        sa.Column("body", SealedColumn(), nullable=False),
        sa.Column("secret", SealedColumn(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("queued", "sent", "failed", name="messagestatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("provider_reference", sa.String(), nullable=True),
        sa.Column("queued_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("causing_event_id", "medium"),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("messages_case", ["association_id", "case_id", "id"], unique=False)
        batch_op.create_index("messages_page", ["association_id", "id"], unique=False)
