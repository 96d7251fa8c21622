"""What notifications does about the facts of the others, and its own timer. `CaseClosed` is told to nobody."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.domain.words import Fact
from services.notifications.gateways import Gateways, make_gateways
from services.notifications.settings import NotificationsSettings
from services.notifications.timers import CodeDue, SendDue
from services.notifications.use_cases.forget_person import correct_person, forget_person
from services.notifications.use_cases.keep_contact import keep_contact, move_contact, place_contact
from services.notifications.use_cases.send_code import SendCode, send_applicants_code, send_code
from services.notifications.use_cases.send_message import SendMessage
from services.notifications.use_cases.tell_applicant import tell_applicant, what_is_proposed
from shared.language import events as e
from shared.plumbing.confidence import hear_of_confidence
from shared.plumbing.listener import Listener
from shared.plumbing.seal import unseal
from shared.plumbing.service import Runtime
from shared.plumbing.sessions import hear_of_ended_sessions
from shared.policy.parts import Words

NOT_NAMED = Words(ar="ما سيوضحه لك موظف الفرع", en="what the branch will explain to you")


def make_listener(runtime: Runtime, *, gateways: Gateways | None = None) -> Listener:
    """The ears of notifications; `gateways` in place of those that the settings choose."""
    settings = runtime.own_settings
    if not isinstance(settings, NotificationsSettings):
        raise TypeError("notifications was given another service's settings")
    if gateways is None:
        gateways = make_gateways(settings, database=runtime.database, clock=runtime.clock)
    listener = Listener(e.Source.NOTIFICATIONS, to=e.HEARS[e.Source.NOTIFICATIONS])
    hear_of_confidence(listener)
    hear_of_ended_sessions(listener)
    _hear_of_the_request(listener)
    _hear_of_the_review(listener)
    _hear_of_the_service(listener, survey_place=settings.survey_place)
    _hear_of_the_person(listener)
    sending = SendMessage(gateways, database=runtime.database, quick_attempts=runtime.settings.max_attempts)
    listener.calls_out(SendDue, sending.callout)
    listener.calls_out(CodeDue, SendCode(gateways, clock=runtime.clock).callout)
    _hear_of_sign_ins(listener)
    return listener


def _hear_of_sign_ins(listener: Listener) -> None:
    @listener.on(e.SignInCodeMade)
    async def when_sign_in_code_made(event: e.SignInCodeMade, *, session: AsyncSession, now: datetime) -> None:
        await send_code(event, session=session, now=now)

    @listener.on(e.ApplicantCodeMade)
    async def when_applicant_code_made(event: e.ApplicantCodeMade, *, session: AsyncSession, now: datetime) -> None:
        await send_applicants_code(event, session=session, now=now)


def _hear_of_the_request(listener: Listener) -> None:
    @listener.on(e.CaseReceived)
    async def when_case_received(event: e.CaseReceived, *, session: AsyncSession, now: datetime) -> None:
        await keep_contact(event, session=session)
        await tell_applicant(event, session=session, now=now)

    @listener.on(e.CaseFoundIncomplete)
    async def when_case_found_incomplete(event: e.CaseFoundIncomplete, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, facts={"missing": event.missing or NOT_NAMED}, session=session, now=now)

    @listener.on(e.ClarificationAnswered)
    async def when_clarification_answered(
        event: e.ClarificationAnswered, *, session: AsyncSession, now: datetime
    ) -> None:
        await tell_applicant(event, facts={"answer": unseal(event.answer)}, session=session, now=now)

    @listener.on(e.PapersRunningOut)
    async def when_papers_running_out(event: e.PapersRunningOut, *, session: AsyncSession, now: datetime) -> None:
        facts: dict[str, Fact] = {"papers": event.papers, "first_on": event.first_on}
        await tell_applicant(event, facts=facts, session=session, now=now)

    @listener.on(e.CaseWithdrawn)
    async def when_case_withdrawn(event: e.CaseWithdrawn, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, session=session, now=now)

    @listener.on(e.CaseExpired)
    async def when_case_expired(event: e.CaseExpired, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, session=session, now=now)


def _hear_of_the_person(listener: Listener) -> None:
    @listener.on(e.PersonCorrected)
    async def when_person_corrected(event: e.PersonCorrected, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await correct_person(event, session=session)

    @listener.on(e.CaseTransferred)
    async def when_case_transferred(event: e.CaseTransferred, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await move_contact(event, session=session)

    @listener.on(e.CaseLocated)
    async def when_case_located(event: e.CaseLocated, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await place_contact(event, session=session)

    @listener.on(e.PersonErased)
    async def when_person_erased(event: e.PersonErased, *, session: AsyncSession, now: datetime) -> None:
        await forget_person(event, session=session, now=now)


def _hear_of_the_review(listener: Listener) -> None:
    @listener.on(e.CaseReferred)
    async def when_case_referred(event: e.CaseReferred, *, session: AsyncSession, now: datetime) -> None:
        await _tell_referral(event, session=session, now=now)

    @listener.on(e.CaseAppealed)
    async def when_case_appealed(event: e.CaseAppealed, *, session: AsyncSession, now: datetime) -> None:
        await _tell_referral(event, session=session, now=now)

    @listener.on(e.CaseReturned)
    async def when_case_returned(event: e.CaseReturned, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, facts={"missing": event.missing or NOT_NAMED}, session=session, now=now)

    @listener.on(e.CaseAnswered)
    async def when_case_answered(event: e.CaseAnswered, *, session: AsyncSession, now: datetime) -> None:
        facts = {"reason": unseal(event.reason)}
        await tell_applicant(event, variant=event.outcome.value, facts=facts, session=session, now=now)


def _hear_of_the_service(listener: Listener, *, survey_place: Words) -> None:
    @listener.on(e.CaseRegistered)
    async def when_case_registered(event: e.CaseRegistered, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, session=session, now=now)

    @listener.on(e.CaseDelivered)
    async def when_case_delivered(event: e.CaseDelivered, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, facts={"delivered_on": event.delivered_on}, session=session, now=now)

    @listener.on(e.DeliveryPlanned)
    async def when_delivery_planned(event: e.DeliveryPlanned, *, session: AsyncSession, now: datetime) -> None:
        place = unseal(event.place)
        await tell_applicant(event, facts={"planned_for": event.planned_for, "place": place}, session=session, now=now)

    @listener.on(e.DeliveryCodeMade)
    async def when_delivery_code_made(event: e.DeliveryCodeMade, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, secret=unseal(event.code), session=session, now=now)

    @listener.on(e.ProposalSent)
    async def when_proposal_sent(event: e.ProposalSent, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, variant=event.kind.value, facts=what_is_proposed(event), session=session, now=now)

    @listener.on(e.BenefitFollowUpDue)
    async def when_benefit_follow_up_due(event: e.BenefitFollowUpDue, *, session: AsyncSession, now: datetime) -> None:
        await tell_applicant(event, session=session, now=now)

    @listener.on(e.SurveyInvited)
    async def when_survey_invited(event: e.SurveyInvited, *, session: AsyncSession, now: datetime) -> None:
        facts = {"survey_place": survey_place}
        await tell_applicant(event, facts=facts, secret=unseal(event.code), session=session, now=now)


async def _tell_referral(event: e.Referral, *, session: AsyncSession, now: datetime) -> None:
    """The notice before the committee, with both days (`step.committee_notice`); a department has no floor."""
    variant = "department" if event.floor_days == 0 else None
    facts = {"referred_on": event.referred_at, "answer_on": event.answer_not_before}
    await tell_applicant(event, variant=variant, facts=facts, session=session, now=now)
