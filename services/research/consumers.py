"""What research does about the branch's facts and its own timers."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from services.research.timers import AnswerDue
from services.research.use_cases.answer_case import answer_case
from services.research.use_cases.follow_branch import follow_branch
from services.research.use_cases.forget_person import forget_person
from services.research.use_cases.open_review import open_review
from shared.language.events import (
    HEARS,
    CaseAppealed,
    CaseReferred,
    CaseTransferred,
    CaseWithdrawn,
    PersonErased,
    Source,
)
from shared.plumbing.confidence import hear_of_confidence
from shared.plumbing.listener import Listener
from shared.plumbing.service import Runtime
from shared.plumbing.sessions import hear_of_ended_sessions
from shared.plumbing.timers import cancel_timer


def make_listener(_: Runtime) -> Listener:
    """The ears of research."""
    listener = Listener(Source.RESEARCH, to=HEARS[Source.RESEARCH])
    hear_of_confidence(listener)
    hear_of_ended_sessions(listener)

    @listener.on(CaseReferred)
    async def when_case_referred(event: CaseReferred, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await open_review(event, session=session)

    @listener.on(CaseAppealed)
    async def when_case_appealed(event: CaseAppealed, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await open_review(event, session=session)

    @listener.on(CaseWithdrawn)
    async def when_case_withdrawn(event: CaseWithdrawn, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        if (review := await store.find_review(session, event.case_id)) is not None:
            review.withdraw()
            await cancel_timer(session, AnswerDue(review_id=review.id))

    @listener.on(CaseTransferred)
    async def when_case_transferred(event: CaseTransferred, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await follow_branch(event, session=session)

    @listener.on(PersonErased)
    async def when_person_erased(event: PersonErased, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await forget_person(event, session=session)

    @listener.on(AnswerDue)
    async def when_answer_due(timer: AnswerDue, *, session: AsyncSession, now: datetime) -> None:
        if (review := await store.get_round(session, timer.review_id)) is not None:
            await answer_case(review, session=session, now=now)

    return listener
