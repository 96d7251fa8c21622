"""The places between two durable steps, by name, so that a test can stop the process at each of them.

In an installation nobody watches, and to reach one costs a call.
"""

from collections.abc import Callable
from enum import StrEnum


class StopPoint(StrEnum):
    """Before and after each commit, append, acknowledgement and mark."""

    REQUEST_BEFORE_COMMIT = "request.before_commit"
    REQUEST_AFTER_COMMIT = "request.after_commit"
    RELAY_BEFORE_APPEND = "relay.before_append"
    RELAY_AFTER_APPEND = "relay.after_append"
    RELAY_BEFORE_MARK = "relay.before_mark"
    RELAY_AFTER_MARK = "relay.after_mark"
    REWIND_BEFORE_COMMIT = "rewind.before_commit"
    REWIND_AFTER_COMMIT = "rewind.after_commit"
    INBOX_BEFORE_COMMIT = "inbox.before_commit"
    INBOX_BEFORE_ACK = "inbox.before_ack"
    INBOX_AFTER_ACK = "inbox.after_ack"
    CLAIM_BEFORE_COMMIT = "claim.before_commit"
    CLAIM_AFTER_COMMIT = "claim.after_commit"
    EFFECT_BEFORE_COMMIT = "effect.before_commit"
    EFFECT_AFTER_COMMIT = "effect.after_commit"
    FAILURE_BEFORE_COMMIT = "failure.before_commit"
    FAILURE_AFTER_COMMIT = "failure.after_commit"
    CALL_BEFORE = "call.before"
    CALL_AFTER = "call.after"


_watcher: Callable[[StopPoint], None] | None = None


def reach(point: StopPoint) -> None:
    """Say that the work at hand has come to `point`."""
    if _watcher is not None:
        _watcher(point)


def watch(watcher: Callable[[StopPoint], None] | None) -> None:
    """Have `watcher` called at every point that this process reaches; `None` ends it. For tests."""
    global _watcher
    _watcher = watcher
