"""add ended sessions"""

from shared.plumbing.kernel_migrations import add_ended_sessions

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    add_ended_sessions()
