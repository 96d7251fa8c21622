"""Questions as threads with a time (`step.clarification`)."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from services.intake import store
from services.intake.api.views import FRONT, Body, ClarificationView, Text, shown
from services.intake.domain.threads import Side
from services.intake.seats import WAITED_FOR, WHO_STUDIES
from services.intake.store import threads as thread_store
from services.intake.store.moments import WRITTEN, moment_in, written
from services.intake.use_cases.keep_thread import AskFurther, Reply, ask_further, reply
from shared.language import errors
from shared.language.clauses import Channel
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="clarifications")


class FurtherQuestion(Body):
    """What he asks on, and how he did."""

    model_config = shown({"words": "وهل يكفي عقد منتهٍ؟", "channel": "phone"})

    words: Text
    channel: Channel | None = None


class FurtherAnswer(Body):
    """What he is told, and how he was."""

    model_config = shown({"words": "لا، يلزم عقد سارٍ أو إثبات العنوان الوطني.", "channel": "phone"})

    words: Text
    channel: Channel | None = None
    misconception_corrected: bool = False


class NoteView(BaseModel):
    """One thing that was said after the first question and its answer."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    side: Side
    channel: Channel | None
    words: str
    written_by: str
    written_at: datetime


class ThreadView(ClarificationView):
    """A question with all that was said about it, and by when it is answered."""

    due_at: datetime | None
    waits: bool
    overdue: bool
    through: Channel | None
    notes: list[NoteView]


class WaitingView(BaseModel):
    """A question that waits for the social researcher."""

    clarification_id: str
    case_id: str
    due_at: datetime
    overdue: bool


class WaitingPage(BaseModel):
    """A page of what waits; `next` is the `after` of the following page."""

    items: list[WaitingView]
    next: str | None


@router.get("/cases/{case_id}/clarifications", summary="The applicant's questions, each as a thread")
@refuses(errors.CaseNotFound)
async def list_threads(
    case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*WHO_STUDIES)]
) -> list[ThreadView]:
    await store.see_case(session, case_id, scope=who.scope)
    terms = await thread_store.terms_of(session, case_id)
    notes = await thread_store.notes_of(session, case_id)
    threads = []
    for question in await thread_store.clarifications_of(session, case_id):
        term = terms.get(question.id)
        waits = term is not None and term.answered_at is None
        threads.append(
            ThreadView(
                **ClarificationView.model_validate(question).model_dump(),
                due_at=term.due_at if term else None,
                waits=waits,
                overdue=waits and term is not None and term.due_at < now,
                through=term.through if term else None,
                notes=[NoteView.model_validate(note) for note in notes if note.clarification_id == question.id],
            )
        )
    return threads


@router.get("/clarifications/waiting", summary="The questions that wait for an answer, the most pressing first")
async def list_waiting(
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*WAITED_FOR)],
    after: Annotated[str, Query(max_length=100, pattern=WRITTEN)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> WaitingPage:
    found = await thread_store.open_terms(session, scope=who.scope, after=moment_in(after), limit=limit)
    items = [
        WaitingView(
            clarification_id=term.clarification_id,
            case_id=term.case_id,
            due_at=term.due_at,
            overdue=term.due_at < now,
        )
        for term in found
    ]
    last = found[-1] if len(found) == limit else None
    return WaitingPage(items=items, next=written(last.due_at, last.clarification_id) if last else None)


@router.post(
    "/cases/{case_id}/clarifications/{clarification_id}/questions",
    status_code=201,
    summary="Refer what he asks further",
)
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.ClarificationNotFound)
async def post_further_question(
    case_id: str,
    clarification_id: str,
    question: FurtherQuestion,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
) -> NoteView:
    command = AskFurther(case_id=case_id, clarification_id=clarification_id, by=who, **question.model_dump())
    return NoteView.model_validate(await ask_further(command, session=session, now=now))


@router.post(
    "/cases/{case_id}/clarifications/{clarification_id}/replies",
    status_code=201,
    summary="Answer what he asked further",
)
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.ClarificationNotFound,
    errors.RepliedAlready,
)
async def post_reply(
    case_id: str,
    clarification_id: str,
    answer: FurtherAnswer,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.SOCIAL_RESEARCHER)],
) -> NoteView:
    command = Reply(case_id=case_id, clarification_id=clarification_id, by=who, **answer.model_dump())
    return NoteView.model_validate(await reply(command, session=session, now=now))
