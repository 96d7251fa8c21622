"""Two files that may be one person's: how likely, why, and what was decided.

A merge joins files by a link and moves nothing: each keeps its number, its words under its own key and its cases, so
that it can be taken back whole. Whoever is looked for under the merged file's number is still found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.names import likeness, parts_of, skeleton
from services.intake.domain.people import Beneficiary
from shared.language import errors
from shared.language.events import MergeUndone, PeopleMerged
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn

PROPOSED_FROM = 55
"""Points of a hundred from which two files are proposed. A name alone reaches it with three parts, spelled alike."""
_WHOLE_NAME = 3


class Sign(StrEnum):
    """What speaks for one person, or against it."""

    NAME = "name"
    MOBILE = "mobile"
    IBAN = "iban"
    BIRTHDAY = "birthday"
    NUMBER_NEARLY = "number_nearly"
    OTHER_BIRTHDAY = "other_birthday"
    OTHER_FIRST_NAME = "other_first_name"


class Finding(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    MERGED = "merged"
    NOT_THE_SAME = "not_the_same"


class Side(StrEnum):
    """One of the two of a proposal."""

    ONE = "one"
    OTHER = "other"


@dataclass(frozen=True)
class Known:
    """What of a file is compared."""

    national_id: str
    name: str
    mobile: str | None = None
    iban: str | None = None
    born_on: date | None = None


def score(one: Known, other: Known) -> tuple[int, list[Sign]]:
    """How likely two files are one person's, of a hundred, with the signs that say so."""
    points, signs = _of_names(one.name, other.name)
    for sign, worth, same in (
        (Sign.MOBILE, 25, one.mobile is not None and one.mobile == other.mobile),
        (Sign.IBAN, 30, one.iban is not None and one.iban == other.iban),
        (Sign.BIRTHDAY, 25, one.born_on is not None and one.born_on == other.born_on),
        (Sign.NUMBER_NEARLY, 25, nearly(one.national_id, other.national_id)),
    ):
        if same:
            points += worth
            signs.append(sign)
    if one.born_on is not None and other.born_on is not None and one.born_on != other.born_on:
        points -= 30
        signs.append(Sign.OTHER_BIRTHDAY)
    return max(0, min(100, round(points))), signs


def nearly(one: str, other: str) -> bool:
    """Two digits differ at most, as by a slip that the check digit let pass, or two neighbours that changed places."""
    return one != other and len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 2


def _of_names(one: str, other: str) -> tuple[float, list[Sign]]:
    """Up to sixty points; brothers, who share all but the first name, get less than half of theirs."""
    mine, his = parts_of(one), parts_of(other)
    if not mine or not his:
        return 0.0, []
    alike = (min(1.0, likeness(one, other)) + min(1.0, likeness(other, one))) / 2
    points = 60 * alike * min(1.0, min(len(mine), len(his)) / _WHOLE_NAME)
    if skeleton(mine[0]) != skeleton(his[0]):
        return points * 0.4, [Sign.OTHER_FIRST_NAME]
    return points, [Sign.NAME] if alike > 0.5 else []


class ProposedDuplicate(IntakeTable, table=True):
    """A pair of files that somebody or the registry holds for one person's; decided by a person, and taken back by one.

    `one_id` is the older file. The words of a decision lie under its key.
    """

    __tablename__ = "proposed_duplicates"
    __table_args__ = (
        UniqueConstraint("association_id", "one_id", "other_id"),
        Index("duplicates_page", "association_id", "finding", "id"),
        Index("duplicates_of_one", "one_id"),
        Index("duplicates_of_other", "other_id"),
        scoped(),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    subject_id: str | None = Field(default=None, index=True)
    one_id: str = Field(foreign_key="beneficiaries.id")
    other_id: str = Field(foreign_key="beneficiaries.id")
    score: int
    signs: list[str] = Field(default_factory=list, sa_type=JSON)
    proposed_by: str
    proposed_at: datetime
    finding: Finding = Field(default=Finding.OPEN, sa_type=coded(Finding))
    kept_id: str | None = None
    reason: str | None = Field(default=None, sa_type=PersonalColumn)
    decided_by: str | None = None
    decided_at: datetime | None = None
    undone_reason: str | None = Field(default=None, sa_type=PersonalColumn)
    undone_by: str | None = None
    undone_at: datetime | None = None

    def merge(self, files: Sequence[Beneficiary], *, keep: Side, reason: str, by: str, at: datetime) -> PeopleMerged:
        """Join the two files. Raises `DuplicateDecided`, or `SamePerson` where one leads to another already."""
        self._still_open()
        one, other = files
        if one.merged_into is not None or other.merged_into is not None:
            raise errors.SamePerson(field="keep")
        kept, merged = (one, other) if keep is Side.ONE else (other, one)
        merged.merged_into = self.kept_id = kept.id
        self._decide(Finding.MERGED, reason=reason, by=by, at=at)
        return PeopleMerged(association_id=self.association_id, subject_id=kept.key_id, merged_id=merged.key_id)

    def tell_apart(self, *, reason: str, by: str, at: datetime) -> None:
        """They are two people. Raises `DuplicateDecided`."""
        self._still_open()
        self._decide(Finding.NOT_THE_SAME, reason=reason, by=by, at=at)

    def undo(self, files: Sequence[Beneficiary], *, reason: str, by: str, at: datetime) -> MergeUndone | None:
        """Take the decision back; of a merge it is told. Raises `DuplicateUndecided`."""
        if self.finding is Finding.OPEN:
            raise errors.DuplicateUndecided
        told = None
        if self.finding is Finding.MERGED:
            merged = next(file for file in files if file.id != self.kept_id)
            merged.merged_into = None
            told = MergeUndone(
                association_id=self.association_id, subject_id=str(self.kept_id), merged_id=merged.key_id
            )
        self.finding, self.kept_id = Finding.OPEN, None
        self.undone_reason, self.undone_by, self.undone_at = reason, by, at
        return told

    def _still_open(self) -> None:
        if self.finding is not Finding.OPEN:
            raise errors.DuplicateDecided

    def _decide(self, finding: Finding, *, reason: str, by: str, at: datetime) -> None:
        self.finding, self.reason, self.decided_by, self.decided_at = finding, reason, by, at


class RepeatedRequest(IntakeTable, table=True):
    """A request begun though another for the same service was open, and why."""

    __tablename__ = "repeated_requests"
    __table_args__ = scoped(branch="branch_id", case="case_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    branch_id: str
    case_id: str = Field(foreign_key="cases.id", unique=True)
    subject_id: str | None = Field(default=None, index=True)
    beside: list[str] = Field(default_factory=list, sa_type=JSON)
    """The references of the open ones."""
    reason: str = Field(sa_type=PersonalColumn)
    begun_by: str
    begun_at: datetime
