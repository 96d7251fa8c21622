"""From the draft to the way up: papers, handing in, check, questions, signature, referral, and asking again."""

from datetime import timedelta

from services.intake.days import check_day_has_come, check_reception
from services.intake.pages.desk.acts.act import Act, Facts, Sent
from services.intake.pages.desk.checklist import papers
from services.intake.pages.desk.fields import TEXT
from services.intake.pages.desk.filled import answers
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN, AddDocument, add_document
from services.intake.use_cases.check_case import CheckCase, check_case
from services.intake.use_cases.clarify_case import AskClarification, ask_clarification
from services.intake.use_cases.receive_case import ReceiveCase, receive_case
from services.intake.use_cases.refer_case import AppealCase, ReferCase, appeal_case, refer_case
from shared.language import errors
from shared.language import events as e
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause, ReviewingBody
from shared.policy.adopted import pack_of
from shared.ui.language import mark

MOST_MINUTES, MOST_QUESTIONS = 720, 999
"""As long as a reception may have taken, and as many questions as an event holds."""


async def _give_paper(sent: Sent) -> str:
    fields = sent.fields
    kind, number = fields.text("kind", longest=100), fields.optional("number", longest=20)
    issued_on, expires_on = fields.day("issued_on"), fields.optional_day("expires_on")
    fields.check()
    check_day_has_come(issued_on, field="issued_on", now=sent.now)
    command = AddDocument(
        case_id=sent.case_id, kind=kind, number=number, issued_on=issued_on, expires_on=expires_on, by=sent.who
    )
    document = await add_document(command, session=sent.session, now=sent.now)
    return f"/documents/{document.id}/file"


async def _papers(desk: OnDesk) -> Facts:
    listed = await papers(desk)
    return {"listed": listed, "kinds": [(paper.kind, paper.words) for paper in listed["papers"]]}


DOCUMENTS = Act(
    path="documents",
    words=mark("Add a paper"),
    done=mark("The paper is recorded."),
    icon="file-plus",
    summary="Record a paper that is valid today",
    stands_in=PAPERS_ARE_TAKEN_IN,
    do=_give_paper,
    facts=_papers,
    refusals=(errors.ServiceUnknown, errors.DocumentNotOnChecklist, errors.DocumentExpired),
)


async def _hand_in(sent: Sent) -> str:
    fields = sent.fields
    minutes = fields.whole("minutes", most=MOST_MINUTES)
    questions = fields.whole("questions", most=MOST_QUESTIONS)
    fields.check()
    reception = None
    if minutes:
        begun = sent.now - timedelta(minutes=minutes)
        reception = e.Reception(started_at=begun, ended_at=sent.now, questions_answered=questions or 0)
        check_reception(reception, now=sent.now)
    command = ReceiveCase(case_id=sent.case_id, reception=reception, scope=sent.who.scope)
    await receive_case(command, session=sent.session, now=sent.now)
    # He waits for one answer: whether it is in, and whether anything is missing.
    return await _check(sent)


async def _look_over(desk: OnDesk) -> Facts:
    return {"answers": await answers(desk), "listed": await papers(desk)}


RECEPTION = Act(
    path="reception",
    words=mark("Check the answers and hand in"),
    done=mark("The request is handed in, and its papers were checked."),
    icon="inbox",
    summary="Hand a request in, and hold its papers against the checklist",
    moves=e.CaseReceived,
    do=_hand_in,
    facts=_look_over,
    refusals=(errors.FormIncomplete, errors.ServiceUnknown),
)


async def _check(sent: Sent) -> str:
    case = await check_case(CheckCase(case_id=sent.case_id, by=sent.who), session=sent.session, now=sent.now)
    if case.status is CaseStatus.COMPLETE:
        return "/attestation" if pack_of(case.association_id).attestation else "/referral"
    return ""


CHECK = Act(
    path="check",
    words=mark("Check the papers"),
    done=mark("The papers were checked."),
    icon="list-checks",
    summary="Hold the papers against the checklist, as they are valid today",
    moves=e.CaseCompleted,
    do=_check,
    facts=_look_over,
    refusals=(errors.ServiceUnknown,),
)


async def _ask(sent: Sent) -> str:
    question = sent.fields.text("question", longest=TEXT)
    sent.fields.check()
    command = AskClarification(case_id=sent.case_id, question=question, by=sent.who)
    await ask_clarification(command, session=sent.session, now=sent.now)
    return ""


CLARIFICATIONS = Act(
    path="clarifications",
    words=mark("Ask the researcher"),
    done=mark("The question is with the researcher."),
    icon="message-circle-question-mark",
    summary="Refer the applicant's question",
    moves=e.ClarificationAsked,
    do=_ask,
)


async def _refer(sent: Sent) -> str:
    await refer_case(ReferCase(case_id=sent.case_id, by=sent.who), session=sent.session, now=sent.now)
    return ""


async def _dates(desk: OnDesk) -> Facts:
    """Both dates of the notice, as they will be (`step.committee_notice`)."""
    tells = desk.pack.adopts(Clause.STEP_COMMITTEE_NOTICE)
    floor = desk.now + timedelta(days=desk.pack.reply_floor_days)
    return {
        "service": desk.words(desk.service.name) if desk.service else desk.case.service_id,
        "today": riyadh_day(desk.now),
        "not_before": riyadh_day(floor) if tells else None,
        "to_committee": desk.pack.reviewing_body is ReviewingBody.COMMITTEE,
    }


REFERRAL = Act(
    path="referral",
    words=mark("Send the request up"),
    done=mark("The request went up. The applicant is told both dates."),
    icon="send",
    summary="Send a complete request up; the reply clock starts",
    moves=e.CaseReferred,
    offered=lambda desk: desk.pack.attestation is None or desk.case.status is CaseStatus.ATTESTED,
    do=_refer,
    facts=_dates,
    refusals=(errors.ServiceUnknown, errors.AttestationMissing, errors.DataChanged, errors.DocumentExpired),
)


async def _appeal(sent: Sent) -> str:
    grounds = sent.fields.text("grounds", longest=TEXT)
    sent.fields.check()
    command = AppealCase(case_id=sent.case_id, grounds=grounds, by=sent.who)
    await appeal_case(command, session=sent.session, now=sent.now)
    return ""


APPEAL = Act(
    path="appeal",
    words=mark("Ask again, before others"),
    done=mark("The request went up again, before others."),
    icon="scale",
    summary="Send a rejected request up again, before others",
    moves=e.CaseAppealed,
    offered=lambda desk: desk.case.outcome is e.Outcome.REJECTED,
    do=_appeal,
    refusals=(errors.NotRejected,),
    beside="grounds",
)
