"""Days and instants as pages show them: in Riyadh, Hijri beside Gregorian, formatted on the server alone.

A browser's own `ar-SA` would print other digits than the server does.
"""

from datetime import date, datetime

from babel.dates import format_date
from hijridate import Gregorian
from markupsafe import Markup

from shared.language import calendar
from shared.language.calendar import RIYADH, in_both_calendars, riyadh_day
from shared.ui.language import Language


def long_day(day: date, *, language: Language) -> Markup:
    """`الثلاثاء 14 جمادى الآخرة 1448هـ الموافق 24 نوفمبر 2026م`."""
    here = format_date(day, "d MMMM y", locale=language.value)
    week_day = format_date(day, "EEEE", locale=language.value)
    if not in_both_calendars(day):
        return _time(day.isoformat(), f"{week_day} {here}")
    there = Gregorian(day.year, day.month, day.day).to_hijri()
    hijri_words = f"{there.day} {there.month_name(language.value)} {there.year}"
    if language is Language.ARABIC:
        return _time(day.isoformat(), f"{week_day} {hijri_words}هـ الموافق {here}م")
    return _time(day.isoformat(), f"{week_day} {here} ({hijri_words} AH)")


def short_day(day: date, *, language: Language) -> Markup:
    """`1448/06/14هـ – 2026/11/24م`."""
    return _time(day.isoformat(), calendar.short_day(day, language=language))


def instant(at: datetime, *, language: Language) -> Markup:
    """The day in both calendars and the time of day in Riyadh."""
    local = at.astimezone(RIYADH)
    return _time(
        local.isoformat(timespec="seconds"), f"{calendar.short_day(riyadh_day(at), language=language)} · {local:%H:%M}"
    )


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)
