"""What notifications tells: what became of each message."""

from enum import StrEnum

from shared.language.clauses import Clause
from shared.language.events.base import CaseEvent, Source


class Medium(StrEnum):
    """The way that a message takes."""

    SMS = "sms"
    EMAIL = "email"


TEMPLATE_CLAUSES: dict[str, frozenset[Clause]] = {
    "case_referred": frozenset({Clause.STEP_COMMITTEE_NOTICE}),
    "case_appealed": frozenset({Clause.STEP_COMMITTEE_NOTICE}),
    "case_answered": frozenset({Clause.ELIGIBILITY_ANSWER, Clause.GOAL_ANSWERS}),
    "clarification_answered": frozenset({Clause.GOAL_ANSWERS}),
    "benefit_follow_up_due": frozenset({Clause.GOAL_PROACTIVE}),
    "proposal_sent": frozenset({Clause.GOAL_PROACTIVE}),
}
"""Which message makes which clause true: the notice before the committee, the answer, the unasked follow-up."""


class MessageEvent(CaseEvent):
    """Something that happened to a message about a case."""

    message_id: str
    template: str
    medium: Medium


class MessageSent(MessageEvent):
    """A gateway took the message for the applicant."""

    type = "message.sent"
    source = Source.NOTIFICATIONS
    clauses = frozenset({Clause.GOAL_ELECTRONIC})

    def evidence(self) -> frozenset[Clause]:
        return self.clauses | TEMPLATE_CLAUSES.get(self.template, frozenset())


class MessageFailed(MessageEvent):
    """A gateway will never take this message; a person has to reach the applicant another way."""

    type = "message.failed"
    source = Source.NOTIFICATIONS

    reason: str


class MessageWithheld(CaseEvent):
    """He has not agreed to be written to for what the message is for: a person may still speak to him."""

    type = "message.withheld"
    source = Source.NOTIFICATIONS

    template: str
