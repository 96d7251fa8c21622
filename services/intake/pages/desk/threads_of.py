"""The questions of one case as threads: what was said in each, by when it is answered, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.threads import Side, ThreadNote, ThreadTerm
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.words import CHANNELS
from services.intake.store.desk import clarifications_of
from services.intake.store.threads import notes_of, terms_of
from shared.language.clauses import Channel


@dataclass(frozen=True)
class Note:
    """One thing that was said further."""

    asks: bool
    words: str
    channel: str | None
    at: datetime


@dataclass(frozen=True)
class Thread:
    """A question with all that was said about it."""

    id: str
    question: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None
    through: str | None
    notes: Sequence[Note]
    waits: bool
    due_at: datetime | None
    late: bool


async def threads_of(desk: OnDesk) -> list[Thread]:
    """Oldest first, each answer with its channel."""
    terms = await terms_of(desk.session, desk.case.id)
    notes = await notes_of(desk.session, desk.case.id)
    threads = []
    for question in await clarifications_of(desk.session, desk.case.id):
        said = [note for note in notes if note.clarification_id == question.id]
        term = terms.get(question.id)
        waits = question.answered_at is None if term is None else term.answered_at is None
        threads.append(
            Thread(
                id=question.id,
                question=question.question,
                asked_at=question.asked_at,
                answer=question.answer,
                answered_at=question.answered_at,
                through=_words(question.answered_through),
                notes=[_note(note) for note in said],
                waits=waits,
                due_at=term.due_at if term and waits else None,
                late=_late(term, now=desk.now) if waits else False,
            )
        )
    return threads


def _note(note: ThreadNote) -> Note:
    return Note(asks=note.side is Side.APPLICANT, words=note.words, channel=_words(note.channel), at=note.written_at)


def _words(channel: Channel | None) -> str | None:
    return CHANNELS[channel] if channel is not None else None


def _late(term: ThreadTerm | None, *, now: datetime) -> bool:
    return term is not None and term.due_at < now
