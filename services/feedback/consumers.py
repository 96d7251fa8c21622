"""What feedback does about the branch's facts: every case that came to an end is asked about, however it ended."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback.use_cases.forget_person import forget_person
from services.feedback.use_cases.invite_to_survey import invite_to_survey
from shared.language.events import (
    HEARS,
    CaseClosed,
    CaseWithdrawn,
    Ending,
    PersonErased,
    Source,
)
from shared.plumbing.confidence import hear_of_confidence, hear_of_transfers
from shared.plumbing.listener import Listener
from shared.plumbing.service import Runtime
from shared.plumbing.sessions import hear_of_ended_sessions


def make_listener(_: Runtime) -> Listener:
    """The ears of feedback."""
    listener = Listener(Source.FEEDBACK, to=HEARS[Source.FEEDBACK])
    hear_of_confidence(listener)
    hear_of_transfers(listener)
    hear_of_ended_sessions(listener)

    @listener.on(CaseClosed)
    async def when_case_closed(event: CaseClosed, *, session: AsyncSession, now: datetime) -> None:
        await invite_to_survey(event, ending=event.ending, session=session, now=now)

    @listener.on(CaseWithdrawn)
    async def when_case_withdrawn(event: CaseWithdrawn, *, session: AsyncSession, now: datetime) -> None:
        if event.handed_in:
            await invite_to_survey(event, ending=Ending.WITHDRAWN, session=session, now=now)

    @listener.on(PersonErased)
    async def when_person_erased(event: PersonErased, *, session: AsyncSession, now: datetime) -> None:
        await forget_person(event, session=session, now=now)

    return listener
