"""What a person says of himself, as hands type it, made into the one form that is kept; or refused in kind words."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated

import phonenumbers
from hijridate import Hijri
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from services.intake.domain.people import western
from shared.language import errors

LONGEST_NAME = 300
OLDEST_YEARS = 130
_SIGNS = frozenset({"So", "Sk", "Sm", "Sc", "Cc", "Co", "Cn", "Cs"})
_SAUDI_IBAN = re.compile(r"^SA[0-9]{2}[0-9A-Z]{20}$")
_SHORT_ADDRESS = re.compile(r"^[A-Z]{4}[0-9]{4}$")
_BLANKS = re.compile(r"[\s\u200e\u200f\u2066-\u2069]+")


class Calendar(StrEnum):
    """In which calendar a day was said."""

    GREGORIAN = "gregorian"
    HIJRI = "hijri"


class Birthday(BaseModel):
    """A birthday as it stands in the id card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: Annotated[str, BeforeValidator(western), StringConstraints(pattern=r"^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}$")]
    calendar: Calendar = Calendar.GREGORIAN


def name_of(typed: str, *, field: str = "name") -> str:
    """The name with single blanks. Raises `NameUnwritable` for signs and emoji, or `NameTooLong`."""
    name = _BLANKS.sub(" ", typed).strip()
    if any(unicodedata.category(letter) in _SIGNS for letter in name):
        raise errors.NameUnwritable(field=field)
    if not 2 <= len(name) <= LONGEST_NAME:
        raise errors.NameTooLong(field=field, most=LONGEST_NAME, length=len(name))
    return name


def mobile_of(typed: str, *, field: str = "mobile") -> str:
    """A mobile in E.164, a Saudi one where no country is said. Raises `MobileWrong`."""
    plain = _BLANKS.sub("", str(western(typed)))
    try:
        number = phonenumbers.parse(plain, "SA")
    except phonenumbers.NumberParseException:
        raise errors.MobileWrong(field=field) from None
    kind = phonenumbers.number_type(number)
    reached = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    if kind not in reached or re.search("[A-Za-z]", plain):
        raise errors.MobileWrong(field=field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def iban_of(typed: str, *, field: str = "iban") -> str:
    """The account at a Saudi bank by which he is paid (ISO 13616). Raises `IbanWrong`."""
    plain = _BLANKS.sub("", str(western(typed))).upper()
    if not _SAUDI_IBAN.match(plain):
        raise errors.IbanWrong(field=field)
    try:
        return str(IBAN(plain).compact)
    except SchwiftyException:
        raise errors.IbanWrong(field=field) from None


def short_address_of(typed: str, *, field: str = "short_address") -> str:
    """Saudi Post's short national address. Raises `ShortAddressWrong`."""
    plain = _BLANKS.sub("", str(western(typed))).upper()
    if not _SHORT_ADDRESS.match(plain):
        raise errors.ShortAddressWrong(field=field)
    return plain


def birthday_of(said: Birthday, *, today: date, field: str = "birthday") -> date:
    """The day in the Gregorian calendar. Raises `BirthdayWrong`."""
    year, month, day = map(int, re.split("[-/]", said.day))
    try:
        if said.calendar is Calendar.HIJRI:
            # The Umm al-Qura tables know how long each month was (1343 to 1500 AH).
            born = date.fromisoformat(Hijri(year, month, day).to_gregorian().isoformat())
        else:
            born = date(year, month, day)
    except (ValueError, OverflowError):
        raise errors.BirthdayWrong(field=field, years=OLDEST_YEARS) from None
    if not today.year - OLDEST_YEARS <= born.year or born > today:
        raise errors.BirthdayWrong(field=field, years=OLDEST_YEARS)
    return born
