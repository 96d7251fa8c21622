"""The second factor: codes of an authenticator (TOTP, RFC 6238) or by SMS, and recovery codes for a bad day."""

import hashlib
from datetime import datetime
from hmac import compare_digest
from secrets import choice

import pyotp
from sqlmodel import Field

from services.intake.domain.accounts.staff import Staff
from services.intake.domain.accounts.texted_code import TextedCode
from services.intake.domain.base import IntakeTable
from services.intake.domain.people import WESTERN_DIGITS
from shared.language.errors import SecondFactorNotBegun, SecondFactorThere, SecondFactorWrong
from shared.plumbing.origin import new_id
from shared.plumbing.scope import within

STEP_SECONDS = 30
CLOCKS_APART = 1
"""How many steps before and after ours a code may be of."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class RecoveryCode(IntakeTable, table=True):
    """One way in without the authenticator, once. 59 random bits: a plain hash keeps it."""

    __tablename__ = "recovery_codes"
    __table_args__ = within("staff", by="person_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="staff.id", index=True)
    code_hash: str
    used_at: datetime | None = None


def begin(staff: Staff) -> str:
    """A new secret, in force once it is confirmed. Raises `SecondFactorThere`."""
    if staff.has_second_factor:
        raise SecondFactorThere
    staff.totp_secret = pyotp.random_base32()
    return staff.totp_secret


def address_of(staff: Staff, *, association: str) -> str:
    """What an authenticator reads from a picture."""
    return pyotp.TOTP(staff.totp_secret or "").provisioning_uri(
        name=staff.user_name, issuer_name=f"Athar {association}"
    )


def confirm(
    staff: Staff, code: str, *, texted: TextedCode | None, at: datetime
) -> tuple[list[str], list[RecoveryCode]]:
    """Put the second factor in force; the recovery codes to show once, and to keep.

    Raises `SecondFactorNotBegun`, `SecondFactorThere` or `SecondFactorWrong`.
    """
    if staff.has_second_factor:
        raise SecondFactorThere
    if staff.totp_secret is None and (texted is None or texted.mobile is None):
        raise SecondFactorNotBegun
    if _fits(staff, code, at=at):
        staff.totp_confirmed_at = at
    elif texted is not None and texted.take(code, mobile=texted.mobile, at=at):
        staff.mobile, staff.mobile_confirmed_at = texted.mobile, at
    else:
        raise SecondFactorWrong(field="code")
    shown = ["-".join("".join(choice(_LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    return shown, [RecoveryCode(person_id=staff.id, code_hash=_hash(code)) for code in shown]


def take_code(staff: Staff, code: str, *, at: datetime) -> bool:
    """Whether it is a code of the authenticator that is in force, of about now, and none of its step was taken yet."""
    return staff.totp_confirmed_at is not None and _fits(staff, code, at=at)


def _fits(staff: Staff, code: str, *, at: datetime) -> bool:
    if staff.totp_secret is None:
        return False
    digits = code.translate(WESTERN_DIGITS).replace(" ", "")
    now = int(at.timestamp()) // STEP_SECONDS
    codes = pyotp.TOTP(staff.totp_secret)
    for step in range(max(now - CLOCKS_APART, staff.totp_last_step + 1), now + CLOCKS_APART + 1):
        if compare_digest(codes.generate_otp(step).encode(), digits.encode()):
            staff.totp_last_step = step
            return True
    return False


def take_recovery_code(codes: list[RecoveryCode], code: str, *, at: datetime) -> bool:
    """Whether it is one of the recovery codes that was not used; it is used now."""
    hashed = _hash(code)
    for kept in codes:
        if kept.used_at is None and compare_digest(kept.code_hash, hashed):
            kept.used_at = at
            return True
    return False


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
