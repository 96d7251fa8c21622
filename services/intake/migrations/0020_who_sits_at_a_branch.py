"""who sits at a branch, and whose open cases nobody keeps, are read by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_KEPT = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_index("seats_of_branch", "seats", ["association_id", "branch_id", "id"])
    op.create_index(
        "cases_by_keeper",
        "cases",
        ["association_id", "branch_id", "assigned_to", "id"],
        sqlite_where=_KEPT,
        postgresql_where=_KEPT,
    )
