"""The desk as somebody finds it: what waits for his seat, and how much."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from services.intake.pages.desk.acts.keeping import MANAGERS
from services.intake.pages.desk.on_desk import desk_page, router
from services.intake.pages.desk.places import PLACES
from services.intake.seats import FRONT, READERS
from services.intake.store.desk import COUNTED, count_waiting
from services.intake.store.keepers import count_unkept
from services.intake.store.transfers import closing_of
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import ENDED, CaseStatus
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.ui import language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

pages = router()

S = CaseStatus


@dataclass(frozen=True)
class Queue:
    """Cases that wait for the same act, and what that is."""

    status: CaseStatus
    words: str


TO_DO = (
    Queue(S.DRAFT, mark("Drafts to finish and hand in")),
    Queue(S.RECEIVED, mark("Papers to check")),
    Queue(S.INCOMPLETE, mark("Papers to ask for")),
    Queue(S.COMPLETE, mark("Complete: to be signed for or sent up")),
    Queue(S.ATTESTED, mark("Signed for: to be sent up")),
    Queue(S.ANSWERED, mark("Answered: to register, or to close")),
    Queue(S.REGISTERED, mark("Services to deliver")),
    Queue(S.DELIVERED, mark("Benefits to ask about")),
)
"""At the front; the main way's order."""
IN_STUDY = (
    Queue(S.RECEIVED, mark("Handed in, not checked yet")),
    Queue(S.INCOMPLETE, mark("Waiting for papers")),
    Queue(S.REFERRED, mark("Gone up, under study")),
    Queue(S.DECIDED, mark("Decided, the answer is held")),
)
ALL_THAT_RUNS = tuple(
    Queue(status, words)
    for status, words in (
        (S.DRAFT, mark("Begun, not handed in")),
        (S.RECEIVED, mark("Handed in, not checked yet")),
        (S.INCOMPLETE, mark("Waiting for papers")),
        (S.COMPLETE, mark("Papers complete")),
        (S.ATTESTED, mark("Signed for")),
        (S.REFERRED, mark("Gone up, under study")),
        (S.DECIDED, mark("Decided, the answer is held")),
        (S.ANSWERED, mark("Answered")),
        (S.REGISTERED, mark("To be delivered")),
        (S.DELIVERED, mark("Delivered, benefit not documented or file not closed")),
    )
    if status not in ENDED
)


def queues_of(role: Role) -> tuple[Queue, ...]:
    """What waits for a seat."""
    if role in FRONT:
        return TO_DO
    return IN_STUDY if role is Role.SOCIAL_RESEARCHER else ALL_THAT_RUNS


@pages.get("/desk", response_class=HTMLResponse, summary="The desk: what waits for your seat")
async def show_desk(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*READERS)]
) -> Response:
    queues = queues_of(who.role)
    counts = await count_waiting(session, [queue.status for queue in queues], scope=who.scope)
    # A pack without an attestation has no case that waits for its way up with one.
    pack = packs().get(who.association_id)
    unsigned = pack is not None and pack.attestation is None
    rows = [
        (queue.words, queue.status.value, counts[queue.status])
        for queue in queues
        if counts[queue.status] or not (unsigned and queue.status is S.ATTESTED)
    ]
    places = [(place.words, place.path, place.icon) for place in PLACES if who.role in place.roles]
    facts: dict[str, Any] = {
        "rows": rows,
        "most": COUNTED,
        "today": riyadh_day(now),
        "places": places,
        "files_at": "",
        "unkept": 0,
    }
    if pack is not None and who.role in MANAGERS:
        facts["unkept"] = await count_unkept(session, scope=who.scope, pack=pack, now=now)
    if who.scope.branch_id is not None:
        closing = await closing_of(session, association_id=who.association_id, branch=who.scope.branch_id)
        if closing is not None:
            facts["files_at"] = name_of_branch(pack, closing.to_branch, language=language_of(request))
    return await desk_page(request, session, who, "home.html", **facts)
