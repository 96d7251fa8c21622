"""add events due"""

from shared.plumbing.kernel_migrations import add_events_due

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    add_events_due()
