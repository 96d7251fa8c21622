"""What research tells: the reviewing body."""

from pydantic import AwareDatetime

from shared.language.clauses import Clause
from shared.language.events.base import CaseEvent, Outcome, Sealed, Source


class CaseStudied(CaseEvent):
    """The data were held against reality, and the report written."""

    type = "case.studied"
    source = Source.RESEARCH
    clauses = frozenset({Clause.ELIGIBILITY_VERIFICATION})

    round: int


class CaseDecided(CaseEvent):
    """The body has decided. The outcome stays with it until the answer may be told."""

    type = "case.decided"
    source = Source.RESEARCH

    round: int
    held_until: AwareDatetime
    decided_by: tuple[str, ...] = ()
    """Whose word it is, votes among them: none of them says alone that the service was delivered."""


class CaseReturned(CaseEvent):
    """The body needs more before it can decide."""

    type = "case.returned"
    source = Source.RESEARCH

    round: int
    missing: tuple[str, ...]


class CaseAnswered(CaseEvent):
    """The answer left the body for the applicant: no sooner than the floor."""

    type = "case.answered"
    source = Source.RESEARCH
    clauses = frozenset({Clause.ELIGIBILITY_ANSWER, Clause.STEP_COMMITTEE_NOTICE})

    round: int
    outcome: Outcome
    reason: Sealed
    referred_at: AwareDatetime
    answered_at: AwareDatetime
    floor_days: int

    def evidence(self) -> frozenset[Clause]:
        kept = self.floor_days > 0 and (self.answered_at - self.referred_at).days >= self.floor_days
        return self.clauses if kept else frozenset({Clause.ELIGIBILITY_ANSWER})
