"""Days as the associations write them: in Riyadh, in both calendars (Umm al-Qura and Gregorian)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hijridate import Gregorian

RIYADH = ZoneInfo("Asia/Riyadh")
_WEEKEND = frozenset({4, 5})
"""Friday and Saturday."""
_EVES = frozenset({"09-29", "12-08"})
"""Month and day in the Umm al-Qura calendar: four days after each are al-Fitr, and al-Adha with the day of Arafah."""
_NATIONAL = frozenset({(2, 22), (9, 23)})
"""Founding Day and National Day, in the Gregorian calendar."""


def riyadh_day(at: datetime) -> date:
    """The day in Riyadh at this instant."""
    return at.astimezone(RIYADH).date()


def hijri(day: date) -> str:
    """The day in the Umm al-Qura calendar, as `1448-06-11`. Raises `OverflowError` outside 1343–1500 AH."""
    return Gregorian(day.year, day.month, day.day).to_hijri().isoformat()


def in_both_calendars(day: date) -> bool:
    """Whether the Umm al-Qura tables reach this day (1343–1500 AH)."""
    try:
        hijri(day)
    except OverflowError:
        return False
    return True


def both_calendars(at: datetime) -> str:
    """The day of an instant in both calendars: `1448-06-11هـ / 2026-11-21م`."""
    day = riyadh_day(at)
    return f"{hijri(day)}هـ / {day.isoformat()}م"


def short_day(day: date, *, language: str) -> str:
    """`1448/06/11هـ – 2026/11/21م`. Slashes: between Arabic letters 2026-11-21 would be turned around."""
    here = day.isoformat().replace("-", "/")
    if not in_both_calendars(day):
        return here
    there = hijri(day).replace("-", "/")
    return f"{there}هـ – {here}م" if language == "ar" else f"{here} ({there} AH)"


def is_working_day(day: date) -> bool:
    """Whether an association's office is open: Sunday to Thursday, but for the feasts and the two national days.

    The days are those of the Implementing Regulations of the Labour Law (holidays of feasts and occasions). The feasts
    go by the printed Umm al-Qura tables, so a sighted moon can move them by a day; days given in place of a holiday
    that fell on a weekend are not known here.
    """
    if day.weekday() in _WEEKEND or (day.month, day.day) in _NATIONAL:
        return False
    before = [day - timedelta(days=days) for days in range(1, 5)]
    return not any(in_both_calendars(eve) and hijri(eve)[5:] in _EVES for eve in before)
