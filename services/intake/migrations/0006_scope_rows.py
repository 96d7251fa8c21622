"""scope rows"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.kernel_migrations import add_confidential_cases
from shared.plumbing.row_policies import scope_rows, scope_rows_within
from shared.plumbing.seal import SealedColumn

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    add_confidential_cases()
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handled_by", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("decided_by", sa.JSON(), server_default="[]", nullable=False))
    op.create_table(
        "confidence_changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("reason", SealedColumn(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_confidence_changes_case_id", "confidence_changes", ["case_id"])
    scope_rows("cases", branch="branch_id", case="id")
    for table in (
        "beneficiaries",
        "person_search_keys",
        "person_branches",
        "clause_evidence",
        "tool_editions",
        "circulations",
        "reference_counters",
    ):
        scope_rows(table)
    for table in (
        "documents",
        "clarifications",
        "attestations",
        "deliveries",
        "benefits",
        "timeline_entries",
        "confidence_changes",
    ):
        scope_rows_within(table, parent="cases", by="case_id")
    scope_rows_within("acknowledgements", parent="circulations", by="circulation_id")
