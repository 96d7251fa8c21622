"""Tries that failed, and for how long an account is closed after them."""

from datetime import datetime, timedelta

from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.plumbing.scope import unscoped

FREE = 5
"""Tries before the first wait."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)
NOBODYS = 1024
"""Names that nobody has share so many counters: they cost the same work as an account's, and never grow."""


class SignInTries(IntakeTable, table=True):
    """How often in a row somebody failed to sign in to an account; of a name that nobody has, of its counter."""

    __tablename__ = "sign_in_tries"
    __table_args__ = unscoped("counts tries at names that nobody has as well, and these are in no association")

    account: str = Field(primary_key=True)
    failures: int = 0
    locked_until: datetime | None = None
    last_at: datetime

    def is_locked(self, *, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until

    def fail(self, *, at: datetime) -> None:
        """One more; while it is closed none counts, so that nobody can keep another out for ever."""
        if self.is_locked(at=at):
            return
        self.failures = 1 if at - self.last_at > FORGOTTEN_AFTER else self.failures + 1
        self.last_at = at
        self.locked_until = at + wait_after(self.failures) if self.failures >= FREE else None

    def succeed(self, *, at: datetime) -> None:
        self.failures, self.locked_until, self.last_at = 0, None, at


def wait_after(failures: int) -> timedelta:
    """Half a minute after the fifth, then twice as long each time, up to an hour."""
    doubled: int = 2 ** min(failures - FREE, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)
