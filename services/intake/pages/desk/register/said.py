"""What a form says of a person: his number, his birthday, and what stands beside them."""

import re

from services.intake.domain.register.checked import Birthday, Calendar
from services.intake.domain.register.particulars import MaritalStatus
from services.intake.pages.desk.fields import NO_DAY, Fields
from services.intake.use_cases.register.register_person import Particulars
from shared.ui.forms import FIRST_GREGORIAN_YEAR, Form, western
from shared.ui.language import mark

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NO_EMAIL = mark("Write an e-mail address, for example name@example.org.")
LONGEST_EMAIL = 254


def digits_of(typed: str) -> str:
    """A number as it is kept: Western digits without blanks."""
    return "".join(western(typed).split())


def email_in(fields: Fields, name: str) -> str | None:
    value = fields.optional(name, longest=LONGEST_EMAIL)
    if value is not None and not EMAIL.fullmatch(value):
        fields.say(name, NO_EMAIL)
    return value


def birthday_in(fields: Fields, name: str) -> Birthday | None:
    """The birthday in the calendar in which it was said: a year before 1600 is a Hijri one."""
    form = Form(fields.values)
    year, month, day = (western(form.value(f"{name}_{part}")).strip() for part in ("year", "month", "day"))
    if not (year or month or day):
        return None
    if not (re.fullmatch("[0-9]{4}", year) and all(re.fullmatch("[0-9]{1,2}", part) for part in (month, day))):
        fields.say(name, NO_DAY)
        return None
    calendar = Calendar.HIJRI if int(year) < FIRST_GREGORIAN_YEAR else Calendar.GREGORIAN
    return Birthday(day=f"{year}-{month}-{day}", calendar=calendar)


def particulars_in(fields: Fields) -> Particulars:
    """What was typed beside name and numbers; what was left empty is not said."""
    marital = fields.optional("marital_status")
    if marital:
        marital = fields.choice("marital_status", list(MaritalStatus))
    return Particulars(
        birthday=birthday_in(fields, "birthday"),
        iban=fields.optional("iban"),
        short_address=fields.optional("short_address"),
        marital_status=MaritalStatus(marital) if marital in set(MaritalStatus) else None,
    )
