"""PostgreSQL's own wall: row policies that say of every scoped table what `scope.py` says.

For migrations: what a migration made stays, so what changes here gets a function of its own. A role that does not own
the tables and has no BYPASSRLS sees what its transaction's settings name, and without them nothing.
"""

from alembic import op

_ALL = "(SELECT current_setting('athar.association', true)) = '*'"
_ASSOCIATION = "association_id = (SELECT current_setting('athar.association', true))"
_PERSON = "(SELECT current_setting('athar.person', true))"


def scope_rows(table: str, *, branch: str | None = None, case: str | None = None) -> None:
    """The rows of `table` are those of the association, of the branch, and no confidential case's but to the named.

    Who may not see a case may still hand in what is about it: a complaint is taken down, and told to those named.
    """
    held = [_ASSOCIATION]
    if branch is not None:
        held.append(f"(SELECT current_setting('athar.branch', true)) IN ('*', {branch})")
    written = f"{_ALL} OR ({' AND '.join(held)})"
    if case is not None:
        held.append(
            "NOT EXISTS (SELECT 1 FROM confidential_cases marks"  # noqa: S608 - names of our own
            f" WHERE marks.case_id = {table}.{case} AND NOT EXISTS (SELECT 1 FROM confidential_people people"
            f" WHERE people.case_id = marks.case_id AND people.person_id = {_PERSON}))"
        )
    _make_policy(table, seen=f"{_ALL} OR ({' AND '.join(held)})", written=written)


def scope_rows_within(table: str, *, parent: str, by: str, key: str = "id") -> None:
    """A row of `table` is seen by whoever sees its row of `parent`: the parent's own policy holds inside."""
    rows = f"{_ALL} OR EXISTS (SELECT 1 FROM {parent} above WHERE above.{key} = {table}.{by})"  # noqa: S608
    _make_policy(table, seen=rows, written=rows)


def _make_policy(table: str, *, seen: str, written: str) -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({seen}) WITH CHECK ({written})")
