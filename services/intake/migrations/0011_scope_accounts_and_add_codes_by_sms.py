"""add codes by sms, and scope accounts"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.row_policies import scope_rows, scope_rows_within
from shared.plumbing.seal import SealedColumn

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mobile", SealedColumn(), nullable=True))
        batch_op.add_column(sa.Column("mobile_confirmed_at", UTCDateTime(), nullable=True))
    op.create_table(
        "texted_codes",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("code_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("mobile", SealedColumn(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("window_began_at", UTCDateTime(), nullable=False),
        sa.Column("sent_in_window", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    for table in ("staff", "seats", "delegations", "texted_codes"):
        scope_rows(table)
    scope_rows_within("recovery_codes", parent="staff", by="person_id")
