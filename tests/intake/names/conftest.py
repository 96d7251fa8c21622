"""A PostgreSQL server for the tests that need one."""

from tests.harness.containers import postgres_server

__all__ = ["postgres_server"]
