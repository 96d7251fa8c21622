"""Real servers for the tests that need one."""

from tests.harness.containers import postgres_server, redis_server

__all__ = ["postgres_server", "redis_server"]
