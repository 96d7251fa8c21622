"""A place in a list that goes by an instant, and by the id where two have the same."""

from datetime import UTC, datetime

Moment = tuple[datetime, str]
"""The instant and the id of the last row that was shown."""

BEGINNING: Moment = (datetime(1970, 1, 1, tzinfo=UTC), "")
