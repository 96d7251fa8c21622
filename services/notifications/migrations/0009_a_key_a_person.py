"""a key a person: whose each row is, by the id of his key"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.kernel_migrations import add_subject
from shared.plumbing.row_policies import scope_rows

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "service", "awareness", "advertising", "benefit_story", name="purpose", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column(
            "way", sa.Enum("spoken", "written", "electronic", name="way", native_enum=False, length=40), nullable=False
        ),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("consents_newest", ["subject_id", "purpose", "id"], unique=False)

    for table in ("console_deliveries", "contacts", "messages"):
        add_subject(table)

    scope_rows("consents")
