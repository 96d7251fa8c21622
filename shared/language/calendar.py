"""Days as the associations write them: in Riyadh, in both calendars (Umm al-Qura and Gregorian)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hijridate import Gregorian

RIYADH = ZoneInfo("Asia/Riyadh")


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
