"""What feedback tells: how it was, and what was made better."""

from datetime import date
from typing import Literal

from shared.language.clauses import Clause
from shared.language.events.base import CaseEvent, Ending, Event, Party, Rating, Sealed, Source


class SurveyInvited(CaseEvent):
    """Whoever came to an end, served or not, was asked how it was: his right, and never used against anyone."""

    type = "survey.invited"
    source = Source.FEEDBACK
    clauses = frozenset({Clause.GOAL_TRUST_EVALUATION_RIGHT})

    invitation_id: str
    ending: Ending
    code: Sealed


class SurveyAnswered(CaseEvent):
    """Somebody whose case ended said how it was. What he said stays in feedback, apart from his name and case."""

    type = "survey.answered"
    source = Source.FEEDBACK
    clauses = frozenset({Clause.GOAL_SATISFACTION, Clause.GOAL_EASE, Clause.GOAL_TRUST_IMPRESSION})

    department_id: str


class RelationEvent(Event):
    """Something between the association and one of the parties that its policy names."""

    relation_id: str
    party: Party
    subject_id: str | None = None
    """Who said it, by the id of a key made for this one relation."""

    @property
    def key(self) -> str:
        return self.relation_id

    def evidence(self) -> frozenset[Clause]:
        return frozenset() if self.party is Party.BENEFICIARY else frozenset({Clause.POLICY_PARTIES})


class ComplaintReceived(RelationEvent):
    """Somebody was not satisfied and said so (ISO 10002 §7.2)."""

    type = "complaint.received"
    source = Source.FEEDBACK


class ComplaintResolved(RelationEvent):
    """The complaint was answered (ISO 10002 §7.8)."""

    type = "complaint.resolved"
    source = Source.FEEDBACK


class SuggestionReceived(RelationEvent):
    """Somebody said how it could be better."""

    type = "suggestion.received"
    source = Source.FEEDBACK


class ContactShown(RelationEvent):
    """Somebody looked at how a party is reached, and said why."""

    type = "contact.shown"
    source = Source.FEEDBACK

    reason: Sealed


class DepartmentEvaluated(Event):
    """One department said how another serves it: quality is everyone's business, inside as outside."""

    type = "department.evaluated"
    source = Source.FEEDBACK
    clauses = frozenset({Clause.GOAL_TRUST_ALL_DEPARTMENTS})

    evaluation_id: str
    department_id: str
    by_department_id: str
    overall: Rating

    @property
    def key(self) -> str:
        return self.evaluation_id


class ImprovementEvent(Event):
    """A step in removing an obstacle that beneficiaries named."""

    improvement_id: str
    found_by: Literal["survey", "complaint", "suggestion"]

    @property
    def key(self) -> str:
        return self.improvement_id


class ImprovementOpened(ImprovementEvent):
    """An obstacle was taken up, with somebody who answers for it and a day."""

    type = "improvement.opened"
    source = Source.FEEDBACK

    due_on: date


class ImprovementCompleted(ImprovementEvent):
    """The obstacle is gone."""

    type = "improvement.completed"
    source = Source.FEEDBACK
    clauses = frozenset({Clause.GOAL_TRUST_IMPROVEMENT})
