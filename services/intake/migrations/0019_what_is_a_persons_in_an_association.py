"""a person's cases and search keys are read by indexes that name the association too, as every statement does"""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.drop_index("cases_of_beneficiary", "cases")
    op.create_index("cases_of_beneficiary", "cases", ["beneficiary_id", "association_id", "id"])
    op.drop_index("search_keys_of_person", "person_search_keys")
    op.create_index("search_keys_of_person", "person_search_keys", ["person_id", "association_id", "key"])
