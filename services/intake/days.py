"""Days that a person types: of what has happened already, and of what is planned."""

from datetime import date, datetime, timedelta

from shared.language.calendar import riyadh_day
from shared.language.errors import Malformed
from shared.language.events import Reception

CLOCKS_DIFFER_BY = timedelta(minutes=10)
LONGEST_RECEPTION = timedelta(hours=12)
PLANNED_WITHIN = timedelta(days=366)
"""Further ahead nobody plans: it is a slip of the year, and the beneficiary is told of the day."""


def check_day_has_come(day: date, *, field: str, now: datetime) -> None:
    """Raises `Malformed` for a day that lies after today in Riyadh."""
    if day > riyadh_day(now):
        refusal = Malformed(field=field, name=field, why="this day has not come yet")
        refusal.facts_ar = {"why": "هذا اليوم لم يأتِ بعد"}
        raise refusal


def check_day_is_ahead(day: date, *, field: str, now: datetime) -> None:
    """Raises `Malformed` for a day that is over in Riyadh."""
    if day < riyadh_day(now):
        refusal = Malformed(field=field, name=field, why="this day is over")
        refusal.facts_ar = {"why": "هذا اليوم مضى"}
        raise refusal


def check_day_is_planned(day: date, *, field: str, now: datetime) -> None:
    """Raises `Malformed` for a day that is over in Riyadh, or more than a year ahead."""
    check_day_is_ahead(day, field=field, now=now)
    if day > riyadh_day(now) + PLANNED_WITHIN:
        refusal = Malformed(field=field, name=field, why="this day is more than a year ahead")
        refusal.facts_ar = {"why": "هذا اليوم بعد أكثر من سنة"}
        raise refusal


def check_reception(reception: Reception, *, now: datetime) -> None:
    """Raises `Malformed` for a reception that lies ahead, or took longer than an office is open."""
    if reception.ended_at > now + CLOCKS_DIFFER_BY or reception.ended_at - reception.started_at > LONGEST_RECEPTION:
        refusal = Malformed(field="reception", name="reception", why="it lies ahead, or took longer than half a day")
        refusal.facts_ar = {"why": "في المستقبل أو أطول من نصف يوم"}
        raise refusal
