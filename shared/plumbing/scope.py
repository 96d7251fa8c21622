"""Whose rows a table holds, and what holds of those that a scope may touch.

`scoped_session.py` adds that to every statement and refuses what lacks it; `row_policies.py` says it to PostgreSQL.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, MetaData, Table, event, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal

from shared.plumbing.confidential_tables import confidential_cases, confidential_people
from shared.plumbing.identity import Scope

SCOPE = "scope"
ALL = "*"
SETTINGS = ("athar.association", "athar.branch", "athar.person")
OURS = "scope_"
"""How the conditions' own aliases begin, so that they are told from what a query asks."""


class Everything:
    """Every row of every association: for what no person asks, and for nobody at a door."""


EVERYTHING: Final = Everything()
Rows = Scope | Everything


@dataclass(frozen=True)
class Own:
    """Rows that name their association themselves, and their branch and case where they have one."""

    branch: str | None = None
    case: str | None = None


@dataclass(frozen=True)
class Within:
    """Rows that belong to another row, and are seen with it."""

    parent: str
    by: str


SCOPED: dict[str, tuple[Table, Own | Within]] = {}
"""Every scoped table that was made, by name."""


def scoped(*, branch: str | None = None, case: str | None = None) -> dict[str, Any]:
    """At the end of `__table_args__`: the table's rows belong to the association in `association_id`."""
    return {"info": {SCOPE: Own(branch=branch, case=case)}}


def within(parent: str, *, by: str) -> dict[str, Any]:
    """At the end of `__table_args__`: a row is seen by whoever sees the row of `parent` that its column `by` names."""
    return {"info": {SCOPE: Within(parent=parent, by=by)}}


def unscoped(why: str) -> dict[str, Any]:
    """At the end of `__table_args__`: rows of no association, and why; any session may touch them."""
    return {"info": {SCOPE: why}}


@event.listens_for(Table, "after_parent_attach")
def _note(table: Table, parent: Any) -> None:
    if isinstance(parent, MetaData) and isinstance(table.info.get(SCOPE), Own | Within):
        SCOPED[table.name] = (table, table.info[SCOPE])


for _kernel, _rows in ((confidential_cases, Own()), (confidential_people, Within("confidential_cases", by="case_id"))):
    _kernel.info[SCOPE] = _rows
    SCOPED[_kernel.name] = (_kernel, _rows)


class Held(FunctionElement[bool]):
    """A condition as one element with few parts: SQLAlchemy walks all parts of a statement each time it is asked.

    Each part stands in the text once, so that it can be bound by place.
    """

    type = Boolean()
    inherit_cache = True
    _traverse_internals = [*FunctionElement._traverse_internals, ("text", InternalTraversal.dp_string)]

    def __init__(self, text: str, *parts: Any) -> None:
        self.text = text
        super().__init__(*parts)


@compiles(Held)
def _written(held: Held, compiler: Any, **options: Any) -> str:
    return f"({held.text})".format(*(compiler.process(part, **options) for part in held.clauses))


OPEN = (
    f"NOT EXISTS (SELECT 1 FROM confidential_cases AS {OURS}marks WHERE {OURS}marks.case_id = {{case}}"  # noqa: S608
    f" AND NOT EXISTS (SELECT 1 FROM confidential_people AS {OURS}people"
    f" WHERE {OURS}people.case_id = {OURS}marks.case_id AND {OURS}people.person_id = {{person}}))"
)


def conditions(table: Table, scope: Scope) -> ColumnElement[bool]:
    """What holds of the rows of `table` that `scope` may touch."""
    rows = table.info[SCOPE]
    if isinstance(rows, Own):
        held = table.c.association_id == scope.association_id
        if rows.branch is not None and scope.branch_id is not None:
            held &= table.c[rows.branch] == scope.branch_id
        if rows.case is not None:
            held &= Held(OPEN.format(case="{0}", person="{1}"), table.c[rows.case], literal(scope.person_id or ""))
        return held
    parent, of_parent = SCOPED[rows.parent]
    if not isinstance(of_parent, Own):
        raise TypeError(f"{table.name} belongs to {rows.parent}, which belongs to another table itself")
    above, (key,) = f"{OURS}{parent.name}", parent.primary_key.columns
    text = f"EXISTS (SELECT 1 FROM {parent.name} AS {above} WHERE {above}.{key.name} = {{0}}"  # noqa: S608
    text += f" AND {above}.association_id = {{1}}"
    parts = [table.c[rows.by], literal(scope.association_id)]
    if of_parent.branch is not None and scope.branch_id is not None:
        text += f" AND {above}.{of_parent.branch} = {{{len(parts)}}}"
        parts.append(literal(scope.branch_id))
    if of_parent.case is not None:
        text += " AND " + OPEN.format(case=f"{above}.{of_parent.case}", person=f"{{{len(parts)}}}")
        parts.append(literal(scope.person_id or ""))
    return Held(f"{text})", *parts)


def values(scope: Rows) -> tuple[str, str, str]:
    """The scope as PostgreSQL's settings hold it, in the order of `SETTINGS`."""
    if isinstance(scope, Everything):
        return ALL, ALL, ""
    return scope.association_id, ALL if scope.branch_id is None else scope.branch_id, scope.person_id or ""
