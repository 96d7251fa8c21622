"""A question goes on as a thread, has a time, and is answered through whichever channel reaches him."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.desk import Clarification
from services.intake.domain.threads import REMINDED_BEFORE, Side, ThreadNote, ThreadTerm, due_after
from services.intake.store import threads as thread_store
from services.intake.timers import ClarificationWaits
from shared.language.clauses import Channel
from shared.language.errors import RepliedAlready
from shared.language.events import ClarificationAnswered, ClarificationAsked, ClarificationDue
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.seal import seal
from shared.plumbing.timers import set_timer


class AskFurther(BaseModel):
    """The applicant asks on in the same thread; `channel` is how he did."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    clarification_id: str
    words: str
    channel: Channel | None
    by: Principal


class Reply(BaseModel):
    """Answer what he asked further; `channel` is how he was told."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    clarification_id: str
    words: str
    channel: Channel | None
    misconception_corrected: bool
    by: Principal


async def open_term(clarification: Clarification, *, case: Case, session: AsyncSession, now: datetime) -> None:
    """The time of a new question begins."""
    await session.flush()
    term = ThreadTerm(
        clarification_id=clarification.id,
        association_id=case.association_id,
        case_id=case.id,
        due_at=due_after(now),
    )
    session.add(term)
    await _remind(term, session=session, now=now)


async def close_term(
    clarification: Clarification, *, through: Channel | None, session: AsyncSession, now: datetime
) -> None:
    """It is answered: its reminders find nothing to say. What he asked further meanwhile waits on."""
    if (term := await thread_store.term_of(session, clarification.id)) is None:
        return
    if (further := await thread_store.first_note(session, clarification.id)) is None:
        term.close(through=through, at=now)
    else:
        term.wait_on(since=further.written_at)
        await _remind(term, session=session, now=now)


async def ask_further(command: AskFurther, *, session: AsyncSession, now: datetime) -> ThreadNote:
    """Keep it, and let the time begin anew. Raises `ClarificationNotFound` or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    thread = await store.get_clarification(session, case_id=case.id, clarification_id=command.clarification_id)
    asked = ClarificationAsked(**case.note(ClarificationAsked), clarification_id=thread.id)
    note = _note(case, thread, side=Side.APPLICANT, command=command, now=now)
    session.add(note)
    term = await thread_store.term_of(session, thread.id)
    if term is None:
        await open_term(thread, case=case, session=session, now=now)
    else:
        term.ask_again(at=now)
        await _remind(term, session=session, now=now)
    await outbox.tell(session, asked, at=now)
    return note


async def reply(command: Reply, *, session: AsyncSession, now: datetime) -> ThreadNote:
    """Answer what waits. Raises `ClarificationNotFound`, or `RepliedAlready` where nothing does."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    thread = await store.get_clarification(session, case_id=case.id, clarification_id=command.clarification_id)
    term = await thread_store.term_of(session, thread.id)
    if term is None or thread.answered_at is None:
        # The first question has an answer of its own, which stands beside it.
        raise RepliedAlready
    term.check_waits()
    note = _note(case, thread, side=Side.RESEARCHER, command=command, now=now)
    session.add(note)
    term.close(through=command.channel, at=now)
    answered = ClarificationAnswered(
        **case.note(ClarificationAnswered),
        clarification_id=thread.id,
        answer=seal(command.words, subject=case.subject_id),
        misconception_corrected=command.misconception_corrected,
    )
    await outbox.tell(session, answered, at=now)
    return note


async def tell_waiting(timer: ClarificationWaits, *, session: AsyncSession, now: datetime) -> None:
    """Say that a question waits and its time is nearly or wholly over, if it still does."""
    term = await thread_store.term_of(session, timer.clarification_id)
    if term is None or not term.remind(of=timer.due_at, overdue=timer.overdue, at=now):
        return
    if (case := await store.find_case(session, term.case_id)) is not None:
        due = ClarificationDue(
            **case.names(), clarification_id=term.clarification_id, due_at=term.due_at, overdue=timer.overdue
        )
        await outbox.tell(session, due, at=now)


async def _remind(term: ThreadTerm, *, session: AsyncSession, now: datetime) -> None:
    for overdue, at in ((False, term.due_at - REMINDED_BEFORE), (True, term.due_at)):
        timer = ClarificationWaits(clarification_id=term.clarification_id, due_at=term.due_at, overdue=overdue)
        await set_timer(session, timer, due_at=at, now=now)


def _note(case: Case, thread: Clarification, *, side: Side, command: AskFurther | Reply, now: datetime) -> ThreadNote:
    return ThreadNote(
        clarification_id=thread.id,
        case_id=case.id,
        subject_id=case.subject_id,
        side=side,
        channel=command.channel,
        words=command.words,
        written_by=command.by.person_id,
        written_at=now,
    )
