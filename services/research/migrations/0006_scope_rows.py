"""scope rows"""

import sqlalchemy as sa
from alembic import op

from shared.plumbing.kernel_migrations import add_confidential_cases
from shared.plumbing.row_policies import scope_rows, scope_rows_within

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    add_confidential_cases()
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handled_by", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("researcher", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("decider", sa.String(), nullable=True))
    scope_rows("reviews", branch="branch_id", case="case_id")
    scope_rows_within("votes", parent="reviews", by="review_id")
