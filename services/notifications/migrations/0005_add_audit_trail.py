"""add audit trail"""

from shared.plumbing.kernel_migrations import add_audit_trail

revision = "0005"
down_revision = "0002"


def upgrade() -> None:
    add_audit_trail()
