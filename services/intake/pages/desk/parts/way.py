"""The further way of a request: signed for, sent up, decided, delivered, and what it did."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.desk import Attestation
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.words import MANNERS, OUTCOMES
from services.intake.pages.paths import address
from services.intake.seats import WHO_HANDS_OVER, WHO_STUDIES
from services.intake.store.desk import benefits_of, delivery_of, last_attestation
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause, ReviewingBody
from shared.language.events import Outcome
from shared.ui.bidi import name
from shared.ui.language import mark


async def attestation(desk: OnDesk) -> Mapping[str, Any] | None:
    """Who signed for the truth of the data, under which text (`step.attestation`)."""
    signed = await last_attestation(desk.session, desk.case.id)
    if signed is None:
        return None
    sees_it = signed.drawing_place and desk.who.role in WHO_STUDIES
    return {
        "name": signed.signed_name,
        "version": signed.text_version,
        "at": signed.signed_at,
        "stands": _stands(desk, signed),
        "drawn": address(desk.request, f"/api/v1/cases/{desk.case.id}/signature") if sees_it else None,
    }


def _stands(desk: OnDesk, signed: Attestation) -> list[tuple[str, str]]:
    """Who and what stands for a signature that is not his own; nothing where he signed himself."""
    manner = MANNERS.get(signed.manner) if signed.manner else None
    rows = [
        (mark("What stands for his signature"), desk.say(manner) if manner else None),
        (mark("Name of the witness"), signed.witness and name(signed.witness)),
        (mark("Name of who signs for him"), signed.guardian and name(signed.guardian)),
        (mark("What he is to the applicant"), signed.kinship and name(signed.kinship)),
        (mark("Why he does not sign himself"), signed.reason and name(signed.reason)),
    ]
    return [(desk.say(words), value) for words, value in rows if value]


async def referral(desk: OnDesk) -> Mapping[str, Any] | None:
    """When it went up, and the day before which it is not answered (`step.committee_notice`)."""
    case = desk.case
    if case.referred_at is None:
        return None
    tells_floor = desk.pack.adopts(Clause.STEP_COMMITTEE_NOTICE) and case.answer_not_before is not None
    return {
        "to_committee": desk.pack.reviewing_body is ReviewingBody.COMMITTEE,
        "referred_on": riyadh_day(case.referred_at),
        "not_before": riyadh_day(case.answer_not_before) if tells_floor and case.answer_not_before else None,
        "round": case.round,
    }


async def decision(desk: OnDesk) -> Mapping[str, Any] | None:
    """The answer once it was released; until then, that it is held. Nobody at the desk learns it sooner."""
    case = desk.case
    if case.outcome is not None and case.answered_at is not None:
        colour = "good" if case.outcome is Outcome.ACCEPTED else "warn"
        return {"outcome": OUTCOMES[case.outcome], "colour": colour, "on": riyadh_day(case.answered_at)}
    return {"outcome": None} if case.status is CaseStatus.DECIDED else None


async def delivery(desk: OnDesk) -> Mapping[str, Any] | None:
    """When it was delivered; in whose hand and how it is shown, to those who hand over or audit (`step.delivery`)."""
    handed = await delivery_of(desk.session, desk.case.id)
    if handed is None or desk.case.delivered_on is None:
        return None
    whole = desk.who.role in WHO_HANDS_OVER
    return {"on": desk.case.delivered_on, "by": handed.received_by, "proof": handed.proof, "whole": whole}


async def benefit(desk: OnDesk) -> Mapping[str, Any] | None:
    """What the service did for him (`eligibility.benefit`)."""
    known = await benefits_of(desk.session, desk.case.id)
    return {"known": known} if known else None
