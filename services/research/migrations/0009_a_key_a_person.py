"""a key a person: whose each row is, by the id of his key"""

from shared.plumbing.kernel_migrations import add_subject

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    add_subject("reviews")
    add_subject("votes")
