"""After the answer: registration, delivery, benefit, and the end of the file."""

from services.intake.days import check_day_has_come
from services.intake.pages.desk.acts.act import Act, Sent
from services.intake.pages.desk.fields import TEXT
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.use_cases.end_case import CloseCase, WithdrawCase, close_case, withdraw_case
from services.intake.use_cases.follow_benefit import DocumentBenefit, document_benefit
from services.intake.use_cases.serve_case import DeliverCase, RegisterCase, deliver_case, register_case
from shared.language import errors
from shared.language import events as e
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause
from shared.ui.language import mark


async def _register(sent: Sent) -> str:
    await register_case(RegisterCase(case_id=sent.case_id, by=sent.who), session=sent.session, now=sent.now)
    return ""


REGISTRATION = Act(
    path="registration",
    words=mark("Complete the registration"),
    done=mark("The registration is complete."),
    icon="user-check",
    summary="Complete the registration of an accepted request",
    moves=e.CaseRegistered,
    offered=lambda desk: desk.case.outcome is e.Outcome.ACCEPTED,
    do=_register,
    refusals=(errors.NotAccepted,),
)


async def _deliver(sent: Sent) -> str:
    fields = sent.fields
    day, received_by = fields.day("delivered_on"), fields.text("received_by")
    proof = fields.text("proof", longest=TEXT)
    fields.check()
    check_day_has_come(day, field="delivered_on", now=sent.now)
    command = DeliverCase(case_id=sent.case_id, delivered_on=day, received_by=received_by, proof=proof, by=sent.who)
    await deliver_case(command, session=sent.session, now=sent.now)
    return ""


DELIVERY = Act(
    path="delivery",
    words=mark("Record the delivery"),
    done=mark("The delivery is recorded."),
    icon="hand-heart",
    summary="Record that the service reached the beneficiary",
    moves=e.CaseDelivered,
    do=_deliver,
    refusals=(errors.DecidedIt, errors.ServiceUnknown, errors.DeliveredTooLongAgo),
)

YES, NO = "yes", "no"


async def _document(sent: Sent) -> str:
    fields = sent.fields
    useful, note = fields.choice("useful", (YES, NO)), fields.text("note", longest=TEXT)
    fields.check()
    command = DocumentBenefit(case_id=sent.case_id, useful=useful == YES, note=note, by=sent.who)
    await document_benefit(command, session=sent.session, now=sent.now)
    return ""


BENEFIT = Act(
    path="benefit",
    words=mark("Document the benefit"),
    done=mark("The benefit is documented."),
    icon="sprout",
    summary="Write down what the service did for the beneficiary",
    moves=e.BenefitDocumented,
    do=_document,
)


def _nothing_is_left(desk: OnDesk) -> bool:
    """Rejected, or served and known what it did."""
    if desk.case.status is CaseStatus.ANSWERED:
        return desk.case.outcome is e.Outcome.REJECTED
    return desk.case.benefit_documented_at is not None or not desk.pack.adopts(Clause.ELIGIBILITY_BENEFIT)


async def _close(sent: Sent) -> str:
    await close_case(CloseCase(case_id=sent.case_id, by=sent.who), session=sent.session, now=sent.now)
    return ""


CLOSING = Act(
    path="closing",
    words=mark("Close the file"),
    done=mark("The file is closed."),
    icon="folder-check",
    summary="Close the file of a served or rejected case",
    moves=e.CaseClosed,
    offered=_nothing_is_left,
    do=_close,
    refusals=(errors.NotRejected, errors.BenefitUndocumented),
    ends=True,
)


async def _withdraw(sent: Sent) -> str:
    await withdraw_case(WithdrawCase(case_id=sent.case_id, by=sent.who), session=sent.session, now=sent.now)
    return ""


WITHDRAWAL = Act(
    path="withdrawal",
    words=mark("Take the request back"),
    done=mark("The request is taken back."),
    icon="undo-2",
    summary="Take a request back, before delivery",
    moves=e.CaseWithdrawn,
    do=_withdraw,
    ends=True,
)
