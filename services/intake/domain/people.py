"""Beneficiaries, and what makes their particulars right."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language.errors import NationalIdWrong
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn, readable

WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def western(text: object) -> object:
    """Digits as people type them, Arabic-Indic or Persian, as the ones that are stored."""
    return text.translate(WESTERN_DIGITS).strip() if isinstance(text, str) else text


def international(mobile: str) -> str:
    """A Saudi mobile in E.164: `05…` becomes `+9665…`."""
    return "+966" + mobile[-9:]


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)]
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


class Correction(BaseModel):
    """What a person has put right (law art. 4). His national id is not corrected: another number is another file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name | None = None
    mobile: Mobile | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)] | None = None
    language: Annotated[str, StringConstraints(pattern="^(ar|en)$")] | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not any((self.name, self.mobile, self.email, self.language)):
            raise ValueError("a correction names what it corrects")
        return self


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


FORGOTTEN = "erased:"


class Beneficiary(IntakeTable, table=True):
    """A person who asked an association for help. One file a person and association."""

    __tablename__ = "beneficiaries"
    __table_args__ = (UniqueConstraint("association_id", "national_id_index"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    subject_id: str | None = Field(default=None, index=True)
    national_id_index: str
    national_id: str = Field(sa_type=PersonalColumn)
    name: str = Field(sa_type=PersonalColumn)
    mobile: str | None = Field(default=None, sa_type=PersonalColumn)
    email: str | None = Field(default=None, sa_type=PersonalColumn)
    language: str
    opened_at: datetime
    merged_into: str | None = Field(default=None, index=True)
    """His other file, where he was found to have two (`register/duplicates.py`)."""

    @property
    def key_id(self) -> str:
        """The id of his key: his file's own."""
        return self.id

    def take_key(self) -> None:
        """From now on his particulars lie under his own key: a file from before persons had keys is sealed anew."""
        if self.subject_id is None:
            self.subject_id = self.key_id
            for field in ("national_id", "name", "mobile", "email"):
                flag_modified(self, field)

    def forget(self) -> None:
        """What could still find him is taken out. Should he come again, he is new."""
        self.national_id_index = f"{FORGOTTEN}{self.id}"

    @property
    def is_forgotten(self) -> bool:
        return self.national_id_index.startswith(FORGOTTEN)

    def update(self, applicant: Applicant) -> None:
        """Take what he says of himself today; what he leaves out stays as it was."""
        self.name, self.language = applicant.name, applicant.language
        self.mobile = applicant.mobile or self.mobile
        self.email = applicant.email or self.email

    def correct(self, correction: Correction) -> None:
        """Put right what he named. Raises `PersonErased`."""
        readable(self.name)
        for field, value in correction.model_dump(exclude_none=True).items():
            setattr(self, field, value)

    @property
    def contact(self) -> Contact:
        """Raises `PersonErased`."""
        return Contact(name=readable(self.name), mobile=self.mobile, email=self.email, language=self.language)
