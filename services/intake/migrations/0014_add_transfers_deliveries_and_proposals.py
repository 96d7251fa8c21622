"""add transfers, deliveries and proposals"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from shared.plumbing.row_policies import scope_rows, scope_rows_within
from shared.plumbing.seal import PersonalColumn

revision = "0014"
down_revision = "0013"

_UNANSWERED = sa.text("answered_at IS NULL")
_UNSETTLED = sa.text("settled_at IS NULL")
_NOT_ENDED = sa.text("ended_at IS NULL")
_SERVED = sa.text("delivered_on IS NOT NULL")
_ENDS = sa.text("expires_on IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assigned_to", sa.String(), nullable=True))
    # Whoever began an open request of before keeps it.
    op.execute("UPDATE cases SET assigned_to = opened_by WHERE ended_at IS NULL AND opened_by <> 'applicant'")
    _index("cases_of_person", "cases", "association_id", "assigned_to", "id", where=_NOT_ENDED)
    _index("cases_served", "cases", "association_id", "branch_id", "id", where=_SERVED)
    _index("documents_running_out", "documents", "expires_on", "id", where=_ENDS)
    _add_transfers()
    _add_deliveries()
    _add_proposals()
    # What was delivered before is in the history too, under its case's own id: one a case.
    op.execute(
        "INSERT INTO given_benefits"
        " (id, association_id, case_id, beneficiary_id, subject_id, branch, service_id, given_on, whole)"
        " SELECT id, association_id, id, beneficiary_id, subject_id, branch_id, service_id, delivered_on, true"
        " FROM cases WHERE delivered_on IS NOT NULL"
    )


def _index(name: str, table: str, *columns: str, where: sa.TextClause | None = None, unique: bool = False) -> None:
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=where, postgresql_where=where)


def _of_person(*columns: sa.Column[Any]) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        *columns,
    )


def _add_transfers() -> None:
    op.create_table(
        "transfers",
        *_of_person(
            sa.Column("association_id", sa.String(), nullable=False),
            sa.Column("reference", sa.String(), nullable=False),
            sa.Column("from_branch", sa.String(), nullable=False),
            sa.Column("to_branch", sa.String(), nullable=False),
            sa.Column("to_person", sa.String(), nullable=True),
            sa.Column("reason", PersonalColumn(), nullable=False),
            sa.Column("asked_by", sa.String(), nullable=False),
            sa.Column("asked_at", UTCDateTime(), nullable=False),
            sa.Column(
                "status",
                sa.Enum("asked", "accepted", "refused", "revoked", name="transferstatus", native_enum=False, length=40),
                nullable=False,
            ),
            sa.Column("answer", PersonalColumn(), nullable=True),
            sa.Column("answered_by", sa.String(), nullable=True),
            sa.Column("answered_at", UTCDateTime(), nullable=True),
        ),
    )
    _index("ix_transfers_subject_id", "transfers", "subject_id")
    _index("transfers_to", "transfers", "association_id", "to_branch", "id", where=_UNANSWERED)
    _index("transfers_from", "transfers", "association_id", "from_branch", "id", where=_UNANSWERED)
    _index("transfers_open", "transfers", "association_id", "id", where=_UNANSWERED)
    _index("transfers_of_case", "transfers", "case_id", where=_UNANSWERED, unique=True)
    op.create_table(
        "branch_closings",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("to_branch", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.UniqueConstraint("association_id", "branch"),
    )
    scope_rows("transfers", case="case_id")
    scope_rows("branch_closings")


def _add_deliveries() -> None:
    op.create_table(
        "collectors",
        *_of_person(
            sa.Column("name", PersonalColumn(), nullable=False),
            sa.Column("national_id", PersonalColumn(), nullable=False),
            sa.Column("relation", PersonalColumn(), nullable=False),
            sa.Column("proof", PersonalColumn(), nullable=False),
            sa.Column("valid_until", sa.Date(), nullable=True),
            sa.Column("noted_by", sa.String(), nullable=False),
            sa.Column("noted_at", UTCDateTime(), nullable=False),
            sa.Column("revoked_by", sa.String(), nullable=True),
            sa.Column("revoked_at", UTCDateTime(), nullable=True),
        ),
    )
    op.create_table(
        "delivery_plans",
        *_of_person(
            sa.Column("planned_for", sa.Date(), nullable=False),
            sa.Column("place", PersonalColumn(), nullable=False),
            sa.Column("what", PersonalColumn(), nullable=False),
            sa.Column("planned_by", sa.String(), nullable=False),
            sa.Column("planned_at", UTCDateTime(), nullable=False),
            sa.Column("called_off", PersonalColumn(), nullable=True),
            sa.Column("ended_by", sa.String(), nullable=True),
            sa.Column("ended_at", UTCDateTime(), nullable=True),
        ),
    )
    op.create_table(
        "delivery_codes",
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("code_id", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
    )
    op.create_table(
        "delivery_proofs",
        *_of_person(
            sa.Column("place", sa.String(), nullable=False, unique=True),
            sa.Column("sealed_key", PersonalColumn(), nullable=False),
            sa.Column("media_type", sa.String(), nullable=False),
            sa.Column("size", sa.Integer(), nullable=False),
            sa.Column("digest", sa.String(), nullable=False),
            sa.Column("kept_by", sa.String(), nullable=False),
            sa.Column("kept_at", UTCDateTime(), nullable=False),
        ),
    )
    op.create_table(
        "delivery_parts",
        *_of_person(
            sa.Column("plan_id", sa.String(), sa.ForeignKey("delivery_plans.id"), nullable=True),
            sa.Column("collector_id", sa.String(), sa.ForeignKey("collectors.id"), nullable=True),
            sa.Column("proof_id", sa.String(), sa.ForeignKey("delivery_proofs.id"), nullable=True),
            sa.Column("delivered_on", sa.Date(), nullable=False),
            sa.Column("what", PersonalColumn(), nullable=False),
            sa.Column("received_by", PersonalColumn(), nullable=False),
            sa.Column(
                "proof_kind",
                sa.Enum("code", "signature", "photo", "paper", name="proofkind", native_enum=False, length=40),
                nullable=False,
            ),
            sa.Column("proof_note", PersonalColumn(), nullable=True),
            sa.Column("completes", sa.Boolean(), nullable=False),
            sa.Column("delivered_by", sa.String(), nullable=False),
            sa.Column("recorded_at", UTCDateTime(), nullable=False),
        ),
    )
    op.create_table(
        "given_benefits",
        *_of_person(
            sa.Column("association_id", sa.String(), nullable=False),
            sa.Column("beneficiary_id", sa.String(), sa.ForeignKey("beneficiaries.id"), nullable=False),
            sa.Column("branch", sa.String(), nullable=False),
            sa.Column("service_id", sa.String(), nullable=False),
            sa.Column("given_on", sa.Date(), nullable=False),
            sa.Column("whole", sa.Boolean(), nullable=False),
        ),
    )
    of_cases = ("collectors", "delivery_plans", "delivery_codes", "delivery_proofs", "delivery_parts")
    for table in (*of_cases, "given_benefits"):
        _index(f"ix_{table}_subject_id", table, "subject_id")
    for table in ("collectors", "delivery_plans", "delivery_proofs", "delivery_parts"):
        _index(f"{table}_case", table, "case_id", "id")
    _index("delivery_plans_day", "delivery_plans", "planned_for", "id", where=_NOT_ENDED)
    _index("given_benefits_of_person", "given_benefits", "association_id", "beneficiary_id", "id")
    for table in of_cases:
        scope_rows_within(table, parent="cases", by="case_id")
    scope_rows("given_benefits", case="case_id")


def _add_proposals() -> None:
    op.create_table(
        "proposals",
        *_of_person(
            sa.Column("association_id", sa.String(), nullable=False),
            sa.Column("branch_id", sa.String(), nullable=False),
            sa.Column("reference", sa.String(), nullable=False),
            sa.Column(
                "kind",
                sa.Enum(
                    "document_expiring",
                    "service_fits",
                    "follow_up_due",
                    name="proposalkind",
                    native_enum=False,
                    length=40,
                ),
                nullable=False,
            ),
            sa.Column("mark", sa.String(), nullable=False),
            sa.Column("service_id", sa.String(), nullable=True),
            sa.Column("because", sa.String(), nullable=True),
            sa.Column("document_kind", sa.String(), nullable=True),
            sa.Column("due_on", sa.Date(), nullable=True),
            sa.Column("made_at", UTCDateTime(), nullable=False),
            sa.Column("way", sa.Enum("message", "spoken", name="way", native_enum=False, length=40), nullable=True),
            sa.Column("reason", PersonalColumn(), nullable=True),
            sa.Column("settled_by", sa.String(), nullable=True),
            sa.Column("settled_at", UTCDateTime(), nullable=True),
        ),
        sa.UniqueConstraint("association_id", "mark"),
    )
    _index("ix_proposals_subject_id", "proposals", "subject_id")
    _index("proposals_open", "proposals", "association_id", "id", where=_UNSETTLED)
    _index("proposals_of_branch", "proposals", "association_id", "branch_id", "id", where=_UNSETTLED)
    _index("proposals_of_case", "proposals", "case_id")
    scope_rows("proposals", branch="branch_id", case="case_id")
