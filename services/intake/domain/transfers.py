"""Whose a case is, and how it becomes another's: asked with a reason, and accepted, refused or revoked with one."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from services.intake.domain.accounts.staff import Place, compatible
from services.intake.domain.base import IntakeTable
from services.intake.domain.case import Case
from shared.language import errors
from shared.language import events as e
from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.columns import coded
from shared.plumbing.identity import Principal
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn
from shared.policy.pack import Pack

TAKERS = frozenset({Role.BRANCH_MANAGER, Role.INTAKE_OFFICER})
"""Who takes a case in for a branch, and says who keeps it."""
KEEPERS = frozenset({Role.DELEGATE, *TAKERS})
"""Who keeps a case: the desk of its branch, or the head office's."""

_OPEN = text("answered_at IS NULL")


class TransferStatus(StrEnum):
    """What became of an asking."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REVOKED = "revoked"


class Transfer(IntakeTable, table=True):
    """One asking that a case move, to another branch or within one to another person.

    Both branches see it; before it is accepted the second one sees nothing else of the case.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        Index("transfers_to", "association_id", "to_branch", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("transfers_from", "association_id", "from_branch", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("transfers_open", "association_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # A case is asked for by one at a time, also when two ask at once.
        Index("transfers_of_case", "case_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        # The wall between branches is the case's own; of an asking the queries say which two branches see it.
        scoped(case="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    case_id: str = Field(foreign_key="cases.id")
    reference: str
    subject_id: str | None = Field(default=None, index=True)
    from_branch: str
    to_branch: str
    to_person: str | None = None
    reason: str = Field(sa_type=PersonalColumn)
    asked_by: str
    asked_at: datetime
    status: TransferStatus = Field(default=TransferStatus.ASKED, sa_type=coded(TransferStatus))
    answer: str | None = Field(default=None, sa_type=PersonalColumn)
    answered_by: str | None = None
    answered_at: datetime | None = None

    @property
    def within_a_branch(self) -> bool:
        return self.from_branch == self.to_branch

    def check_taker(self, who: Principal) -> None:
        """Raises `TransferNotFound` or `NotYoursToTake`: who is asked answers, or whoever takes in for that branch."""
        if who.scope.branch_id not in {None, self.to_branch}:
            raise errors.TransferNotFound
        if who.role not in TAKERS and not (self.within_a_branch and who.person_id == self.to_person):
            raise errors.NotYoursToTake

    def check_asker(self, who: Principal) -> None:
        """Raises `TransferNotFound` for whoever is not of the branch that asked."""
        if who.scope.branch_id not in {None, self.from_branch}:
            raise errors.TransferNotFound

    def close(self, status: TransferStatus, *, reason: str | None, by: str, at: datetime) -> None:
        """Raises `TransferAnswered`: the first word stands."""
        if self.answered_at is not None:
            raise errors.TransferAnswered
        self.status, self.answer, self.answered_by, self.answered_at = status, reason, by, at

    def told(self, case: Case, kind: type[e.TransferEvent]) -> e.TransferEvent:
        return kind(**case.note(kind), transfer_id=self.id, from_branch=self.from_branch, to_branch=self.to_branch)


class BranchClosing(IntakeTable, table=True):
    """A branch that closes: from when on, where its cases go, and how many have gone."""

    __tablename__ = "branch_closings"
    __table_args__ = (UniqueConstraint("association_id", "branch"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    branch: str
    to_branch: str
    """Where its files are: once that branch closes too, where those of that one go."""
    reason: str
    asked_by: str
    asked_at: datetime
    total: int
    """How many there were when it was asked for."""
    moved: int = 0
    done_at: datetime | None = None

    @property
    def from_to(self) -> dict[str, str]:
        """From where its files go, and whither."""
        return {"association_id": self.association_id, "branch": self.branch, "to_branch": self.to_branch}

    def refusal(self, *, field: str, pack: Pack, kind: type[errors.Refusal] = errors.BranchIsClosed) -> errors.Refusal:
        """That it takes nothing more, and where its files are: the branches by the names that the reader knows."""
        here, there = (pack.branch(id_) for id_ in (self.branch, self.to_branch))
        # One that the policy has no more is called by its code.
        refusal = kind(
            field=field, branch=here.name.en if here else self.branch, to=there.name.en if there else self.to_branch
        )
        refusal.facts_ar = {
            "branch": here.name.ar if here else self.branch,
            "to": there.name.ar if there else self.to_branch,
        }
        return refusal

    def told(self, kind: type[e.BranchEvent]) -> e.BranchEvent:
        return kind(
            association_id=self.association_id,
            closing_id=self.id,
            from_branch=self.branch,
            to_branch=self.to_branch,
            cases=self.moved if self.done_at is not None else self.total,
        )


def ask_transfer(
    case: Case, *, to_branch: str | None, to_person: str | None, reason: str, by: str, at: datetime
) -> Transfer:
    """Ask for a case to move. Raises `AlreadyThere`, or `StepOutOfOrder` for one that has ended."""
    to_branch = to_branch or case.branch_id
    if to_branch == case.branch_id and to_person in {None, case.assigned_to}:
        raise errors.AlreadyThere(field="to_person")
    case.note(e.TransferAsked)
    return Transfer(
        association_id=case.association_id,
        case_id=case.id,
        reference=case.reference,
        subject_id=case.subject_id,
        from_branch=case.branch_id,
        to_branch=to_branch,
        to_person=to_person,
        reason=reason,
        asked_by=by,
        asked_at=at,
    )


def move_case(
    case: Case, *, to_branch: str, transfer_id: str | None = None, closing_id: str | None = None
) -> e.CaseTransferred:
    """The case is the other branch's now, with all that lies in it; nobody there keeps it yet."""
    told = e.CaseTransferred(
        **case.note(e.CaseTransferred),
        from_branch=case.branch_id,
        to_branch=to_branch,
        transfer_id=transfer_id,
        closing_id=closing_id,
    )
    case.branch_id, case.assigned_to = to_branch, None
    return told


def may_keep(places: Iterable[Place], *, branch: str) -> bool:
    """Whether somebody sits in a seat, of his own or lent, from which a case of this branch is kept."""
    seats = [place.seat for place in compatible(places)]
    return any(seat.role in KEEPERS and (seat.role not in BRANCH_ROLES or seat.branch_id == branch) for seat in seats)


def check_keeper(places: Iterable[Place], *, branch: str, field: str) -> None:
    """Raises `NoSeatThere` for who does not keep cases of this branch."""
    if not may_keep(places, branch=branch):
        raise errors.NoSeatThere(field=field)


def assign_case(case: Case, *, to: str) -> e.CaseAssigned:
    """Say who keeps the case. Raises `AlreadyThere`, or `StepOutOfOrder` for one that has ended."""
    told = e.CaseAssigned(**case.note(e.CaseAssigned), branch_id=case.branch_id, person_id=to)
    if case.assigned_to == to:
        raise errors.AlreadyThere(field="person_id")
    case.assigned_to = to
    return told


def check_may_close(pack: Pack, *, branch: str, to_branch: str) -> None:
    """Raises `BranchUnknown`, `HeadOfficeStays`, or `AlreadyThere` where the cases would go nowhere."""
    for field, one in (("branch_id", branch), ("to_branch", to_branch)):
        if pack.branch(one) is None:
            raise errors.BranchUnknown(field=field, branch=one)
    if branch == pack.head_office.id:
        raise errors.HeadOfficeStays
    if branch == to_branch:
        raise errors.AlreadyThere(field="to_branch")
