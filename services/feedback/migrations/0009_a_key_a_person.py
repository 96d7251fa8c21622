"""a key a person: whose each row is, by the id of his key"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject_id", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitations_subject_id"), ["subject_id"], unique=False)

    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject_id", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_relations_subject_id"), ["subject_id"], unique=False)
