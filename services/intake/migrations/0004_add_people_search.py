"""add people search"""

import sqlalchemy as sa
from alembic import op

from services.intake.domain.people import Beneficiary
from services.intake.domain.search import keys_of
from shared.plumbing.seal import SealedColumn

revision = "0004"
down_revision = "0003"

A_PAGE = 500


def upgrade() -> None:
    op.create_table(
        "person_search_keys",
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("association_id", "key", "person_id"),
    )
    op.create_index("search_keys_of_person", "person_search_keys", ["person_id"])
    op.create_table(
        "person_branches",
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("association_id", "person_id", "branch"),
    )
    op.execute(
        "INSERT INTO person_branches (association_id, person_id, branch)"
        " SELECT DISTINCT association_id, beneficiary_id, branch_id FROM cases"
    )
    _find_those_who_are_there()


def _find_those_who_are_there() -> None:
    """Whoever was registered before the search came is found by it."""
    names = ("id", "association_id", "national_id", "name", "mobile")
    kinds = {"national_id": SealedColumn, "name": SealedColumn, "mobile": SealedColumn}
    people = sa.table("beneficiaries", *(sa.column(name, kinds.get(name, sa.String)()) for name in names))
    keys = sa.table("person_search_keys", *map(sa.column, ("association_id", "key", "person_id")))
    bind, after = op.get_bind(), ""
    while page := bind.execute(sa.select(people).where(people.c.id > after).order_by(people.c.id).limit(A_PAGE)).all():
        rows = [
            {"association_id": person.association_id, "key": key, "person_id": person.id}
            for person in page
            for key in sorted(keys_of(Beneficiary.model_construct(**person._mapping)))
        ]
        bind.execute(keys.insert(), rows)
        after = page[-1].id
