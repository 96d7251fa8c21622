"""Intake at work, whose trail is looked at."""

from tests.harness.containers import postgres_server
from tests.intake.conftest import intake, kharj, migrated_intake, office
from tests.plumbing.conftest import database_url, postgres_url, sqlite_file

__all__ = [
    "database_url",
    "intake",
    "kharj",
    "migrated_intake",
    "office",
    "postgres_server",
    "postgres_url",
    "sqlite_file",
]
