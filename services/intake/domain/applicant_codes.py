"""A code by SMS for an applicant: six digits, five minutes, five tries, bound to what he does with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import randbelow

from sqlalchemy import Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.people import WESTERN_DIGITS, Contact
from shared.language.events import ApplicantCodeMade, CodePurpose
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import RING, seal

DIGITS, TRIES = 6, 5
LASTS, BETWEEN, WINDOW = timedelta(minutes=5), timedelta(minutes=1), timedelta(hours=1)
IN_A_WINDOW = 5
"""Codes an hour for one case: each costs the association a message, and gives a stranger five guesses."""
NO_HASH = "0" * 48


class ApplicantCode(IntakeTable, table=True):
    """A code that somebody asked for. One that was asked for in vain is a row like any other, and opens nothing.

    Kept as a keyed hash, and without a word about anybody; taken away once the hour of its pace is over.
    """

    __tablename__ = "applicant_codes"
    __table_args__ = (Index("applicant_codes_of_case", "case_id", "purpose", "id"), scoped(case="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    case_id: str = ""
    """Empty until it is known that what was asked fits a case, and for ever where it does not."""
    purpose: CodePurpose = Field(sa_type=coded(CodePurpose))
    bound_to: str = ""
    """A digest of what is signed with it; empty where nothing is."""
    code_hash: str | None = None
    asked_at: datetime
    sent_at: datetime | None = None
    wrong: int = 0

    @property
    def ends_at(self) -> datetime:
        return self.asked_at + LASTS

    def make(self, contact: Contact, *, subject_id: str | None, at: datetime) -> ApplicantCodeMade | None:
        """A code to his mobile; nothing where his file knows none."""
        if contact.mobile is None:
            return None
        code = f"{randbelow(10**DIGITS):0{DIGITS}}"
        self.code_hash, self.sent_at = self._hash(code), at
        return ApplicantCodeMade(
            association_id=self.association_id,
            code_id=self.id,
            subject_id=subject_id,
            purpose=self.purpose,
            language=contact.language,
            mobile=seal(contact.mobile, subject=subject_id),
            code=seal(code, subject=subject_id),
            ends_at=self.ends_at,
        )

    def take(self, code: str, *, bound_to: str = "", at: datetime) -> bool:
        """Whether it is this code, for what it was made for; it is used now, and a wrong one counts.

        The same is done for a row without a code: how long it takes tells nobody that there is none.
        """
        digits = code.translate(WESTERN_DIGITS).replace(" ", "")
        fits = compare_digest(self.code_hash or NO_HASH, self._hash(digits, bound_to=bound_to))
        if fits and self.code_hash is not None and at < self.ends_at and self.wrong < TRIES:
            self.code_hash = None
            return True
        self.wrong += 1
        return False

    def _hash(self, code: str, *, bound_to: str | None = None) -> str:
        bound = self.bound_to if bound_to is None else bound_to
        return RING.index(f"applicant code\n{self.purpose}\n{self.id}\n{bound}\n{code}")


def wait_before_another(codes: Sequence[ApplicantCode], *, at: datetime) -> timedelta:
    """How long until one more may be sent, by those that were sent for the case and purpose; the newest first."""
    sent = [code.sent_at for code in codes if code.sent_at is not None and code.sent_at > at - WINDOW]
    waits = [sent[0] + BETWEEN] if sent else []
    waits += [sent[-1] + WINDOW] if len(sent) >= IN_A_WINDOW else []
    return max(max(waits, default=at) - at, timedelta())
