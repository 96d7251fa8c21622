"""add retention and dead letters"""

from shared.plumbing.kernel_migrations import add_retention_and_dead_letter_columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    add_retention_and_dead_letter_columns()
