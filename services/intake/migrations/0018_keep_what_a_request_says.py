"""keep what a request says of a known person; an ended import's file name goes"""

import sqlalchemy as sa
from alembic import op

from shared.plumbing.row_policies import scope_rows

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("registrations", sa.Column("case_id", sa.String(), nullable=True))
    op.create_index("registrations_of_case", "registrations", ["case_id"])
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP POLICY scope ON registrations")
    scope_rows("registrations", case="case_id")
    # From now on a timer of each import forgets it; of those that ended before there is none.
    op.execute("UPDATE imports SET file_name = NULL WHERE ended_at IS NOT NULL")
