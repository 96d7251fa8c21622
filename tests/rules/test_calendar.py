"""Days as the associations write them: in Riyadh, Hijri (Umm al-Qura) beside Gregorian."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shared.language.calendar import both_calendars, hijri, riyadh_day


@pytest.mark.parametrize(
    ("gregorian", "expected"),
    [
        (date(2022, 11, 2), "1444-04-08"),  # as the consumers' association of Najran prints it
        (date(2023, 8, 10), "1445-01-23"),  # as Little Hearts of Makkah prints it
        (date(2023, 7, 19), "1445-01-01"),
        (date(2024, 3, 11), "1445-09-01"),
        (date(2025, 3, 30), "1446-10-01"),
        (date(2025, 6, 26), "1447-01-01"),
    ],
)
def test_known_days_in_both_calendars(gregorian: date, expected: str) -> None:
    assert hijri(gregorian) == expected


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 21, 20, 59, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 21, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 0, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 21, 23, 30, tzinfo=timezone(timedelta(hours=-5))), date(2026, 11, 22)),
        (datetime(2026, 12, 31, 21, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_riyadh(at: datetime, day: date) -> None:
    assert riyadh_day(at) == day


def test_both_calendars_name_the_same_day() -> None:
    assert both_calendars(datetime(2026, 11, 21, 20, 59, tzinfo=UTC)) == "1448-06-11هـ / 2026-11-21م"
    assert both_calendars(datetime(2026, 11, 21, 21, 0, tzinfo=UTC)) == "1448-06-12هـ / 2026-11-22م"


@pytest.mark.parametrize("day", [date(1924, 7, 31), date(2077, 11, 17)])
def test_a_day_outside_the_umm_al_qura_tables_is_said_to_be(day: date) -> None:
    with pytest.raises(OverflowError):
        hijri(day)
