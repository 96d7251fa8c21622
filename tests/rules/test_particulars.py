"""What a person says of himself, as hands type it: taken in one form, or refused in kind words."""

from datetime import date

import pytest

from services.intake.domain.register.checked import (
    Birthday,
    Calendar,
    birthday_of,
    iban_of,
    mobile_of,
    name_of,
    short_address_of,
)
from shared.language import errors

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0555000111", "+966555000111"),
        ("٠٥٥٥٠٠٠١١١", "+966555000111"),
        ("۰۵۵۵۰۰۰۱۱۱", "+966555000111"),
        ("055 500 0111", "+966555000111"),
        ("055-500-0111", "+966555000111"),
        ("00966555000111", "+966555000111"),
        ("\u200e+966 55 500 0111", "+966555000111"),
        ("+971 55 500 0111", "+971555000111"),
    ],
)
def test_a_mobile_is_kept_in_one_form_however_it_is_typed(typed: str, kept: str) -> None:
    assert mobile_of(typed) == kept


@pytest.mark.parametrize("typed", ["", "05", "0115550001", "055500011x", "0520000000000", "هاتف", "0555FLOWERS", "📞"])
def test_what_is_no_mobile_is_refused(typed: str) -> None:
    with pytest.raises(errors.MobileWrong) as refused:
        mobile_of(typed)
    assert refused.value.field == "mobile"


@pytest.mark.parametrize(
    "typed", ["SA0380000000608010167519", "sa03 8000 0000 6080 1016 7519", "SA٠٣٨٠٠٠٠٠٠٠٦٠٨٠١٠١٦٧٥١٩"]
)
def test_an_account_is_kept_in_one_form_however_it_is_typed(typed: str) -> None:
    assert iban_of(typed) == "SA0380000000608010167519"


@pytest.mark.parametrize(
    "typed",
    ["SA0380000000608010167518", "SA038000000060801016751", "0380000000608010167519", "DE89370400440532013000", "x"],
)
def test_what_is_no_saudi_account_is_refused(typed: str) -> None:
    with pytest.raises(errors.IbanWrong):
        iban_of(typed)


@pytest.mark.parametrize("typed", ["RRRD1234", "rrrd1234", "RRRD ١٢٣٤", " rrrd1234 "])
def test_a_short_address_is_kept_in_one_form(typed: str) -> None:
    assert short_address_of(typed) == "RRRD1234"


@pytest.mark.parametrize("typed", ["RRR1234", "RRRD123", "1234RRRD", "رررد1234", "RRRD12345", "RRRD1234\nX"])
def test_what_is_no_short_address_is_refused(typed: str) -> None:
    with pytest.raises(errors.ShortAddressWrong):
        short_address_of(typed)


@pytest.mark.parametrize(
    ("day", "calendar", "born"),
    [
        ("1989-12-11", Calendar.GREGORIAN, date(1989, 12, 11)),
        ("١٩٨٩/١٢/١١", Calendar.GREGORIAN, date(1989, 12, 11)),
        ("1410-05-12", Calendar.HIJRI, date(1989, 12, 10)),
        ("1448-06-12", Calendar.HIJRI, date(2026, 11, 22)),
        ("2026-11-22", Calendar.GREGORIAN, TODAY),
    ],
)
def test_a_birthday_is_taken_in_either_calendar(day: str, calendar: Calendar, born: date) -> None:
    assert birthday_of(Birthday(day=day, calendar=calendar), today=TODAY) == born


@pytest.mark.parametrize(
    ("day", "calendar"),
    [
        ("2026-11-23", Calendar.GREGORIAN),
        ("1448-06-13", Calendar.HIJRI),
        ("2025-02-29", Calendar.GREGORIAN),
        ("1410-13-01", Calendar.HIJRI),
        ("1200-01-01", Calendar.HIJRI),
        ("1890-01-01", Calendar.GREGORIAN),
        ("1410-05-12", Calendar.GREGORIAN),
    ],
)
def test_a_birthday_to_come_or_on_no_day_is_refused(day: str, calendar: Calendar) -> None:
    with pytest.raises(errors.BirthdayWrong) as refused:
        birthday_of(Birthday(day=day, calendar=calendar), today=TODAY)
    assert refused.value.field == "birthday"


def test_a_name_of_three_hundred_letters_is_taken_and_one_more_is_told_in_letters() -> None:
    assert name_of("ن" * 300) == "ن" * 300
    with pytest.raises(errors.NameTooLong) as refused:
        name_of("ن" * 301)
    assert "301" in refused.value.sentence("ar")


@pytest.mark.parametrize("typed", ["نورة 🙂", "👨‍👩‍👧", "نورة ❤️", "نورة $", "a\u0000b", "نورة ☪"])
def test_signs_and_emoji_in_a_name_are_refused_kindly(typed: str) -> None:
    with pytest.raises(errors.NameUnwritable):
        name_of(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  نورة   بنت سالم ", "نورة بنت سالم"),
        ("عبدالرحمٰن آل سعود", "عبدالرحمٰن آل سعود"),
        ("Anne-Marie O'Neil", "Anne-Marie O'Neil"),
    ],
)
def test_a_name_is_kept_as_it_is_written_with_single_blanks(typed: str, kept: str) -> None:
    assert name_of(typed) == kept
