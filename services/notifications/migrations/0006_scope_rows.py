"""scope rows"""

from shared.plumbing.kernel_migrations import add_confidential_cases
from shared.plumbing.row_policies import scope_rows, scope_rows_within

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    add_confidential_cases()
    scope_rows("contacts", case="case_id")
    scope_rows("messages", case="case_id")
    scope_rows_within("console_deliveries", parent="messages", by="reference")
