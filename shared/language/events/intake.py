"""What intake tells: the branch's desk."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.language.clauses import Channel, Clause, ReviewingBody, Tool
from shared.language.events.base import CaseEvent, Ending, Event, Sealed, Source


class CaseDrafted(CaseEvent):
    """A request was begun and not yet handed in."""

    type = "case.drafted"
    source = Source.INTAKE

    branch_id: str
    service_id: str
    channel: Channel


class Reception(BaseModel):
    """How he was received: time given to him, and questions answered (`step.reception`)."""

    model_config = ConfigDict(frozen=True)

    started_at: AwareDatetime
    ended_at: AwareDatetime
    questions_answered: Annotated[int, Field(ge=0, le=999)]


FROM_WHERE_HE_IS = frozenset(set(Channel) - {Channel.INTERVIEW, Channel.LETTER})
"""Channels that spare a person the way to an office (`goal.from_where_he_is`)."""


class CaseReceived(CaseEvent):
    """The request was handed in, by a channel that the association adopted, on the form of the service."""

    type = "case.received"
    source = Source.INTAKE
    clauses = frozenset({Clause.ELIGIBILITY_FORM})

    branch_id: str
    service_id: str
    department_id: str
    channel: Channel
    contact: Sealed
    reception: Reception | None = None

    def evidence(self) -> frozenset[Clause]:
        shown = {*self.clauses, self.channel.clause}
        if self.reception is not None:
            shown.add(Clause.STEP_RECEPTION)
        if self.channel in FROM_WHERE_HE_IS:
            shown.add(Clause.GOAL_FROM_WHERE_HE_IS)
        return frozenset(shown)


class CaseFoundIncomplete(CaseEvent):
    """The check found what is missing or no longer valid; the applicant is told it in one list."""

    type = "case.found_incomplete"
    source = Source.INTAKE
    clauses = frozenset({Clause.STEP_COMPLETENESS})

    missing: tuple[str, ...]


class CaseCompleted(CaseEvent):
    """Everything required is there, and each item was valid on the day of the check."""

    type = "case.completed"
    source = Source.INTAKE
    clauses = frozenset({Clause.STEP_COMPLETENESS})

    documents_checked: int


class ClarificationAsked(CaseEvent):
    """The applicant's question went to the social researcher."""

    type = "clarification.asked"
    source = Source.INTAKE

    clarification_id: str


class ClarificationAnswered(CaseEvent):
    """The social researcher explained the rules to the applicant."""

    type = "clarification.answered"
    source = Source.INTAKE
    clauses = frozenset({Clause.STEP_CLARIFICATION, Clause.GOAL_ANSWERS})

    clarification_id: str
    answer: Sealed
    misconception_corrected: bool = False

    def evidence(self) -> frozenset[Clause]:
        return self.clauses | ({Clause.GOAL_TRUST_FACTS} if self.misconception_corrected else set())


class CaseAttested(CaseEvent):
    """The applicant signed for the truth of his data; the digest says of which data."""

    type = "case.attested"
    source = Source.INTAKE
    clauses = frozenset({Clause.STEP_ATTESTATION})

    text_version: str
    data_digest: str


class Referral(CaseEvent):
    """What the reviewing body needs to begin: who, what, and from when the reply clock runs."""

    round: int
    branch_id: str
    service_id: str
    department_id: str
    reviewing_body: ReviewingBody
    referred_at: AwareDatetime
    floor_days: int
    answer_not_before: AwareDatetime
    file: Sealed
    handled_by: tuple[str, ...] = ()
    """Who of the staff took the request and sent it up: none of them decides it."""

    def evidence(self) -> frozenset[Clause]:
        return frozenset({Clause.ELIGIBILITY_ROUTING})


class CaseReferred(Referral):
    """The request went to the body that decides it."""

    type = "case.referred"
    source = Source.INTAKE
    clauses = frozenset({Clause.ELIGIBILITY_ROUTING})


class CaseAppealed(Referral):
    """A rejected applicant asked again; others than those who rejected him decide."""

    type = "case.appealed"
    source = Source.INTAKE
    clauses = frozenset({Clause.ELIGIBILITY_ROUTING})


class CaseRegistered(CaseEvent):
    """The accepted request was registered, its requirements complete."""

    type = "case.registered"
    source = Source.INTAKE
    clauses = frozenset({Clause.STEP_REGISTRATION})


class CaseDelivered(CaseEvent):
    """The service reached the beneficiary."""

    type = "case.delivered"
    source = Source.INTAKE
    clauses = frozenset({Clause.STEP_DELIVERY})

    service_id: str
    delivered_on: date


class BenefitFollowUpDue(CaseEvent):
    """The day has come to ask, unasked, whether the service did him good."""

    type = "benefit.follow_up_due"
    source = Source.INTAKE


class BenefitDocumented(CaseEvent):
    """What the service did for him was found out and written down."""

    type = "benefit.documented"
    source = Source.INTAKE
    clauses = frozenset({Clause.ELIGIBILITY_BENEFIT})

    useful: bool


class CaseClosed(CaseEvent):
    """The file is closed; nothing more is owed on either side."""

    type = "case.closed"
    source = Source.INTAKE

    ending: Ending
    department_id: str


class CaseWithdrawn(CaseEvent):
    """The applicant took his request back; a draft that was never handed in nobody has heard of."""

    type = "case.withdrawn"
    source = Source.INTAKE

    department_id: str
    handed_in: bool = True


class CaseExpired(CaseEvent):
    """The request stayed incomplete for as long as the pack allows."""

    type = "case.expired"
    source = Source.INTAKE


class ToolConsulted(CaseEvent):
    """The employee opened a tool of the policy beside the request, in its edition in force."""

    type = "tool.consulted"
    source = Source.INTAKE

    tool: Tool
    edition: str

    def evidence(self) -> frozenset[Clause]:
        return frozenset({self.tool.clause})


class CaseMadeConfidential(CaseEvent):
    """From now on only those who are named see the case. Told again, it names others in their place."""

    type = "case.made_confidential"
    source = Source.INTAKE

    branch_id: str
    named: tuple[str, ...]


class CaseMadeOpen(CaseEvent):
    """The case is seen again by all whose association and branch it is."""

    type = "case.made_open"
    source = Source.INTAKE


class PolicyCirculated(Event):
    """The board's policy, reviewed, went out to the staff in a new edition."""

    type = "policy.circulated"
    source = Source.INTAKE
    clauses = frozenset({Clause.POLICY_REVIEW})

    circulation_id: str
    edition: str

    @property
    def key(self) -> str:
        return self.circulation_id


class PolicyAcknowledged(Event):
    """A member of the staff has read the edition in force."""

    type = "policy.acknowledged"
    source = Source.INTAKE
    clauses = frozenset({Clause.POLICY_REVIEW})

    circulation_id: str
    person_id: str

    @property
    def key(self) -> str:
        return self.circulation_id
