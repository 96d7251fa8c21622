"""The `after` of a list that goes by an instant, as an address holds it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from services.intake.store.moments import BEGINNING, Moment

AfterMoment = Annotated[str, Query(max_length=100, pattern=r"^([0-9]{1,17}\.[0-9A-Za-z-]{1,50})?$")]
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
