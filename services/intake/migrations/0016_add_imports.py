"""add imports of lists, and saved filters"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.row_policies import scope_rows, scope_rows_within
from shared.plumbing.seal import SealedColumn

revision = "0016"
down_revision = "0015"


def _coded(*words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, length=40)


CHANNELS = ("interview", "phone", "social", "letter", "help_request", "volunteering", "website", "delegate")


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column(
            "status",
            _coded("uploaded", "checking", "checked", "running", "stopped", "done", "discarded"),
            nullable=False,
        ),
        sa.Column("file_name", SealedColumn(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("sealed_key", SealedColumn(), nullable=True),
        sa.Column("heads", SealedColumn(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("known", _coded("update", "leave"), nullable=False),
        sa.Column("channel", _coded(*CHANNELS), nullable=False),
        sa.Column("default_branch", sa.String(), nullable=True),
        sa.Column("default_service", sa.String(), nullable=True),
        sa.Column("first_at", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_updated", sa.Integer(), nullable=False),
        sa.Column("rows_left", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place"),
    )
    op.create_index("imports_page", "imports", ["association_id", "id"])
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("outcome", _coded("new", "updated", "left", "refused"), nullable=False),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"]),
        sa.PrimaryKeyConstraint("import_id", "number"),
    )
    op.create_index("import_rows_mark", "import_rows", ["import_id", "mark", "number"])
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("of_list", _coded("cases", "rights", "messages", "reviews"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("association_id", "person_id", "of_list", "name"),
    )
    op.create_index("saved_filters_page", "saved_filters", ["association_id", "person_id", "id"])
    for table in ("imports", "saved_filters"):
        scope_rows(table)
    scope_rows_within("import_rows", parent="imports", by="import_id")
