"""Which rows a transaction may touch: said once, where it begins, and held at every statement from there on.

Three walls. What the mapper asks gets the scope's conditions added. What was written past the mapper and names a scoped
table without them is refused before it reaches the database, and so is everything in a session without a scope. On
PostgreSQL the row policies (`row_policies.py`) stand behind both.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, MetaData, Table, event, func, literal, select, true
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

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


class Unscoped(Exception):
    """A statement would have touched rows that nobody said may be touched. A bug: it is refused, not answered."""


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
        _unconditioned.cache_clear()


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


def conditions_in(session: AsyncSession, table: Table) -> ColumnElement[bool]:
    """What holds of the rows of `table` in this session: for a statement written past the mapper."""
    scope = session.info.get(SCOPE)
    return conditions(table, scope) if isinstance(scope, Scope) else true()


@lru_cache(maxsize=10_000)
def _option(entity: type[Any], scope: Scope) -> Any:
    return with_loader_criteria(entity, conditions(entity.__table__, scope), include_aliases=True)


class ScopedSession(Session):
    """A session that keeps to the scope in its `info`."""


@event.listens_for(ScopedSession, "do_orm_execute")
def _add_conditions(state: ORMExecuteState) -> None:
    scope = state.session.info.get(SCOPE)
    if isinstance(scope, Scope) and not state.is_insert:
        state.statement = state.statement.options(*(_option(entity, scope) for entity in _entities(state.statement)))


def _entities(statement: Any) -> list[type[Any]]:
    """The scoped classes that a statement names anywhere, in a subquery or join too."""
    found = {
        mapper.class_: None
        for part in visitors.iterate(statement)
        if (mapper := getattr(getattr(part, "_annotations", {}).get("parententity"), "mapper", None)) is not None
        and mapper.local_table.name in SCOPED
    }
    return list(found)


@event.listens_for(ScopedSession, "after_begin")
def _tell_connection(session: Session, _: Any, connection: Connection) -> None:
    scope = session.info.get(SCOPE)
    connection.execution_options(**{SCOPE: scope})
    if connection.dialect.name == "postgresql":
        # The driver says it together with BEGIN (`scoped_begin.py`): no trip of its own.
        driver: Any = connection.connection.driver_connection
        driver.scope = None if scope is None else values(scope)


@event.listens_for(ScopedSession, "before_flush")
def _keep_in_scope(session: Session, *_: Any) -> None:
    scope = session.info.get(SCOPE)
    if not isinstance(scope, Scope):
        return
    for row in (*session.new, *session.dirty):
        own = type(row).__table__.info.get(SCOPE)
        if isinstance(own, Own):
            branch = getattr(row, own.branch) if own.branch is not None else None
            foreign_branch = branch is not None and scope.branch_id not in {None, branch}
            if row.association_id != scope.association_id or foreign_branch:
                raise Unscoped(f"a row of {type(row).__table__.name} would lie outside of the scope")


async def set_scope(session: AsyncSession, scope: Rows) -> None:
    """Say whose rows the rest of the transaction may touch: for a public door, which learns it on the way."""
    session.info[SCOPE] = scope
    connection = await session.connection()
    connection.sync_connection.execution_options(**{SCOPE: scope})  # type: ignore[union-attr]
    if connection.dialect.name == "postgresql":
        said = zip(SETTINGS, values(scope), strict=True)
        await connection.execute(select(*(func.set_config(name, value, True) for name, value in said)))  # noqa: FBT003


def values(scope: Rows) -> tuple[str, str, str]:
    """The scope as PostgreSQL's settings hold it, in the order of `SETTINGS`."""
    if isinstance(scope, Everything):
        return ALL, ALL, ""
    return scope.association_id, ALL if scope.branch_id is None else scope.branch_id, scope.person_id or ""


def guard(connection: Connection, _: Any, statement: str, __: Any, context: Any, ___: Any) -> None:
    """Before every statement of an engine. Raises `Unscoped` for one that touches scoped rows past its scope."""
    named = _unconditioned(statement)
    if named is None:
        return
    options = connection.get_execution_options()
    scope = options.get(SCOPE)
    if scope is None:
        raise Unscoped(f"this session was given no scope, and asks for: {statement.split(' ', 1)[0]} {named.all}")
    # What the unit of work writes back, by primary key, was read within the scope.
    flushed = context is not None and "compiled_cache" in context.execution_options
    if named.bare and isinstance(scope, Scope) and not flushed:
        raise Unscoped(f"this statement on {named.bare} has not the conditions of its scope")


@dataclass(frozen=True)
class _Named:
    all: str
    bare: str


_table = re.compile(r'(?:\b(?:FROM|JOIN|UPDATE|INTO|USING)|,)\s+"?(\w+)"?(?:\s+AS\s+"?(\w+)"?)?')


@lru_cache(maxsize=10_000)
def _unconditioned(statement: str) -> _Named | None:
    """The scoped tables that the text names, and those of them without the scope's condition. `None`: no such table."""
    found = {(name, alias or name) for name, alias in _table.findall(statement) if name in SCOPED}
    asked = {(name, alias) for name, alias in found if not alias.startswith(OURS)}
    if not asked:
        return None
    bare = set()
    if not statement.startswith("INSERT"):
        for name, alias in asked:
            rows = SCOPED[name][1]
            holder = alias if isinstance(rows, Own) else f"{OURS}{rows.parent}"
            if f"{holder}.association_id = " not in statement:
                bare.add(name)
    return _Named(", ".join(sorted({name for name, _ in asked})), ", ".join(sorted(bare)))
