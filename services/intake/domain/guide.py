"""Common answers: staff words that explain the rules, in which no person stands (`goal.answers`)."""

import re
from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.people import check_national_id, western
from shared.language import errors
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped

_TEN_DIGITS = re.compile(r"(?<!\d)[12]\d{9}(?!\d)")
_NAMES_SOMEBODY = (
    re.compile(r"(?<!\d)(?:\+?966|00966|0)5\d{8}(?!\d)"),
    re.compile(r"SA\d{22}", re.IGNORECASE),
    re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    re.compile(r"(?<![A-Z])[A-Z]{3}-?\d{4}-?\d{4,9}", re.IGNORECASE),
)
_BETWEEN_DIGITS = re.compile(r"(?<=[\d+])[ \-\u200e\u200f](?=\d)")


class GuideEntry(IntakeTable, table=True):
    """A question that many ask and the answer for all of them; found by staff once a second person approved it."""

    __tablename__ = "guide_entries"
    __table_args__ = (Index("guide_entries_page", "association_id", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    service_id: str | None = None
    question: str
    answer: str
    written_by: str
    written_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    taken_back_by: str | None = None
    taken_back_at: datetime | None = None

    def approve(self, *, by: str, at: datetime) -> None:
        """Raises `OwnWords`, or `GuideEntryNotOpen` for one that is approved or taken back."""
        if self.approved_at is not None or self.taken_back_at is not None:
            raise errors.GuideEntryNotOpen
        if by == self.written_by:
            raise errors.OwnWords
        self.approved_by, self.approved_at = by, at

    def take_back(self, *, by: str, at: datetime) -> None:
        """It holds no more. Raises `GuideEntryNotOpen` where it was taken back before."""
        if self.taken_back_at is not None:
            raise errors.GuideEntryNotOpen
        self.taken_back_by, self.taken_back_at = by, at


def check_names_nobody(text: str, *, field: str) -> None:
    """Raises `PersonInGuide` for an id, a mobile, an account, an address or a request's number."""
    plain = _BETWEEN_DIGITS.sub("", str(western(text)))
    if any(pattern.search(plain) for pattern in _NAMES_SOMEBODY) or any(map(_is_id, _TEN_DIGITS.findall(plain))):
        raise errors.PersonInGuide(field=field)


def _is_id(digits: str) -> bool:
    try:
        check_national_id(digits)
    except errors.NationalIdWrong:
        return False
    return True
