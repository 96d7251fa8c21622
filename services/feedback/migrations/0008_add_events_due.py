"""add events due"""

from shared.plumbing.kernel_migrations import add_events_due

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    add_events_due()
