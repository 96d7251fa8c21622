"""remember papers when asked"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("cases", sa.Column("given_when_asked", sa.JSON(), nullable=False, server_default="[]"))
    _remember_those_asked_already()


def _remember_those_asked_already() -> None:
    """Cases that wait for papers now: what was there by the clock when the body asked."""
    ids, asked_at, given = sa.column("id"), sa.column("asked_again_at"), sa.column("given_when_asked", sa.JSON())
    cases = sa.table("cases", ids, asked_at, given)
    documents = sa.table("documents", *map(sa.column, ("id", "case_id", "recorded_at")))
    bind = op.get_bind()
    for case_id, asked in bind.execute(sa.select(ids, asked_at).select_from(cases).where(asked_at.is_not(None))).all():
        there = bind.scalars(
            sa.select(documents.c.id).where(documents.c.case_id == case_id, documents.c.recorded_at <= asked)
        ).all()
        bind.execute(cases.update().where(ids == case_id).values(given_when_asked=list(there)))
