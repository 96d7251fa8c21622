"""The facts that notifications hears, about one case."""

import json
from datetime import date, timedelta

from shared.language import events as e
from shared.language.clauses import Channel, ReviewingBody
from shared.plumbing.seal import seal
from tests.harness.desk import ASSOCIATION, NOON

CASE = "case-1"
REFERENCE = "JMM-2026-000001"
NAME = "نورة القحطاني"
MOBILE = "+966512345123"
EMAIL = "noura@example.sa"
CODE = "k7m3xq9wv2t"
NAMES = {"association_id": ASSOCIATION, "case_id": CASE, "reference": REFERENCE}


def received(
    *, mobile: str | None = MOBILE, email: str | None = EMAIL, language: str = "ar", association: str = ASSOCIATION
) -> e.CaseReceived:
    contact = {"name": NAME, "mobile": mobile, "email": email, "language": language}
    return e.CaseReceived(
        **(NAMES | {"association_id": association}),
        branch_id="jamoum",
        service_id="monthly_sponsorship",
        department_id="sponsorship",
        channel=Channel.PHONE,
        contact=seal(json.dumps(contact, ensure_ascii=False)),
    )


def referred(kind: type[e.Referral] = e.CaseReferred, *, floor: int = 14) -> e.Referral:
    return kind(
        **NAMES,
        round=1,
        branch_id="jamoum",
        service_id="monthly_sponsorship",
        department_id="sponsorship",
        reviewing_body=ReviewingBody.COMMITTEE if floor else ReviewingBody.DEPARTMENT,
        referred_at=NOON,
        floor_days=floor,
        answer_not_before=NOON + timedelta(days=floor),
        file=seal("{}"),
    )


def answered(outcome: e.Outcome = e.Outcome.ACCEPTED) -> e.CaseAnswered:
    return e.CaseAnswered(
        **NAMES,
        round=1,
        outcome=outcome,
        reason=seal("الحاجة ثابتة."),
        referred_at=NOON,
        answered_at=NOON + timedelta(days=14),
        floor_days=14,
    )


def told_to_applicant() -> list[e.CaseEvent]:
    """One of every fact after the receipt that the applicant is told."""
    return [
        e.CaseFoundIncomplete(**NAMES, missing=("income_statement", "lease")),
        e.ClarificationAnswered(**NAMES, clarification_id="q-1", answer=seal("نعم، يكفي تعريف الدخل.")),
        referred(),
        referred(e.CaseAppealed),
        e.CaseReturned(**NAMES, round=1, missing=("income_statement",)),
        answered(),
        e.CaseRegistered(**NAMES),
        e.CaseDelivered(**NAMES, service_id="monthly_sponsorship", delivered_on=date(2026, 12, 10)),
        e.BenefitFollowUpDue(**NAMES),
        e.PapersRunningOut(**NAMES, papers=("national_id", "income_statement"), first_on=date(2026, 12, 10)),
        e.CaseWithdrawn(**NAMES, department_id="sponsorship"),
        e.CaseExpired(**NAMES),
        invited(),
    ]


def invited() -> e.SurveyInvited:
    return e.SurveyInvited(**NAMES, invitation_id="i-1", ending=e.Ending.SERVED, code=seal(CODE))


def returned(*missing: str) -> e.CaseReturned:
    return e.CaseReturned(**NAMES, round=1, missing=missing)
