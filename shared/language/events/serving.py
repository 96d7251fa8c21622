"""What intake tells after acceptance, and of what it proposes before anybody asks."""

from datetime import date
from enum import StrEnum

from shared.language.clauses import Clause
from shared.language.events.base import CaseEvent, Sealed, Source


class DeliveryPlanned(CaseEvent):
    """The service is to be handed over on this day; the place travels sealed, as it may be where he lives."""

    type = "delivery.planned"
    source = Source.INTAKE

    planned_for: date
    place: Sealed


class DeliveryCodeMade(CaseEvent):
    """A code went to the beneficiary: who says it has the service from him, or may take it for him."""

    type = "delivery.code_made"
    source = Source.INTAKE

    code: Sealed


class CasePartDelivered(CaseEvent):
    """A part of the service reached the beneficiary, or whoever may take it for him."""

    type = "case.part_delivered"
    source = Source.INTAKE
    clauses = frozenset({Clause.STEP_DELIVERY})

    service_id: str
    delivered_on: date


class ProposalKind(StrEnum):
    """Why somebody is reached before he asks."""

    DOCUMENT_EXPIRING = "document_expiring"
    SERVICE_FITS = "service_fits"
    FOLLOW_UP_DUE = "follow_up_due"


class ProposalEvent(CaseEvent):
    """Something about one proposal to reach a person first."""

    proposal_id: str
    kind: ProposalKind


class ProposalSent(ProposalEvent):
    """The branch lets him be written to, if he agreed to be: of a paper that runs out, or a service that fits."""

    type = "proposal.sent"
    source = Source.INTAKE

    service_id: str | None = None
    document_kind: str | None = None
    due_on: date | None = None


class ProposalActedOn(ProposalEvent):
    """The branch reached him itself."""

    type = "proposal.acted_on"
    source = Source.INTAKE
    clauses = frozenset({Clause.GOAL_PROACTIVE})


class ProposalDismissed(ProposalEvent):
    """The branch sees no need, and says why in its own file."""

    type = "proposal.dismissed"
    source = Source.INTAKE
