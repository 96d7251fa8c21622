"""A place in a list that goes by an instant, and by the id where two have the same; and as an address holds it."""

from datetime import UTC, datetime, timedelta

Moment = tuple[datetime, str]
"""The instant and the id of the last row that was shown."""

BEGINNING: Moment = (datetime(1970, 1, 1, tzinfo=UTC), "")
WRITTEN = r"^([0-9]{1,17}\.[0-9A-Za-z-]{1,50})?$"
"""Microseconds since 1970, a dot and an id; nothing for the first page."""


def moment_in(after: str) -> Moment:
    """The place that an address names."""
    if not after:
        return BEGINNING
    passed, _, id_ = after.partition(".")
    return BEGINNING[0] + timedelta(microseconds=int(passed)), id_


def written(at: datetime, id_: str) -> str:
    """The same the other way."""
    return f"{(at - BEGINNING[0]) // timedelta(microseconds=1)}.{id_}"
