"""What intake does about the facts of all services, its own among them, and its timers."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.timers import (
    ApplicantCodeOver,
    BenefitDueAgain,
    BenefitUnknown,
    BranchesToTell,
    BranchToMove,
    ClarificationWaits,
    FollowAsked,
    ImportFileGoes,
    ImportNameGoes,
    ImportPage,
    IncompleteTooLong,
    LookAhead,
    PaperRunsOut,
    RightsNearlyDue,
)
from services.intake.use_cases.ask_for_right import tell_nearly_due
from services.intake.use_cases.close_branch import move_page
from services.intake.use_cases.end_case import expire_case
from services.intake.use_cases.erase_person import forget_person
from services.intake.use_cases.follow_benefit import ask_again, ask_for_benefit
from services.intake.use_cases.follow_body import follow_body
from services.intake.use_cases.follow_own import answer_ask, forget_code
from services.intake.use_cases.imports.carry_on import carry_on, forget_name, let_go
from services.intake.use_cases.keep_thread import tell_waiting
from services.intake.use_cases.keep_trace import keep_trace
from services.intake.use_cases.know_person import know_person
from services.intake.use_cases.reach_first import look_at_page
from services.intake.use_cases.register.find_duplicates import look_for_duplicates, look_for_duplicates_of
from services.intake.use_cases.tell_branches import tell_branches
from services.intake.use_cases.warn_of_papers import tell_running_out
from shared.language.events import (
    HEARS,
    CaseAnswered,
    CaseDecided,
    CaseDrafted,
    CaseReturned,
    CaseStudied,
    ComplaintReceived,
    PersonErased,
    PersonRegistered,
    Source,
    SuggestionReceived,
)
from shared.plumbing.listener import Listener
from shared.plumbing.service import Runtime


def make_listener(runtime: Runtime) -> Listener:
    """The ears of intake: the case file is made of what everybody tells."""
    listener = Listener(Source.INTAKE, to=HEARS[Source.INTAKE])
    listener.on_any(keep_trace)

    @listener.on(CaseDrafted)
    async def when_case_drafted(event: CaseDrafted, *, session: AsyncSession, now: datetime) -> None:
        await look_for_duplicates(event, session=session, now=now)

    @listener.on(PersonRegistered)
    async def when_person_registered(event: PersonRegistered, *, session: AsyncSession, now: datetime) -> None:
        await look_for_duplicates_of(event, session=session, now=now)

    @listener.on(CaseStudied)
    async def when_case_studied(event: CaseStudied, *, session: AsyncSession, now: datetime) -> None:
        await follow_body(event, session=session, now=now)

    @listener.on(CaseReturned)
    async def when_case_returned(event: CaseReturned, *, session: AsyncSession, now: datetime) -> None:
        await follow_body(event, session=session, now=now)

    @listener.on(CaseDecided)
    async def when_case_decided(event: CaseDecided, *, session: AsyncSession, now: datetime) -> None:
        await follow_body(event, session=session, now=now)

    @listener.on(CaseAnswered)
    async def when_case_answered(event: CaseAnswered, *, session: AsyncSession, now: datetime) -> None:
        await follow_body(event, session=session, now=now)

    @listener.on(IncompleteTooLong)
    async def when_incomplete_too_long(timer: IncompleteTooLong, *, session: AsyncSession, now: datetime) -> None:
        await expire_case(timer, session=session, now=now)

    @listener.on(BenefitUnknown)
    async def when_benefit_unknown(timer: BenefitUnknown, *, session: AsyncSession, now: datetime) -> None:
        await ask_for_benefit(timer.case_id, session=session, now=now)

    @listener.on(BranchToMove)
    async def when_branch_to_move(timer: BranchToMove, *, session: AsyncSession, now: datetime) -> None:
        await move_page(timer, session=session, now=now)

    @listener.on(BranchesToTell)
    async def when_branches_to_tell(timer: BranchesToTell, *, session: AsyncSession, now: datetime) -> None:
        await tell_branches(timer, session=session, now=now)

    @listener.on(BenefitDueAgain)
    async def when_benefit_due_again(timer: BenefitDueAgain, *, session: AsyncSession, now: datetime) -> None:
        await ask_again(timer.case_id, session=session, now=now)

    @listener.on(LookAhead)
    async def when_look_ahead(timer: LookAhead, *, session: AsyncSession, now: datetime) -> None:
        await look_at_page(timer, session=session, now=now)

    _hear_of_people(listener)
    _go_on_with_imports(listener, runtime)
    _hear_of_followers(listener)
    _hear_of_papers(listener)
    return listener


def _hear_of_followers(listener: Listener) -> None:
    @listener.on(FollowAsked)
    async def when_follow_asked(timer: FollowAsked, *, session: AsyncSession, now: datetime) -> None:
        await answer_ask(timer, session=session, now=now)

    @listener.on(ApplicantCodeOver)
    async def when_applicant_code_over(timer: ApplicantCodeOver, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await forget_code(timer, session=session)


def _hear_of_papers(listener: Listener) -> None:
    @listener.on(PaperRunsOut)
    async def when_paper_runs_out(timer: PaperRunsOut, *, session: AsyncSession, now: datetime) -> None:
        await tell_running_out(timer, session=session, now=now)

    @listener.on(ClarificationWaits)
    async def when_clarification_waits(timer: ClarificationWaits, *, session: AsyncSession, now: datetime) -> None:
        await tell_waiting(timer, session=session, now=now)


def _hear_of_people(listener: Listener) -> None:
    @listener.on(PersonErased)
    async def when_person_erased(event: PersonErased, *, session: AsyncSession, now: datetime) -> None:
        await forget_person(event, session=session, now=now)

    @listener.on(ComplaintReceived)
    async def when_complaint_received(event: ComplaintReceived, *, session: AsyncSession, now: datetime) -> None:
        await know_person(event, session=session, now=now)

    @listener.on(SuggestionReceived)
    async def when_suggestion_received(event: SuggestionReceived, *, session: AsyncSession, now: datetime) -> None:
        await know_person(event, session=session, now=now)

    @listener.on(RightsNearlyDue)
    async def when_rights_nearly_due(timer: RightsNearlyDue, *, session: AsyncSession, now: datetime) -> None:
        await tell_nearly_due(timer, session=session, now=now)


def _go_on_with_imports(listener: Listener, runtime: Runtime) -> None:
    @listener.on(ImportPage)
    async def when_import_page(timer: ImportPage, *, session: AsyncSession, now: datetime) -> None:
        await carry_on(timer, cabinet=runtime.cabinet, session=session, now=now)

    @listener.on(ImportFileGoes)
    async def when_import_file_goes(timer: ImportFileGoes, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await let_go(timer, cabinet=runtime.cabinet, session=session)

    @listener.on(ImportNameGoes)
    async def when_import_name_goes(timer: ImportNameGoes, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await forget_name(timer, session=session)
