"""What was asked and answered, and who did what, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake import store
from services.intake.domain.trace import TimelineEntry
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.threads_of import threads_of
from services.intake.pages.desk.words import FACTS
from services.intake.seats import FRONT, WHO_STUDIES
from shared.language.case_lifecycle import MOVES
from shared.language.events import ClarificationAnswered, ClarificationAsked
from shared.language.roles import APPLICANT, SYSTEM, Role
from shared.ui.language import Language, mark
from shared.ui.signed_in import name_of_branch
from shared.ui.words import ROLES

BY_ITSELF = mark("The system")
BY_APPLICANT = mark("The applicant")


async def clarifications(desk: OnDesk) -> Mapping[str, Any] | None:
    """The thread of questions (`step.clarification`), to those who take requests in, study or audit them."""
    if desk.who.role not in WHO_STUDIES:
        return None
    thread = await threads_of(desk)
    if not thread:
        return None
    status = desk.case.status
    answers = desk.who.role is Role.SOCIAL_RESEARCHER and (status, ClarificationAnswered) in MOVES
    return {
        "thread": thread,
        "answers": answers,
        "asks": desk.who.role in FRONT and (status, ClarificationAsked) in MOVES,
        "at": desk.at("/clarifications"),
    }


@dataclass(frozen=True)
class Entry:
    """A fact of the file as the timeline shows it."""

    title: str
    text: str
    who: str
    at: datetime
    by_machine: bool


async def timeline(desk: OnDesk) -> Mapping[str, Any]:
    """Every fact of the file, the newest first."""
    entries = await store.timeline_of(desk.session, desk.case.id)
    return {"entries": [_entry(desk, entry) for entry in reversed(entries)]}


def _entry(desk: OnDesk, entry: TimelineEntry) -> Entry:
    title = desk.say(FACTS[entry.event]) if entry.event in FACTS else entry.event
    papers = entry.facts.get("missing", "") or entry.facts.get("papers", "")
    comma = "، " if desk.language is Language.ARABIC else ", "
    text = comma.join(desk.paper(kind) for kind in papers.split(", ")) if papers else ""
    return Entry(title, text, _who(desk, entry), entry.at, entry.person_id == SYSTEM.person_id)


def _who(desk: OnDesk, entry: TimelineEntry) -> str:
    if entry.person_id == SYSTEM.person_id:
        return desk.say(BY_ITSELF)
    if entry.person_id == APPLICANT.person_id:
        return desk.say(BY_APPLICANT)
    role = desk.say(ROLES[entry.role]) if entry.role in ROLES else ""
    place = name_of_branch(desk.pack, entry.branch_id, language=desk.language) if entry.branch_id else ""
    return " · ".join(filter(None, (role, place)))
