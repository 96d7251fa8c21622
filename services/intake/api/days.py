"""Days that a person types of what has happened already."""

from datetime import date, datetime

from shared.language.calendar import riyadh_day
from shared.language.errors import Malformed


def check_day_has_come(day: date, *, field: str, now: datetime) -> None:
    """Raises `Malformed` for a day that lies after today in Riyadh."""
    if day > riyadh_day(now):
        refusal = Malformed(field=field, name=field, why="this day has not come yet")
        refusal.facts_ar = {"why": "هذا اليوم لم يأتِ بعد"}
        raise refusal
