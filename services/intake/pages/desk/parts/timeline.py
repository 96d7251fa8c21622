"""What was asked and answered, and who did what, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake import store
from services.intake.domain.trace import TimelineEntry
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.threads_of import threads_of
from services.intake.pages.desk.words import FACTS, PARTICULARS, TOOLS
from services.intake.seats import FRONT, WHO_STUDIES
from services.intake.use_cases.show_applicant import Particular
from shared.language.case_lifecycle import MOVES
from shared.language.clauses import Tool
from shared.language.events import ClarificationAnswered, ClarificationAsked
from shared.language.roles import APPLICANT, SYSTEM, Role
from shared.ui.language import Language, mark
from shared.ui.signed_in import name_of_branch
from shared.ui.words import ROLES

BY_ITSELF = mark("The system")
BY_APPLICANT = mark("The applicant")
FROM_TO = mark("From %(here)s to %(there)s")


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
    return Entry(title, _text(desk, entry.facts), _who(desk, entry), entry.at, entry.person_id == SYSTEM.person_id)


def _text(desk: OnDesk, facts: Mapping[str, str]) -> str:
    """Which papers, which numbers, which tool, or from where to where it was."""
    if "to_branch" in facts:
        places = [name_of_branch(desk.pack, facts[end], language=desk.language) for end in ("from_branch", "to_branch")]
        return desk.say(FROM_TO) % dict(zip(("here", "there"), places, strict=True))
    if "tool" in facts:
        return desk.say(TOOLS[Tool(facts["tool"])])
    papers = facts.get("missing", "") or facts.get("papers", "")
    named = [desk.paper(kind) for kind in papers.split(", ") if kind]
    named += [desk.say(PARTICULARS[Particular(field)]) for field in facts.get("fields", "").split(", ") if field]
    return ("، " if desk.language is Language.ARABIC else ", ").join(named)


def _who(desk: OnDesk, entry: TimelineEntry) -> str:
    if entry.person_id == SYSTEM.person_id:
        return desk.say(BY_ITSELF)
    if entry.person_id == APPLICANT.person_id:
        return desk.say(BY_APPLICANT)
    role = desk.say(ROLES[entry.role]) if entry.role in ROLES else ""
    place = name_of_branch(desk.pack, entry.branch_id, language=desk.language) if entry.branch_id else ""
    return " · ".join(filter(None, (role, place)))
