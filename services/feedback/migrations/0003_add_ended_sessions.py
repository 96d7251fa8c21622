"""add ended sessions"""

from shared.plumbing.kernel_migrations import add_ended_sessions

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    add_ended_sessions()
