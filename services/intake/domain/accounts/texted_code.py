"""A code by SMS: six digits, five minutes, five tries, and no more of them than a person needs."""

from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import randbelow

from sqlmodel import Field

from services.intake.domain.accounts.staff import Staff
from services.intake.domain.base import IntakeTable
from services.intake.domain.people import WESTERN_DIGITS
from shared.language.errors import TooManyRequests
from shared.language.events import SignInCodeMade
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import RING, SealedColumn, seal

DIGITS, TRIES = 6, 5
LASTS, BETWEEN, WINDOW = timedelta(minutes=5), timedelta(minutes=1), timedelta(hours=1)
IN_A_WINDOW = 5
"""Codes an hour: each costs the association a message, and gives a thief of the password five guesses."""


class TextedCode(IntakeTable, table=True):
    """The newest code of a person: one before it is worth nothing. Kept as a keyed hash; a million are soon tried."""

    __tablename__ = "texted_codes"
    __table_args__ = scoped()

    person_id: str = Field(primary_key=True, foreign_key="staff.id")
    association_id: str
    code_id: str = ""
    code_hash: str | None = None
    mobile: str | None = Field(default=None, sa_type=SealedColumn)
    """Where it went: a number becomes a second factor only by a code that came to it."""
    sent_at: datetime | None = None
    wrong: int = 0
    window_began_at: datetime
    sent_in_window: int = 0

    def make(self, mobile: str, *, at: datetime) -> SignInCodeMade:
        """A new code for `mobile`. Raises `TooManyRequests`."""
        if at >= self.window_began_at + WINDOW:
            self.window_began_at, self.sent_in_window = at, 0
        waits = [self.sent_at + BETWEEN] if self.sent_at else []
        waits += [self.window_began_at + WINDOW] if self.sent_in_window >= IN_A_WINDOW else []
        if (until := max(waits, default=at)) > at:
            raise TooManyRequests(seconds=max(1, round((until - at).total_seconds())))
        code = f"{randbelow(10**DIGITS):0{DIGITS}}"
        self.code_id, self.mobile, self.sent_at, self.wrong = new_id(), mobile, at, 0
        self.code_hash = self._hash(code)
        self.sent_in_window += 1
        return SignInCodeMade(
            association_id=self.association_id,
            person_id=self.person_id,
            code_id=self.code_id,
            mobile=seal(mobile),
            code=seal(code),
            ends_at=at + LASTS,
        )

    def take(self, code: str, *, mobile: str | None, at: datetime) -> bool:
        """Whether it is the code that went to `mobile`; it is used now, and a wrong one counts."""
        if self.code_hash is None or self.sent_at is None or at >= self.sent_at + LASTS or self.wrong >= TRIES:
            return False
        if mobile is None or self.mobile != mobile:
            return False
        digits = code.translate(WESTERN_DIGITS).replace(" ", "")
        if not compare_digest(self.code_hash, self._hash(digits)):
            self.wrong += 1
            return False
        self.code_hash = None
        return True

    def _hash(self, code: str) -> str:
        return RING.index(f"texted code\n{self.code_id}\n{code}")


def new_texted_code(staff: Staff, *, at: datetime) -> TextedCode:
    return TextedCode(person_id=staff.id, association_id=staff.association_id, window_began_at=at)
