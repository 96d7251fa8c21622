"""The keys of all whose words a page of rows holds, asked of the vault at once and not one after the other."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from shared.plumbing.person_seal import PREFIX, subject_of
from shared.plumbing.vault import VAULT


def fetch_keys(_: Connection, cursor: Any, __: str, ___: Any, context: Any, executemany: bool) -> None:  # noqa: FBT001
    """After every statement of an engine, before its rows are opened."""
    if executemany or context.is_crud or context.compiled is None or cursor.description is None:
        return
    if context.execution_options.get("stream_results"):
        return
    # Read here, and handed on: a cursor gives its rows once.
    rows = cursor.fetchall()
    context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=rows)
    if len(rows) > 1:
        sealed = (value for row in rows for value in row if isinstance(value, str) and value.startswith(PREFIX))
        VAULT.fetch({subject_of(text) for text in sealed})
