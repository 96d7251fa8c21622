"""Beneficiaries, and what makes their particulars right."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language.errors import NationalIdWrong
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import SealedColumn

WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def western(text: object) -> object:
    """Digits as people type them, Arabic-Indic or Persian, as the ones that are stored."""
    return text.translate(WESTERN_DIGITS).strip() if isinstance(text, str) else text


def international(mobile: str) -> str:
    """A Saudi mobile in E.164: `05…` becomes `+9665…`."""
    return "+966" + mobile[-9:]


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
Mobile = Annotated[
    str,
    BeforeValidator(western),
    StringConstraints(pattern=r"^(\+966|00966|966|0)?5[0-9]{8}$"),
    AfterValidator(international),
]
Digits = Annotated[str, BeforeValidator(western), StringConstraints(max_length=20)]


class Applicant(BaseModel):
    """Who asks, and how he is reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    national_id: Digits
    name: Name
    mobile: Mobile | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)] | None = None
    language: Annotated[str, StringConstraints(pattern="^(ar|en)$")] = "ar"


class Contact(BaseModel):
    """What the messenger needs of a person, and nothing else."""

    name: str
    mobile: str | None
    email: str | None
    language: str


def check_national_id(number: str) -> None:
    """Ten digits, from 1 (citizen) or 2 (resident), with the check digit of the Luhn formula (ISO/IEC 7812-1 B).

    Raises `NationalIdWrong`.
    """
    if len(number) != 10 or not number.isascii() or not number.isdigit() or number[0] not in "12":
        raise NationalIdWrong(field="applicant.national_id")
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(number))
    if sum(value // 10 + value % 10 for value in doubled) % 10:
        raise NationalIdWrong(field="applicant.national_id")


class Beneficiary(IntakeTable, table=True):
    """A person who asked an association for help. One file a person and association."""

    __tablename__ = "beneficiaries"
    __table_args__ = (UniqueConstraint("association_id", "national_id_index"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    national_id_index: str
    national_id: str = Field(sa_type=SealedColumn)
    name: str = Field(sa_type=SealedColumn)
    mobile: str | None = Field(default=None, sa_type=SealedColumn)
    email: str | None = Field(default=None, sa_type=SealedColumn)
    language: str
    opened_at: datetime

    def update(self, applicant: Applicant) -> None:
        """Take what he says of himself today; what he leaves out stays as it was."""
        self.name, self.language = applicant.name, applicant.language
        self.mobile = applicant.mobile or self.mobile
        self.email = applicant.email or self.email

    @property
    def contact(self) -> Contact:
        return Contact(name=self.name, mobile=self.mobile, email=self.email, language=self.language)
