"""Staff, the seats that they hold, and the days on which another sits in one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language.errors import BranchUnknown, PeriodWrong, RoleNotGrantable
from shared.language.incompatible_roles import are_compatible
from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import SealedColumn
from shared.policy.pack import Pack

GRANTED_BY_THE_OPERATOR = frozenset({Role.PLATFORM_OPERATOR})


class Staff(IntakeTable, table=True):
    """A person who works with the system, in one association."""

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("association_id", "user_name_folded"),
        UniqueConstraint("association_id", "subject_index"),
        Index("staff_of_association", "association_id", "id"),
        scoped(),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    user_name: str
    user_name_folded: str
    name: str = Field(sa_type=SealedColumn)
    password_hash: str | None = None
    password_ends_at: datetime | None = None
    """Of a one-time password: until when it can be used. It has to be changed at its first use."""
    totp_secret: str | None = Field(default=None, sa_type=SealedColumn)
    totp_confirmed_at: datetime | None = None
    totp_last_step: int = 0
    """The newest time step of which a code was taken: none is taken twice (RFC 6238 §5.2)."""
    mobile: str | None = Field(default=None, sa_type=SealedColumn)
    mobile_confirmed_at: datetime | None = None
    """Since when a code that is texted to `mobile` is his second factor."""
    subject_index: str | None = None
    """By which the association's identity provider knows him, as a keyed hash."""
    added_at: datetime
    added_by: str
    deactivated_at: datetime | None = None
    deactivated_by: str | None = None
    first_signed_in_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def has_second_factor(self) -> bool:
        return self.totp_confirmed_at is not None or self.takes_texts

    @property
    def takes_texts(self) -> bool:
        return self.mobile_confirmed_at is not None

    def take_password(self, hashed: str, *, one_time_until: datetime | None) -> None:
        self.password_hash, self.password_ends_at = hashed, one_time_until

    def has_password(self, hashed: str | None, *, at: datetime) -> bool:
        """Whether a password that fits `hashed` opens the account at `at`."""
        lapsed = self.password_ends_at is not None and at >= self.password_ends_at
        return self.is_active and hashed is not None and self.password_hash == hashed and not lapsed

    def lose_second_factor(self) -> None:
        self.totp_secret = self.totp_confirmed_at = None
        self.mobile = self.mobile_confirmed_at = None


class Seat(IntakeTable, table=True):
    """A role that a person holds, in a branch where it is a branch's, from and until a day."""

    __tablename__ = "seats"
    __table_args__ = (
        Index("seats_of_person", "person_id", "id"),
        Index("seats_of_branch", "association_id", "branch_id", "id"),
        scoped(),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    person_id: str = Field(foreign_key="staff.id")
    role: Role = Field(sa_type=coded(Role))
    branch_id: str | None = None
    valid_from: datetime
    valid_until: datetime | None = None
    given_by: str
    ended_by: str | None = None

    def is_in_force(self, *, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def end(self, *, by: str, at: datetime) -> None:
        self.valid_until, self.ended_by = min(at, self.valid_until or at), by


class Delegation(IntakeTable, table=True):
    """Another sits in the seat during leave; its holder sits in it as well."""

    __tablename__ = "delegations"
    __table_args__ = (Index("delegations_to", "to_person_id", "id"), Index("delegations_of", "seat_id", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    seat_id: str = Field(foreign_key="seats.id")
    to_person_id: str = Field(foreign_key="staff.id")
    valid_from: datetime
    valid_until: datetime
    given_by: str
    ended_by: str | None = None

    def is_in_force(self, *, at: datetime) -> bool:
        return self.valid_from <= at < self.valid_until

    def end(self, *, by: str, at: datetime) -> None:
        self.valid_until, self.ended_by = min(at, self.valid_until), by


@dataclass(frozen=True)
class Place:
    """Where one can sit now: in a seat of one's own, or for another during his leave."""

    seat: Seat
    delegation: Delegation | None = None

    @property
    def id(self) -> str:
        return self.delegation.id if self.delegation else self.seat.id

    def is_in_force(self, *, at: datetime) -> bool:
        return self.seat.is_in_force(at=at) and (self.delegation is None or self.delegation.is_in_force(at=at))

    @property
    def ends_at(self) -> datetime | None:
        ends = [end for end in (self.seat.valid_until, self.delegation and self.delegation.valid_until) if end]
        return min(ends, default=None)


def compatible(places: Iterable[Place]) -> list[Place]:
    """Those that one person may have together; of two that do not go together, the one that he was given first.

    None such is given any more: it is for seats of before, whatever a password or an identity provider opens.
    """
    kept: list[Place] = []
    for place in sorted(places, key=lambda one: one.id):
        if all(are_compatible(place.seat.role, other.seat.role) for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda one: (one.delegation is not None, one.id))


def check_role(role: Role, *, branch_id: str | None, pack: Pack) -> None:
    """Raises `RoleNotGrantable`, or `BranchUnknown` for a branch role without a branch of this association."""
    if role in GRANTED_BY_THE_OPERATOR:
        raise RoleNotGrantable(field="role")
    if (role in BRANCH_ROLES or branch_id is not None) and pack.branch(branch_id or "") is None:
        raise BranchUnknown(field="branch_id", branch=branch_id or "")


def check_period(begins: datetime, ends: datetime | None, *, now: datetime) -> None:
    """Raises `PeriodWrong` for one that is over, or ends before it begins."""
    if ends is not None and (ends <= begins or ends <= now):
        raise PeriodWrong(field="valid_until")
