"""letters, contacts and plans follow their case; what closed branches left behind moves; branches are told again"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0017"
down_revision = "0016"

_OPEN = sa.text("ended_at IS NULL")
_TO_CALL = sa.text("call_back_at IS NOT NULL AND called_back_at IS NULL")
_AGAIN = 1_000_000
"""Beyond the pages that any closing has had: a timer is set once by its name."""
_DUE = datetime(2026, 11, 21, tzinfo=UTC)
"""When this was written: due at once."""


def upgrade() -> None:
    _index("first_contacts_to_call_of_branch", "first_contacts", "branch_id", "call_back_at", where=_TO_CALL)
    _give_plans_their_branch()
    for table in ("letters", "first_contacts"):
        op.execute(
            f"UPDATE {table} SET branch_id = (SELECT branch_id FROM cases WHERE cases.id = {table}.case_id)"  # noqa: S608
            " WHERE case_id IS NOT NULL"
        )
    _go_on_with_closings()
    if op.get_bind().scalar(sa.text("SELECT 1 FROM cases WHERE status <> 'draft' LIMIT 1")):
        _set_timer("branches.to_tell", key="cases", name="branches.to_tell:", data={"after": ""})


def _index(name: str, table: str, *columns: str, where: sa.TextClause) -> None:
    op.create_index(name, table, ["association_id", *columns, "id"], sqlite_where=where, postgresql_where=where)


def _give_plans_their_branch() -> None:
    for column in ("association_id", "branch_id"):
        op.add_column("delivery_plans", sa.Column(column, sa.String(), nullable=False, server_default=""))
        op.execute(
            f"UPDATE delivery_plans SET {column} ="  # noqa: S608 - names of our own
            f" (SELECT {column} FROM cases WHERE cases.id = delivery_plans.case_id)"
        )
    op.drop_index("delivery_plans_day", "delivery_plans")
    _index("delivery_plans_day", "delivery_plans", "planned_for", where=_OPEN)
    _index("delivery_plans_day_of_branch", "delivery_plans", "branch_id", "planned_for", where=_OPEN)


def _go_on_with_closings() -> None:
    """Of a branch that closed into one that closed later, the files are where that one's are. Each is gone through."""
    closings = sa.table(
        "branch_closings",
        sa.column("id", sa.String()),
        sa.column("association_id", sa.String()),
        sa.column("branch", sa.String()),
        sa.column("to_branch", sa.String()),
    )
    bind = op.get_bind()
    found = bind.execute(sa.select(closings)).mappings().all()
    leads = {(row["association_id"], row["branch"]): row["to_branch"] for row in found}
    for row in found:
        onward, to_branch = dict(leads), row["to_branch"]
        while (further := onward.pop((row["association_id"], to_branch), None)) is not None:
            to_branch = further
        if to_branch != row["to_branch"]:
            moved = closings.update().where(closings.c.id == row["id"]).values(to_branch=to_branch)
            bind.execute(moved)
        name = f"branch.to_move:{row['id']}:{_AGAIN}"
        _set_timer("branch.to_move", key=row["id"], name=name, data={"closing_id": row["id"], "page": _AGAIN})


def _set_timer(kind: str, *, key: str, name: str, data: dict[str, Any]) -> None:
    """A timer as it lay in the inbox when this was written."""
    inbox = sa.table(
        "inbox_messages",
        *(sa.column(one, sa.String()) for one in ("event_id", "source", "type", "key", "envelope", "state")),
        sa.column("attempts", sa.Integer()),
        *(sa.column(one, UTCDateTime()) for one in ("due_at", "received_at")),
    )
    envelope = {
        "id": f"timer:{name}",
        "source": "timer",
        "type": kind,
        "version": 1,
        "key": key,
        "at": _DUE.isoformat(),
        "actor": {"person_id": "system", "role": None, "branch_id": None},
        "correlation_id": f"migration-{revision}",
        "data": data,
    }
    row = {
        "event_id": envelope["id"],
        "source": "timer",
        "type": kind,
        "key": key,
        "envelope": json.dumps(envelope),
        "state": "ready",
        "attempts": 0,
        "due_at": _DUE,
        "received_at": _DUE,
    }
    op.get_bind().execute(inbox.insert().values(row))
