"""Real servers for the tests of who may see and do what."""

from tests.harness.containers import postgres_server

__all__ = ["postgres_server"]
