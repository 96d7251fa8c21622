"""What was handed over at one time: a part or all that is left, to him or to who may take it, and how it is shown."""

from collections.abc import Mapping
from typing import Any

from services.intake.days import check_day_has_come
from services.intake.domain.deliveries import ProofKind
from services.intake.pages.desk.acts.act import Act, Sent
from services.intake.pages.desk.acts.handing import HANDED_OVER, open_plans, valid_collectors
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.words import PROOFS
from services.intake.store.deliveries import proofs_of
from services.intake.use_cases.deliver_part import DeliverPart, Proof, deliver
from shared.language import errors
from shared.language.calendar import RIYADH
from shared.ui.language import mark

SHOWN_BY = {ProofKind.CODE: "code", ProofKind.PAPER: "note"}
"""The field that a kind of proof cannot do without; a signature and a photo need their picture."""
YES, NO = "yes", "no"
LONGEST_CODE = 20


async def _hand_over(sent: Sent) -> str | errors.Refusal:
    fields = sent.fields
    day, what = fields.day("delivered_on"), fields.text("what")
    completes, kind = fields.choice("completes", (YES, NO)), fields.choice("proof", list(ProofKind))
    code, note = fields.optional("code", longest=LONGEST_CODE), fields.optional("note")
    picture, collector = fields.optional("proof_id"), fields.optional("collector_id")
    planned = fields.optional("plan_id")
    if kind in set(ProofKind):
        shown = SHOWN_BY.get(ProofKind(kind), "proof_id")
        if not {"code": code, "note": note, "proof_id": picture}[shown]:
            fields.needed(shown)
    fields.check()
    check_day_has_come(day, field="delivered_on", now=sent.now)
    command = DeliverPart(
        case_id=sent.case_id,
        delivered_on=day,
        what=what,
        completes=completes == YES,
        proof=Proof(kind=ProofKind(kind), code=code, proof_id=picture, note=note),
        collector_id=collector,
        plan_id=planned,
        by=sent.who,
    )
    done = await deliver(command, session=sent.session, now=sent.now)
    if isinstance(done, errors.DeliveryCodeWrong):
        # The try counts: it is given back, so that the transaction stays.
        return errors.DeliveryCodeWrong(field="code")
    return done if isinstance(done, errors.Refusal) else ""


async def _facts(desk: OnDesk) -> Mapping[str, Any]:
    proofs = await proofs_of(desk.session, desk.case.id)
    return {
        "kinds": [(kind.value, desk.say(words)) for kind, words in PROOFS.items()],
        "plans": await open_plans(desk),
        "collectors": await valid_collectors(desk),
        "pictures": [(one.id, one.kept_at.astimezone(RIYADH).strftime("%Y-%m-%d %H:%M")) for one in reversed(proofs)],
    }


PART = Act(
    path="parts",
    words=mark("Hand over a part or all of it"),
    done=mark("What was handed over is recorded."),
    icon="package-check",
    summary="Record on a page what was handed over; with the last part the case is delivered",
    stands_in=HANDED_OVER,
    do=_hand_over,
    facts=_facts,
    refusals=(
        errors.DecidedIt,
        errors.ServiceUnknown,
        errors.ProofMissing,
        errors.ProofNotFound,
        errors.CollectorNotFound,
        errors.CollectorNotValid,
        errors.PlanNotFound,
        errors.PlanOver,
        errors.DeliveryCodeWrong,
        errors.DeliveredTooLongAgo,
    ),
)
