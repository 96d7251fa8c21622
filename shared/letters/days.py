"""Days as a letter writes them: the Umm al-Qura calendar first, the Gregorian beside it."""

from datetime import date

from hijridate import Gregorian

from shared.language.calendar import in_both_calendars
from shared.letters.letter import Language

GREGORIAN_MONTHS: dict[Language, tuple[str, ...]] = {
    "ar": (
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def gregorian_words(day: date, *, language: Language) -> str:
    """`24 نوفمبر 2026م`, `24 November 2026`."""
    return f"{day.day} {GREGORIAN_MONTHS[language][day.month - 1]} {day.year}{'م' if language == 'ar' else ''}"


def hijri_words(day: date, *, language: Language) -> str | None:
    """`14 جمادى الآخرة 1448هـ`, `14 Jumada al-Akhirah 1448 AH`; `None` where the tables do not reach."""
    if not in_both_calendars(day):
        return None
    in_hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    era = "هـ" if language == "ar" else " AH"
    return f"{in_hijri.day} {in_hijri.month_name(language)} {in_hijri.year}{era}"


def day_in_words(day: date, *, language: Language) -> str:
    """The day in both calendars, for the middle of a sentence."""
    both = [hijri_words(day, language=language), gregorian_words(day, language=language)]
    return (" الموافق " if language == "ar" else ", ").join(filter(None, both))
