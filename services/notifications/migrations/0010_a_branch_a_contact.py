"""a branch a contact: whom a branch's delegate may hear a consent of"""

import sqlalchemy as sa
from alembic import op

from shared.plumbing.row_policies import scope_rows

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("contacts", sa.Column("branch_id", sa.String(), nullable=True))
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP POLICY scope ON contacts")
    scope_rows("contacts", branch="branch_id", case="case_id")
