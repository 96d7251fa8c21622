"""Days as Excel keeps them: a count from the end of 1899, with a 29 February 1900 that never was."""

import re
from datetime import date, datetime, timedelta
from math import isfinite

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
FIRST_RIGHT = 61
"""1 March 1900: from here on Excel's count is right."""
LAST = 2_958_465
"""The end of 9999."""
NOT_A_PLACE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def shows_a_day(code: str) -> bool:
    """Whether a format shows a day or a time: `yyyy/mm/dd`, and not `0.00 "days"`."""
    first = NOT_A_PLACE.sub("", code).split(";")[0].lower()
    return any(letter in first for letter in "ymdhs") and not any(letter in first for letter in "0#?")


def day_of(count: float, *, epoch_1904: bool) -> date | datetime | float:
    """The day, or the instant where it has a time; a count that no day has stays a figure."""
    if not isfinite(count) or not 0 < count <= LAST or (not epoch_1904 and count < FIRST_RIGHT):
        return count
    whole, rest = divmod(count, 1)
    seconds = round(rest * 86_400)
    try:
        at = (EPOCH_1904 if epoch_1904 else EPOCH) + timedelta(days=int(whole), seconds=seconds)
    except OverflowError:
        return count
    return at if seconds else at.date()


def count_of(day: date | datetime) -> float | None:
    """The count of a day or of an instant without a zone; `None` for one before Excel's count is right."""
    at = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001
    since = at - EPOCH
    count = since / timedelta(days=1)
    if count < FIRST_RIGHT:
        return None
    return since.days if isinstance(day, date) and not isinstance(day, datetime) else count
