"""a question keeps the channel of its first answer, whatever is asked further"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("clarifications", sa.Column("answered_through", sa.String(40), nullable=True))
    _take_those_that_are_known()


def _take_those_that_are_known() -> None:
    """Where nothing was said further, the channel of the last answer is the first one's."""
    questions = sa.table("clarifications", *map(sa.column, ("id", "answered_through")))
    terms = sa.table("clarification_terms", *map(sa.column, ("clarification_id", "through")))
    notes = sa.table("clarification_notes", sa.column("clarification_id"))
    through = sa.select(terms.c.through).where(terms.c.clarification_id == questions.c.id).scalar_subquery()
    said = sa.exists().where(notes.c.clarification_id == questions.c.id)
    op.execute(questions.update().where(~said).values(answered_through=through))
