"""add codes for applicants, the ways to sign, and requests sent from the website"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.row_policies import scope_rows
from shared.plumbing.seal import PersonalColumn

revision = "0013"
down_revision = "0012"

MANNERS = ("typed", "drawn", "witness", "thumb", "guardian")


def upgrade() -> None:
    op.create_table(
        "applicant_codes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("follow", "attest", name="codepurpose", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("bound_to", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("applicant_codes_of_case", "applicant_codes", ["case_id", "purpose", "id"])
    scope_rows("applicant_codes", case="case_id")
    op.create_table(
        "website_requests",
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("nonce"),
    )
    scope_rows("website_requests", case="case_id")
    with op.batch_alter_table("attestations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_digest", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("manner", sa.Enum(*MANNERS, name="manner", native_enum=False, length=40), nullable=True)
        )
        batch_op.add_column(sa.Column("code_bound_to", sa.String(), nullable=True))
        for name in ("witness", "guardian", "kinship", "reason"):
            batch_op.add_column(sa.Column(name, PersonalColumn(), nullable=True))
        batch_op.add_column(sa.Column("drawing_place", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("drawing_key", PersonalColumn(), nullable=True))
        batch_op.add_column(sa.Column("drawing_digest", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_attestations_drawing_place"), ["drawing_place"], unique=False)
