"""One request on its way. Every method refuses, or moves the case by the one table and returns the event."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.documents import Document
from shared.language import errors
from shared.language import events as e
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus, move
from shared.language.clauses import Channel, Clause
from shared.language.incompatible import Act, check_compatible
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import PersonalColumn, fingerprint, readable, seal
from shared.policy.pack import Pack, Service

FormValue = str | int | bool


_ENDED = text("ended_at IS NOT NULL")
_KEPT = text("ended_at IS NULL")
_BY_KEEPER = ("association_id", "branch_id", "assigned_to", "id")
_SERVED = text("delivered_on IS NOT NULL")


class Case(IntakeTable, table=True):
    """A request of one person for one service, from the first contact to the closed file."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("reference"),
        # A page of a list is read in the order of ids, with a status or without: no page may sort all the others.
        Index("cases_of_association", "association_id", "id"),
        Index("cases_of_association_by_status", "association_id", "status", "id"),
        Index("cases_of_branch", "association_id", "branch_id", "id"),
        Index("cases_of_branch_by_status", "association_id", "branch_id", "status", "id"),
        # With the association, which every statement names: else SQLite reads all that the association has.
        Index("cases_of_beneficiary", "beneficiary_id", "association_id", "id"),
        Index("cases_ended", "association_id", "beneficiary_id", sqlite_where=_ENDED, postgresql_where=_ENDED),
        Index("cases_of_person", "association_id", "assigned_to", "id", sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index("cases_by_keeper", *_BY_KEEPER, sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index("cases_served", "association_id", "branch_id", "id", sqlite_where=_SERVED, postgresql_where=_SERVED),
        scoped(branch="branch_id", case="id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    branch_id: str
    reference: str
    beneficiary_id: str = Field(foreign_key="beneficiaries.id")
    subject_id: str | None = Field(default=None, index=True)
    service_id: str
    department_id: str
    channel: Channel = Field(sa_type=coded(Channel))
    status: CaseStatus = Field(sa_type=coded(CaseStatus))
    form: str = Field(sa_type=PersonalColumn)
    opened_by: str
    assigned_to: str | None = None
    handled_by: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    decided_by: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    opened_at: datetime
    round: int = 0
    missing: list[str] = Field(default_factory=list, sa_type=JSON)
    asked_again_at: datetime | None = None
    given_when_asked: list[str] = Field(default_factory=list, sa_type=JSON)
    """The papers that were there when the body asked for more: told apart by name, for a clock may go back."""
    incomplete_since: datetime | None = None
    attested_digest: str | None = None
    referred_at: datetime | None = None
    answer_not_before: datetime | None = None
    outcome: e.Outcome | None = Field(default=None, sa_type=coded(e.Outcome))
    answered_at: datetime | None = None
    delivered_on: date | None = None
    benefit_documented_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def answers(self) -> dict[str, FormValue]:
        """The form of the service as it was filled in. Raises `PersonErased`."""
        filled: dict[str, FormValue] = json.loads(readable(self.form))
        return filled

    def fill(self, form: Mapping[str, FormValue]) -> None:
        """Keep the form as it was typed; what it lacks is told when it is handed in."""
        self.form = json.dumps(dict(form), ensure_ascii=False, sort_keys=True)

    def take_part(self, by: str) -> None:
        """Note who of the staff took the request, its signature or its way up: none of them decides it."""
        self.handled_by = sorted({*self.handled_by, by})

    def check_desk(self, *, by: str | None, branch_id: str | None, head_office: str) -> None:
        """Raises `NotHandedIn`: until a branch has handed its request in, the head office does nothing to it."""
        at_head_office = branch_id is None
        if (
            at_head_office
            and self.status is CaseStatus.DRAFT
            and self.branch_id != head_office
            and by != self.opened_by
        ):
            raise errors.NotHandedIn

    def draft(self) -> e.CaseDrafted:
        move(None, e.CaseDrafted)
        return e.CaseDrafted(
            **self._names(), branch_id=self.branch_id, service_id=self.service_id, channel=self.channel
        )

    def receive(self, *, service: Service, contact: e.SealedText, reception: e.Reception | None) -> e.CaseReceived:
        """Hand the request in (`step.reception`, `eligibility.form`). Raises `FormIncomplete`."""
        self._may(e.CaseReceived)
        check_form(self.answers, service=service)
        self._move(e.CaseReceived)
        return e.CaseReceived(
            **self._names(),
            branch_id=self.branch_id,
            service_id=self.service_id,
            department_id=self.department_id,
            channel=self.channel,
            contact=contact,
            reception=reception,
        )

    def check(
        self, missing: tuple[str, ...], *, documents: int, at: datetime
    ) -> e.CaseFoundIncomplete | e.CaseCompleted:
        """Complete, or one list of what is missing (`step.completeness`)."""
        if missing:
            self._move(e.CaseFoundIncomplete)
            self.missing = list(missing)
            self.incomplete_since = self.incomplete_since or at
            return e.CaseFoundIncomplete(**self._names(), missing=missing)
        self._move(e.CaseCompleted)
        self.missing, self.incomplete_since, self.asked_again_at, self.given_when_asked = [], None, None, []
        return e.CaseCompleted(**self._names(), documents_checked=documents)

    def attest(self, *, pack: Pack, text_version: str, accepted: int, digest: str) -> e.CaseAttested:
        """He signs for the truth of these very data (`step.attestation`).

        Raises `AttestationNotAdopted`, or `StatementsNotAccepted` when a statement or the text in force was not read.
        """
        if pack.attestation is None:
            raise errors.AttestationNotAdopted(clause=Clause.STEP_ATTESTATION)
        self._may(e.CaseAttested)
        text = pack.attestation
        if text_version != text.version or accepted != len(text.statements):
            raise errors.StatementsNotAccepted(field="accepted_statements", version=text.version)
        self._move(e.CaseAttested)
        self.attested_digest = digest
        return e.CaseAttested(**self._names(), text_version=text_version, data_digest=digest)

    def refer(self, *, pack: Pack, digest: str, file: e.SealedText, at: datetime) -> e.CaseReferred:
        """Send it up; the reply clock starts (`step.committee_notice`).

        Raises `AttestationMissing` or `DataChanged` where the pack asks for an attestation.
        """
        self._may(e.CaseReferred)
        if pack.attestation is not None:
            if self.status is not CaseStatus.ATTESTED:
                raise errors.AttestationMissing(clause=Clause.STEP_ATTESTATION)
            if self.attested_digest != digest:
                raise errors.DataChanged(clause=Clause.STEP_ATTESTATION)
        self._move(e.CaseReferred)
        return e.CaseReferred(**self._referral(pack=pack, file=file, at=at))

    def appeal(self, *, pack: Pack, file: e.SealedText, at: datetime) -> e.CaseAppealed:
        """Ask again, before others than those who rejected him. Raises `NotRejected`."""
        self._may(e.CaseAppealed)
        if self.outcome is not e.Outcome.REJECTED:
            raise errors.NotRejected
        self._move(e.CaseAppealed)
        self.outcome, self.answered_at = None, None
        return e.CaseAppealed(**self._referral(pack=pack, file=file, at=at))

    def register(self) -> e.CaseRegistered:
        """Complete the registration (`step.registration`). Raises `NotAccepted`."""
        self._may(e.CaseRegistered)
        if self.outcome is not e.Outcome.ACCEPTED:
            raise errors.NotAccepted(clause=Clause.STEP_REGISTRATION)
        self._move(e.CaseRegistered)
        return e.CaseRegistered(**self._names())

    def deliver(self, *, on: date, by: str) -> e.CaseDelivered:
        """The service reached him (`step.delivery`). Raises `Malformed` for a day before the request was begun.

        Raises `DecidedIt` for whoever decided the request.
        """
        self._may(e.CaseDelivered)
        check_compatible(Act.DELIVER, by=by, did={Act.DECIDE: self.decided_by})
        if on < riyadh_day(self.opened_at):
            refusal = errors.Malformed(field="delivered_on", name="delivered_on", why="the request was begun later")
            refusal.facts_ar = {"why": "بدأ الطلب بعد هذا اليوم"}
            raise refusal
        self._move(e.CaseDelivered)
        self.delivered_on = on
        return e.CaseDelivered(**self._names(), service_id=self.service_id, delivered_on=on)

    def follow_up(self) -> e.BenefitFollowUpDue | None:
        """The day to ask how it went; nothing when the file has been closed since, or it is known already."""
        if self.status is not CaseStatus.DELIVERED or self.benefit_documented_at is not None:
            return None
        return e.BenefitFollowUpDue(**self._names())

    def document_benefit(self, *, useful: bool, at: datetime) -> e.BenefitDocumented:
        """Write down what the service did for him (`eligibility.benefit`)."""
        self._may(e.BenefitDocumented)
        self.benefit_documented_at = at
        return e.BenefitDocumented(**self._names(), useful=useful)

    def close(self, *, pack: Pack, at: datetime) -> e.CaseClosed:
        """Close the file. Raises `NotRejected`, or `BenefitUndocumented` where the pack asks for the benefit."""
        self._may(e.CaseClosed)
        if self.status is CaseStatus.ANSWERED:
            if self.outcome is not e.Outcome.REJECTED:
                raise errors.NotRejected
            ending = e.Ending.REJECTED
        else:
            if pack.adopts(Clause.ELIGIBILITY_BENEFIT) and self.benefit_documented_at is None:
                raise errors.BenefitUndocumented(clause=Clause.ELIGIBILITY_BENEFIT)
            ending = e.Ending.SERVED
        self._move(e.CaseClosed)
        self.ended_at = at
        return e.CaseClosed(**self._names(), ending=ending, department_id=self.department_id)

    def withdraw(self, *, at: datetime) -> e.CaseWithdrawn:
        """He takes his request back, at any time before delivery."""
        handed_in = self.status is not CaseStatus.DRAFT
        self._move(e.CaseWithdrawn)
        self.ended_at = at
        return e.CaseWithdrawn(**self._names(), department_id=self.department_id, handed_in=handed_in)

    def expire(self, *, incomplete_since: datetime, at: datetime) -> e.CaseExpired | None:
        """It stayed incomplete; nothing when it was completed meanwhile, or became incomplete anew."""
        if self.status is not CaseStatus.INCOMPLETE or self.incomplete_since != incomplete_since:
            return None
        self._move(e.CaseExpired)
        self.ended_at = at
        return e.CaseExpired(**self._names())

    def take_word_of_body(
        self,
        event: e.CaseStudied | e.CaseReturned | e.CaseDecided | e.CaseAnswered,
        *,
        given: Sequence[str] = (),
        at: datetime,
    ) -> None:
        """Move as the reviewing body says, with the papers `given` by now.

        Its words about a withdrawn case are heard and change nothing.
        """
        self._move(type(event))
        if self.status is CaseStatus.WITHDRAWN:
            return
        if isinstance(event, e.CaseReturned):
            self.missing, self.given_when_asked = list(event.missing), list(given)
            self.asked_again_at = self.incomplete_since = at
        elif isinstance(event, e.CaseDecided):
            self.decided_by = sorted({*self.decided_by, *event.decided_by})
        elif isinstance(event, e.CaseAnswered):
            self.outcome, self.answered_at = event.outcome, event.answered_at

    def make_confidential(self, *, named: Collection[str]) -> e.CaseMadeConfidential:
        """From now on only those named see it."""
        self._may(e.CaseMadeConfidential)
        return e.CaseMadeConfidential(**self._names(), branch_id=self.branch_id, named=tuple(sorted({*named})))

    def note(self, kind: type[e.CaseEvent]) -> dict[str, Any]:
        """The names for an event that moves nothing. Raises `StepOutOfOrder` where it has no place."""
        self._may(kind)
        return self._names()

    def _referral(self, *, pack: Pack, file: e.SealedText, at: datetime) -> dict[str, object]:
        self.round += 1
        self.referred_at, self.answer_not_before = at, at + timedelta(days=pack.reply_floor_days)
        return {
            **self._names(),
            "round": self.round,
            "branch_id": self.branch_id,
            "service_id": self.service_id,
            "department_id": self.department_id,
            "reviewing_body": pack.reviewing_body,
            "referred_at": at,
            "floor_days": pack.reply_floor_days,
            "answer_not_before": self.answer_not_before,
            "file": file,
            "handled_by": tuple(self.handled_by),
        }

    def show_applicant(self, *, fields: tuple[str, ...], reason: str) -> e.ApplicantShown:
        """Somebody sees his particulars in clear, whatever the case's status: it stands in the case's file."""
        return e.ApplicantShown(**self._names(), fields=fields, reason=seal(reason, subject=self.subject_id))

    def names(self) -> dict[str, Any]:
        """The names for an event that stands beside the lifecycle."""
        return self._names()

    def _names(self) -> dict[str, Any]:
        return {
            "association_id": self.association_id,
            "case_id": self.id,
            "reference": self.reference,
            "subject_id": self.subject_id,
        }

    def _may(self, event: type[e.CaseEvent]) -> None:
        move(self.status, event)

    def _move(self, event: type[e.CaseEvent]) -> None:
        self.status = move(self.status, event)


def check_form(form: Mapping[str, FormValue], *, service: Service) -> None:
    """Raises `FormIncomplete` for the first field of the service's form that is missing, unknown or of another kind."""
    kinds: dict[str, type] = {"text": str, "integer": int, "boolean": bool}
    for field in service.form:
        value = form.get(field.id)
        absent = value is None or value == ""
        if (absent and field.required) or (not absent and type(value) is not kinds[field.kind]):
            refusal = errors.FormIncomplete(
                field=f"form.{field.id}", clause=Clause.ELIGIBILITY_FORM, name=field.name.en
            )
            refusal.facts_ar = {"name": field.name.ar}
            raise refusal
    if unknown := sorted(set(form) - {field.id for field in service.form}):
        raise errors.FormIncomplete(field=f"form.{unknown[0]}", clause=Clause.ELIGIBILITY_FORM, name=unknown[0])


def digest_of(case: Case, documents: Sequence[Document]) -> str:
    """A fingerprint of what the applicant signs for: his form and his papers. Any change makes another."""
    papers = [[d.kind, d.number, d.issued_on.isoformat(), str(d.expires_on)] for d in documents]
    signed = json.dumps(
        [case.beneficiary_id, case.service_id, case.answers, papers], ensure_ascii=False, sort_keys=True
    )
    if case.subject_id is None:
        return hashlib.sha256(signed.encode()).hexdigest()
    # The digest travels and is kept in clear: under his key nobody finds his number by trying all of them.
    return fingerprint(signed, subject=case.subject_id)
