"""A session that keeps to its scope: said once, where the transaction begins, and held at every statement.

What the mapper asks gets the scope's conditions added. What was written past the mapper and names a scoped table
without them is refused before it reaches the database, and so is everything in a session without a scope.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Table, event, func, select, true
from sqlalchemy.engine import Connection
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.identity import Scope
from shared.plumbing.scope import OURS, SCOPE, SCOPED, SETTINGS, Own, Rows, conditions, values


class Unscoped(Exception):
    """A statement would have touched rows that nobody said may be touched. A bug: it is refused, not answered."""


@lru_cache(maxsize=10_000)
def _option(entity: Any, scope: Scope) -> Any:
    return with_loader_criteria(entity, conditions(entity.__table__, scope), include_aliases=True)


class ScopedSession(Session):
    """A session that keeps to the scope in its `info`."""


@event.listens_for(ScopedSession, "do_orm_execute")
def _add_conditions(state: ORMExecuteState) -> None:
    scope = state.session.info.get(SCOPE)
    if isinstance(scope, Scope) and not state.is_insert:
        state.statement = state.statement.options(*(_option(entity, scope) for entity in _entities(state.statement)))


def _entities(statement: Any) -> list[Any]:
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


def conditions_in(session: AsyncSession, table: Table) -> ColumnElement[bool]:
    """What holds of the rows of `table` in this session: for a statement written past the mapper."""
    scope = session.info.get(SCOPE)
    return conditions(table, scope) if isinstance(scope, Scope) else true()


def guard(connection: Connection, _: Any, statement: str, __: Any, context: Any, ___: Any) -> None:
    """Before every statement of an engine. Raises `Unscoped` for one that touches scoped rows past its scope."""
    named = _unconditioned(statement, tables=len(SCOPED))
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


_table = re.compile(
    r'(?:\b(?:FROM|JOIN|UPDATE|INTO|USING|ONLY)|,)[\s(]+(?:"?\w+"?\.)?"?(\w+)"?(?:\s+AS\s+"?(\w+)"?)?', re.IGNORECASE
)
_into = re.compile(r'^\s*INSERT\s+INTO\s+"?\w+"?', re.IGNORECASE)


@lru_cache(maxsize=10_000)
def _unconditioned(statement: str, *, tables: int) -> _Named | None:  # noqa: ARG001 - more tables, another answer
    """The scoped tables that the text names, and those of them without the scope's condition. `None`: no such table."""
    named = _named_in(statement)
    if not named:
        return None
    bare = set()
    # What is put in was checked before the flush; what it is taken from is asked like anything else.
    for name, alias in _named_in(_into.sub("", statement)):
        rows = SCOPED[name][1]
        holder = alias if isinstance(rows, Own) else f"{OURS}{rows.parent}"
        if f"{holder}.association_id = " not in statement:
            bare.add(name)
    return _Named(", ".join(sorted({name for name, _ in named})), ", ".join(sorted(bare)))


def _named_in(statement: str) -> set[tuple[str, str]]:
    """The scoped tables in the text with the names that they go by there; those of our own conditions are left out."""
    found = {(name, alias or name) for name, alias in _table.findall(statement) if name in SCOPED}
    return {(name, alias) for name, alias in found if not alias.startswith(OURS)}
