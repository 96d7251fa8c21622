"""Made-up people. Nobody of these names and numbers is meant."""

from dataclasses import dataclass
from itertools import count

FIRST = ("نورة", "سالم", "فاطمة", "عبدالله", "هند", "محمد", "ريم", "خالد", "مريم", "يوسف", "سارة", "إبراهيم")
LAST = ("الحربي", "العتيبي", "القحطاني", "الشمري", "الزهراني", "الغامدي", "المالكي")

_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """An applicant of the demonstration."""

    national_id: str
    name: str
    mobile: str
    email: str | None

    @property
    def media(self) -> int:
        """By how many ways he is reached."""
        return 2 if self.email else 1


def national_id(number: int) -> str:
    """A ten-digit id with its check digit."""
    body = f"1{number:08d}"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(body))
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def next_person() -> Person:
    """Somebody new."""
    number = next(_numbers)
    return Person(
        national_id=national_id(number),
        name=f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}",
        mobile=f"05500{number:05d}",
        email=f"person{number}@example.org" if number % 2 else None,
    )
