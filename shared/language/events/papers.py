"""What intake tells of first contacts, papers that run out, and questions that wait."""

from datetime import date

from pydantic import AwareDatetime

from shared.language.clauses import Channel, Clause
from shared.language.events.base import CaseEvent, Event, Source


class ContactTaken(Event):
    """Somebody reached the association by one of its channels; it is no request yet."""

    type = "contact.taken"
    source = Source.INTAKE

    contact_id: str
    branch_id: str
    channel: Channel
    subject_id: str | None = None

    @property
    def key(self) -> str:
        return self.contact_id

    def evidence(self) -> frozenset[Clause]:
        return frozenset({self.channel.clause})


class ContactConverted(CaseEvent):
    """A contact became a request and went into its file."""

    type = "contact.converted"
    source = Source.INTAKE

    contact_id: str
    channel: Channel


class PapersRunningOut(CaseEvent):
    """Papers of an open request will soon be valid no more: told once a paper, all of them together."""

    type = "papers.running_out"
    source = Source.INTAKE
    clauses = frozenset({Clause.GOAL_PROACTIVE})

    papers: tuple[str, ...]
    first_on: date


class ClarificationDue(CaseEvent):
    """A question of the applicant waits for the social researcher, and its time is nearly or wholly over."""

    type = "clarification.due"
    source = Source.INTAKE

    clarification_id: str
    due_at: AwareDatetime
    overdue: bool
