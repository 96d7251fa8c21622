"""add households, particulars, mandates and proposed duplicates"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.row_policies import scope_rows
from shared.plumbing.seal import PersonalColumn

revision = "0012"
down_revision = "0011"


def coded(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


CALENDAR = ("gregorian", "hijri")


def upgrade() -> None:
    with op.batch_alter_table("beneficiaries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_beneficiaries_merged_into"), ["merged_into"], unique=False)
    _add_files()
    _add_duplicates()
    _add_households()
    for table in (
        "person_particulars",
        "registrations",
        "proposed_duplicates",
        "households",
        "household_members",
        "household_statements",
        "mandates",
    ):
        scope_rows(table)
    scope_rows("repeated_requests", branch="branch_id", case="case_id")


def _add_files() -> None:
    op.create_table(
        "person_particulars",
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("iban", PersonalColumn(), nullable=True),
        sa.Column("iban_index", sa.String(), nullable=True),
        sa.Column("short_address", PersonalColumn(), nullable=True),
        sa.Column("birthday", PersonalColumn(), nullable=True),
        sa.Column("birthday_calendar", coded("calendar", *CALENDAR), nullable=True),
        sa.Column("marital_status", PersonalColumn(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("subject_id"),
    )
    op.create_index("particulars_by_iban", "person_particulars", ["association_id", "iban_index"])
    op.create_table(
        "registrations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("typed", PersonalColumn(), nullable=False),
        sa.Column("differs", sa.JSON(), nullable=False),
        sa.Column("at_branch", sa.String(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.Column("on_device_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["subject_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("registrations_of_person", "registrations", ["subject_id", "id"])


def _add_duplicates() -> None:
    op.create_table(
        "proposed_duplicates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("one_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("finding", coded("finding", "open", "merged", "not_the_same"), nullable=False),
        sa.Column("kept_id", sa.String(), nullable=True),
        sa.Column("reason", PersonalColumn(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("undone_reason", PersonalColumn(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["beneficiaries.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("association_id", "one_id", "other_id"),
    )
    op.create_index(op.f("ix_proposed_duplicates_subject_id"), "proposed_duplicates", ["subject_id"])
    op.create_index("duplicates_page", "proposed_duplicates", ["association_id", "finding", "id"])
    op.create_index("duplicates_of_one", "proposed_duplicates", ["one_id"])
    op.create_index("duplicates_of_other", "proposed_duplicates", ["other_id"])
    op.create_table(
        "repeated_requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("beside", sa.JSON(), nullable=False),
        sa.Column("reason", PersonalColumn(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id"),
    )
    op.create_index(op.f("ix_repeated_requests_subject_id"), "repeated_requests", ["subject_id"])


def _add_households() -> None:
    op.create_table(
        "households",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("head_id", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["head_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("head_id"),
    )
    kinship = coded(
        "kinship",
        "husband", "wife", "son", "daughter", "father", "mother", "brother", "sister", "grandfather", "grandmother",
        "grandson", "granddaughter", "foster_child", "orphan_in_care", "other",
    )  # fmt: skip
    op.create_table(
        "household_members",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("kinship", kinship, nullable=False),
        sa.Column("name", PersonalColumn(), nullable=False),
        sa.Column("national_id", PersonalColumn(), nullable=True),
        sa.Column("birthday", PersonalColumn(), nullable=True),
        sa.Column("birthday_calendar", coded("calendar", *CALENDAR), nullable=True),
        sa.Column("note", PersonalColumn(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_reason", PersonalColumn(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("members_of_household", "household_members", ["household_id", "id"])
    op.create_index("households_of_person", "household_members", ["person_id"])
    op.create_index(op.f("ix_household_members_subject_id"), "household_members", ["subject_id"])
    op.create_table(
        "household_statements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", PersonalColumn(), nullable=False),
        sa.Column("stated_by", sa.String(), nullable=False),
        sa.Column("stated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("statements_of_household", "household_statements", ["household_id", "number"], unique=True)
    op.create_index(op.f("ix_household_statements_subject_id"), "household_statements", ["subject_id"])
    op.create_table(
        "mandates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column(
            "capacity",
            coded("capacity", "father", "mother", "guardian", "trustee", "custodian", "agent"),
            nullable=False,
        ),
        sa.Column("deeds", sa.JSON(), nullable=False),
        sa.Column("paper", PersonalColumn(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_reason", PersonalColumn(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["beneficiaries.id"]),
        sa.ForeignKeyConstraint(["subject_id"], ["beneficiaries.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("mandates_of_agent", "mandates", ["agent_id", "id"])
    op.create_index(op.f("ix_mandates_subject_id"), "mandates", ["subject_id"])
