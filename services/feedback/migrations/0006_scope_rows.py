"""scope rows"""

import sqlalchemy as sa
from alembic import op

from shared.plumbing.kernel_migrations import add_confidential_cases
from shared.plumbing.row_policies import scope_rows

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    add_confidential_cases()
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("about_person", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("sensitive", sa.Boolean(), server_default=sa.false(), nullable=False))
    scope_rows("invitations", case="case_id")
    scope_rows("relations", case="case_id")
    for table in ("survey_answers", "evaluations", "improvements"):
        scope_rows(table)
