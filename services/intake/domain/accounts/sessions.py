"""A session: from the password to the sign-out, with a secret that changes at each renewal."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest, digest
from secrets import token_urlsafe

from sqlalchemy import JSON, Index
from sqlmodel import Field

from services.intake.domain.accounts.staff import Place, Staff
from services.intake.domain.base import IntakeTable
from shared.language.errors import SeatLapsed, SignInStepMissing
from shared.language.events import SessionEnded
from shared.language.roles import Role
from shared.plumbing.columns import coded
from shared.plumbing.identity import Principal
from shared.plumbing.origin import new_id
from shared.plumbing.scope import unscoped

TOKEN_LASTS = timedelta(minutes=5)
STEPS_LAST = timedelta(minutes=10)
"""Between the password and the last step of signing in."""
RETRY = timedelta(seconds=10)
"""For so long a renewal whose answer got lost may come again with the secret before."""
AT_ONCE = 20
"""Sessions of one person; another one ends the oldest."""


class Stage(StrEnum):
    """What signing in waits for."""

    SECOND_FACTOR = "second_factor"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a step
    SET_UP_FACTOR = "second_factor_setup"
    SEAT = "seat"
    OPEN = "open"


class StaffSession(IntakeTable, table=True):
    """Somebody at a device. The secret is kept as a hash of its 256 random bits."""

    __tablename__ = "staff_sessions"
    __table_args__ = (
        Index("sessions_of_person", "person_id", "id"),
        Index("sessions_of_seat", "seat_id", "id"),
        Index("sessions_by_end", "ends_at"),
        unscoped("found by the id in its secret, before anybody is known; whose it is says the scope from then on"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    person_id: str = Field(foreign_key="staff.id")
    stage: Stage = Field(sa_type=coded(Stage))
    second_factor_done: bool = False
    secret_hash: str
    previous_hash: str | None = None
    renewed_at: datetime
    ends_at: datetime
    seat_id: str | None = Field(default=None, foreign_key="seats.id")
    delegation_id: str | None = Field(default=None, foreign_key="delegations.id")
    vouched_roles: list[str] | None = Field(default=None, sa_type=JSON)
    """Roles that the identity provider vouched for when he came through it: he sits in no seat of another."""
    began_at: datetime
    ended_at: datetime | None = None
    ended_because: str | None = None

    def is_over(self, *, at: datetime, lifetimes: "Lifetimes") -> bool:
        limit = STEPS_LAST if self.stage is not Stage.OPEN else lifetimes.idle
        return self.ended_at is not None or at >= self.ends_at or at >= self.renewed_at + limit

    def knows(self, secret: str) -> bool:
        return compare_digest(self.secret_hash, hash_of(secret))

    def is_retried_with(self, secret: str, *, at: datetime) -> bool:
        """Whether this is the secret before, again within seconds: the answer to its renewal got lost."""
        before = self.previous_hash is not None and compare_digest(self.previous_hash, hash_of(secret))
        return before and at < self.renewed_at + RETRY

    def renew(self, secret: str, *, at: datetime) -> None:
        """Know the session by `secret` from now on."""
        if not self.knows(secret):
            self.previous_hash, self.secret_hash, self.renewed_at = self.secret_hash, hash_of(secret), at

    def end(self, *, because: str, at: datetime) -> SessionEnded:
        self.ended_at, self.ended_because = at, because
        return SessionEnded(
            association_id=self.association_id,
            session_id=self.id,
            person_id=self.person_id,
            tokens_end_at=at + TOKEN_LASTS,
        )

    def owes_factor(self, staff: Staff, places: Iterable[Place], lifetimes: "Lifetimes") -> bool:
        """Whether one of `places` asks for a second factor of whoever sits there, and he has none."""
        asked = lifetimes.factor_roles_of(staff.association_id)
        wanted = any(place.seat.role in asked for place in places)
        # Of who came through the identity provider, the provider has asked for it.
        return wanted and not staff.has_second_factor and self.vouched_roles is None

    def go_on(self, staff: Staff, places: Sequence[Place], lifetimes: "Lifetimes") -> None:
        """Take the next step of signing in that `staff` owes. Raises `SeatLapsed` where no place is in force."""
        if staff.has_second_factor and not self.second_factor_done:
            self.stage = Stage.SECOND_FACTOR
        elif staff.password_ends_at is not None and self.vouched_roles is None:
            self.stage = Stage.NEW_PASSWORD
        elif self.owes_factor(staff, places, lifetimes):
            self.stage = Stage.SET_UP_FACTOR
        elif not places:
            raise SeatLapsed
        elif len(places) == 1:
            self.sit(places[0])
        else:
            self.stage = Stage.SEAT

    def may_sit(self, place: Place) -> bool:
        return self.vouched_roles is None or place.seat.role in self.vouched_roles

    def sit(self, place: Place) -> None:
        self.stage, self.seat_id = Stage.OPEN, place.seat.id
        self.delegation_id = place.delegation.id if place.delegation else None

    def check_stage(self, stage: Stage) -> None:
        """Raises `SignInStepMissing` at another step."""
        if self.stage is not stage:
            refusal = SignInStepMissing(step=STEP_WORDS[self.stage][1])
            refusal.facts_ar = {"step": STEP_WORDS[self.stage][0]}
            raise refusal


STEP_WORDS = {
    Stage.SECOND_FACTOR: ("رمز العامل الثاني", "the code of the second factor"),
    Stage.NEW_PASSWORD: ("كلمة مرور جديدة", "a new password"),
    Stage.SET_UP_FACTOR: ("إعداد العامل الثاني", "the setting up of a second factor"),
    Stage.SEAT: ("اختيار المقعد", "the choice of a seat"),
    Stage.OPEN: ("تم الدخول", "signed in"),
}


class SpentSecret(IntakeTable, table=True):
    """A secret that a session was known by once: who shows it again has stolen it, or was stolen from."""

    __tablename__ = "spent_secrets"
    __table_args__ = unscoped("found by the hash of a secret, before anybody is known; it names nobody")

    secret_hash: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="staff_sessions.id", index=True)


def principal_of(session: StaffSession, place: Place) -> Principal:
    """Who a token of this session says that he is: himself, in the seat that he sits in."""
    return Principal(
        association_id=session.association_id,
        person_id=session.person_id,
        role=place.seat.role,
        branch_id=place.seat.branch_id,
        session_id=session.id,
    )


@dataclass(frozen=True)
class Lifetimes:
    """How long a session lasts unused, and at all; and who does not begin one without a second factor."""

    idle: timedelta
    whole: timedelta
    factor_roles: frozenset[Role] = frozenset()
    factor_roles_by_association: Mapping[str, frozenset[Role]] = field(default_factory=dict)

    def factor_roles_of(self, association_id: str) -> frozenset[Role]:
        return self.factor_roles_by_association.get(association_id, self.factor_roles)


def new_secret() -> str:
    return token_urlsafe(32)


def secret_after(secret: str, *, session_id: str, key: bytes) -> str:
    """The secret that follows: the same one when the renewal is retried, and nobody's guess without intake's key."""
    return urlsafe_b64encode(digest(key, f"{session_id}\n{secret}".encode(), "sha256")).decode().rstrip("=")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
