"""The way of a service into his hand: planned, in parts or whole, to him or whoever may act for him, and proven."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from secrets import randbelow

from sqlalchemy import Index, text
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.case import Case
from services.intake.domain.people import WESTERN_DIGITS
from shared.language import errors
from shared.language import events as e
from shared.language.calendar import riyadh_day
from shared.language.incompatible import Act, check_compatible
from shared.language.roles import Role
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped, within
from shared.plumbing.seal import RING, PersonalColumn, seal

DIGITS, TRIES = 6, 5
LASTS, BETWEEN = timedelta(days=3), timedelta(minutes=1)
"""A planned day is a day or two ahead; the code is asked for when it comes near."""

WRITTEN_DOWN_WITHIN = timedelta(days=14)
MAY_DATE_BACK = frozenset({Role.BRANCH_MANAGER, Role.INTAKE_OFFICER})
"""Who answers for what was not written down in time."""

_OPEN = text("ended_at IS NULL")


class ProofKind(StrEnum):
    """How a delivery is shown."""

    CODE = "code"
    SIGNATURE = "signature"
    PHOTO = "photo"
    PAPER = "paper"


class Collector(IntakeTable, table=True):
    """Who may take the service for the beneficiary, and by what he shows it."""

    __tablename__ = "collectors"
    __table_args__ = (Index("collectors_case", "case_id", "id"), within("cases", by="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    subject_id: str | None = Field(default=None, index=True)
    name: str = Field(sa_type=PersonalColumn)
    national_id: str = Field(sa_type=PersonalColumn)
    relation: str = Field(sa_type=PersonalColumn)
    proof: str = Field(sa_type=PersonalColumn)
    """A power of attorney, a guardianship deed: its kind and number."""
    valid_until: date | None = None
    noted_by: str
    noted_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    def check(self, *, at: datetime) -> None:
        """Raises `CollectorNotValid` for one who may not take it now, whichever day is written on the delivery."""
        if self.revoked_at is not None or (self.valid_until is not None and self.valid_until < riyadh_day(at)):
            raise errors.CollectorNotValid(field="collector_id")

    def revoke(self, *, by: str, at: datetime) -> None:
        """From now on he may not; a second time changes nothing."""
        if self.revoked_at is None:
            self.revoked_by, self.revoked_at = by, at


class DeliveryPlan(IntakeTable, table=True):
    """When, where and what is to be handed over."""

    __tablename__ = "delivery_plans"
    __table_args__ = (
        Index("delivery_plans_case", "case_id", "id"),
        Index("delivery_plans_day", "association_id", "planned_for", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "delivery_plans_day_of_branch",
            "association_id",
            "branch_id",
            "planned_for",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        within("cases", by="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    branch_id: str
    """Its case's: so that a branch's day is read without the others'."""
    case_id: str = Field(foreign_key="cases.id")
    subject_id: str | None = Field(default=None, index=True)
    planned_for: date
    place: str = Field(sa_type=PersonalColumn)
    what: str = Field(sa_type=PersonalColumn)
    planned_by: str
    planned_at: datetime
    called_off: str | None = Field(default=None, sa_type=PersonalColumn)
    """Why it was; nothing for one that was carried out."""
    ended_by: str | None = None
    ended_at: datetime | None = None

    def check_open(self) -> None:
        """Raises `PlanOver`."""
        if self.ended_at is not None:
            raise errors.PlanOver

    def end(self, *, by: str, at: datetime, called_off: str | None = None) -> None:
        """Carried out, or called off for a reason. Raises `PlanOver`."""
        self.check_open()
        self.called_off, self.ended_by, self.ended_at = called_off, by, at


class DeliveryCode(IntakeTable, table=True):
    """The newest code of a case: one before it is worth nothing. Kept as a keyed hash."""

    __tablename__ = "delivery_codes"
    __table_args__ = within("cases", by="case_id")

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    subject_id: str | None = Field(default=None, index=True)
    code_id: str = ""
    code_digest: str | None = None
    sent_at: datetime | None = None
    wrong: int = 0

    def make(self, *, at: datetime) -> str:
        """A new code, in clear this once. Raises `TooManyRequests`."""
        if self.sent_at is not None and at < self.sent_at + BETWEEN:
            raise errors.TooManyRequests(seconds=max(1, round((self.sent_at + BETWEEN - at).total_seconds())))
        code = f"{randbelow(10**DIGITS):0{DIGITS}}"
        self.code_id, self.sent_at, self.wrong = new_id(), at, 0
        self.code_digest = self._hash(code)
        return code

    def take(self, code: str, *, at: datetime) -> bool:
        """Whether it is the code that he was sent; it is used now, and a wrong one counts."""
        if self.code_digest is None or self.sent_at is None or at >= self.sent_at + LASTS or self.wrong >= TRIES:
            return False
        digits = code.translate(WESTERN_DIGITS).replace(" ", "")
        if not compare_digest(self.code_digest, self._hash(digits)):
            self.wrong += 1
            return False
        self.code_digest = None
        return True

    def _hash(self, code: str) -> str:
        return RING.index(f"delivery code\n{self.code_id}\n{code}")


class DeliveryProof(IntakeTable, table=True):
    """The file of a signature or a photo: what the database knows of a sealed file in the folder of files."""

    __tablename__ = "delivery_proofs"
    __table_args__ = (Index("delivery_proofs_case", "case_id", "id"), within("cases", by="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    subject_id: str | None = Field(default=None, index=True)
    place: str = Field(unique=True)
    key: str = Field(sa_type=PersonalColumn, sa_column_kwargs={"name": "sealed_key"})
    media_type: str
    size: int
    digest: str
    kept_by: str
    kept_at: datetime


class DeliveryPart(IntakeTable, table=True):
    """What was handed over at one time, to whom, and how that is shown."""

    __tablename__ = "delivery_parts"
    __table_args__ = (Index("delivery_parts_case", "case_id", "id"), within("cases", by="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    subject_id: str | None = Field(default=None, index=True)
    plan_id: str | None = Field(default=None, foreign_key="delivery_plans.id")
    collector_id: str | None = Field(default=None, foreign_key="collectors.id")
    proof_id: str | None = Field(default=None, foreign_key="delivery_proofs.id")
    delivered_on: date
    what: str = Field(sa_type=PersonalColumn)
    received_by: str = Field(sa_type=PersonalColumn)
    proof_kind: ProofKind = Field(sa_type=coded(ProofKind))
    proof_note: str | None = Field(default=None, sa_type=PersonalColumn)
    completes: bool
    delivered_by: str
    recorded_at: datetime


class GivenBenefit(IntakeTable, table=True):
    """That a person was given a service, and when: as much as all branches of the association may know of it.

    `branch` is where it was given; it stays when the case moves. Of a confidential case those named alone see it.
    """

    __tablename__ = "given_benefits"
    __table_args__ = (
        Index("given_benefits_of_person", "association_id", "beneficiary_id", "id"),
        scoped(case="case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    case_id: str = Field(foreign_key="cases.id")
    beneficiary_id: str = Field(foreign_key="beneficiaries.id")
    subject_id: str | None = Field(default=None, index=True)
    branch: str
    service_id: str
    given_on: date
    whole: bool
    """False for a part of it."""

    @classmethod
    def of(cls, case: Case, *, on: date, whole: bool) -> "GivenBenefit":
        return cls(
            association_id=case.association_id,
            case_id=case.id,
            beneficiary_id=case.beneficiary_id,
            subject_id=case.subject_id,
            branch=case.branch_id,
            service_id=case.service_id,
            given_on=on,
            whole=whole,
        )


def plan_delivery(case: Case, plan: DeliveryPlan) -> e.DeliveryPlanned:
    """Raises `StepOutOfOrder` before registration, or once it was delivered."""
    place = seal(plan.place, subject=case.subject_id)
    return e.DeliveryPlanned(**case.note(e.DeliveryPlanned), planned_for=plan.planned_for, place=place)


def send_code(case: Case, code: DeliveryCode, *, at: datetime) -> e.DeliveryCodeMade:
    """Raises `StepOutOfOrder` or `TooManyRequests`."""
    names = case.note(e.DeliveryCodeMade)
    return e.DeliveryCodeMade(**names, code=seal(code.make(at=at), subject=case.subject_id))


def check_written_down_in_time(on: date, *, by: Role, at: datetime) -> None:
    """Raises `DeliveredTooLongAgo`: who hands over writes it down within days, and what is older a manager does.

    Whichever day is typed, the clock that it is held against is ours
    (`docs/decisions/0012-a-delivery-is-written-down-while-it-can-be-checked.md`).
    """
    if by not in MAY_DATE_BACK and on < riyadh_day(at) - WRITTEN_DOWN_WITHIN:
        raise errors.DeliveredTooLongAgo(field="delivered_on", days=WRITTEN_DOWN_WITHIN.days)


def deliver_part(case: Case, *, on: date, by: str) -> e.CasePartDelivered:
    """Raises `StepOutOfOrder`, `DecidedIt`, or `Malformed` for a day before the request was begun."""
    names = case.note(e.CasePartDelivered)
    check_compatible(Act.DELIVER, by=by, did={Act.DECIDE: case.decided_by})
    if on < riyadh_day(case.opened_at):
        refusal = errors.Malformed(field="delivered_on", name="delivered_on", why="the request was begun later")
        refusal.facts_ar = {"why": "بدأ الطلب بعد هذا اليوم"}
        raise refusal
    return e.CasePartDelivered(**names, service_id=case.service_id, delivered_on=on)
