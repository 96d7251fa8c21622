"""PostgreSQL hears whose rows a transaction may touch in the same trip as its BEGIN."""

from typing import Any

from asyncpg import Connection  # type: ignore[import-untyped]

from shared.plumbing.scope import SETTINGS


class ScopedConnection(Connection):  # type: ignore[misc]
    """A connection that is told the scope before each transaction, and says it once, until the transaction's end."""

    scope: tuple[str, ...] | None = None

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 - as asyncpg has it
        if self.scope is not None and not args and query.startswith("BEGIN"):
            settings = zip(SETTINGS, self.scope, strict=True)
            said = ", ".join(f"set_config('{name}', {_quoted(value)}, true)" for name, value in settings)
            query, self.scope = f"{query} SELECT {said};", None
        status: str = await super().execute(query, *args, timeout=timeout)
        return status


def _quoted(value: str) -> str:
    # The simple protocol takes no parameters. With `standard_conforming_strings`, PostgreSQL's default, no other
    # letter than the quote means anything within quotes.
    return "'" + value.replace("'", "''") + "'"
