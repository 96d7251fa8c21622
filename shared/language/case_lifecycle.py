"""The one lifecycle of a case: `(status, event) → status`.

The same table refuses a command, replays a projection, draws the README's picture and is tested for every pair.
An entry that keeps its status allows the event there and moves nothing.
"""

from enum import StrEnum

from shared.language import events as e
from shared.language.errors import StepOutOfOrder
from shared.language.steps import Step


class CaseStatus(StrEnum):
    """Where a case stands, in the order of the main way; the last four end it or stand beside it."""

    DRAFT = "draft"
    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    ATTESTED = "attested"
    REFERRED = "referred"
    DECIDED = "decided"
    ANSWERED = "answered"
    REGISTERED = "registered"
    DELIVERED = "delivered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def ar(self) -> str:
        """As the glossary has it."""
        return STATUSES[self]


S = CaseStatus

STATUSES = {
    S.DRAFT: "مسودة",
    S.RECEIVED: "مستلَم",
    S.INCOMPLETE: "ناقص",
    S.COMPLETE: "مكتمل",
    S.ATTESTED: "مُقَر",
    S.REFERRED: "مرفوع",
    S.DECIDED: "مبتوت فيه",
    S.ANSWERED: "مُجاب",
    S.REGISTERED: "مسجَّل",
    S.DELIVERED: "مُسلَّم",
    S.CLOSED: "مغلق",
    S.WITHDRAWN: "مسحوب",
    S.EXPIRED: "منتهٍ",
}
ENDED = frozenset({S.CLOSED, S.WITHDRAWN, S.EXPIRED})
BEFORE_DELIVERY = tuple(status for status in S if status not in ENDED | {S.DELIVERED})
IN_HAND = tuple(status for status in S if status not in ENDED | {S.DRAFT})

Moves = dict[tuple[CaseStatus | None, type[e.CaseEvent]], CaseStatus]

MOVES: Moves = {
    (None, e.CaseDrafted): S.DRAFT,
    (S.DRAFT, e.CaseReceived): S.RECEIVED,
    (S.RECEIVED, e.CaseFoundIncomplete): S.INCOMPLETE,
    (S.INCOMPLETE, e.CaseFoundIncomplete): S.INCOMPLETE,
    # A document may run out between the check and the referral.
    (S.COMPLETE, e.CaseFoundIncomplete): S.INCOMPLETE,
    (S.ATTESTED, e.CaseFoundIncomplete): S.INCOMPLETE,
    (S.RECEIVED, e.CaseCompleted): S.COMPLETE,
    (S.INCOMPLETE, e.CaseCompleted): S.COMPLETE,
    (S.COMPLETE, e.CaseAttested): S.ATTESTED,
    # A request that changed after the signature is signed for again.
    (S.ATTESTED, e.CaseAttested): S.ATTESTED,
    # The shorter way of a pack without `step.attestation`; the domain refuses it where the pack has it.
    (S.COMPLETE, e.CaseReferred): S.REFERRED,
    (S.ATTESTED, e.CaseReferred): S.REFERRED,
    (S.REFERRED, e.CaseStudied): S.REFERRED,
    (S.REFERRED, e.CaseReturned): S.INCOMPLETE,
    (S.REFERRED, e.CaseDecided): S.DECIDED,
    (S.DECIDED, e.CaseAnswered): S.ANSWERED,
    (S.ANSWERED, e.CaseAppealed): S.REFERRED,
    (S.ANSWERED, e.CaseRegistered): S.REGISTERED,
    (S.ANSWERED, e.CaseClosed): S.CLOSED,
    (S.REGISTERED, e.CaseDelivered): S.DELIVERED,
    (S.DELIVERED, e.BenefitFollowUpDue): S.DELIVERED,
    (S.DELIVERED, e.BenefitDocumented): S.DELIVERED,
    (S.DELIVERED, e.CaseClosed): S.CLOSED,
    (S.INCOMPLETE, e.CaseExpired): S.EXPIRED,
    **{(status, e.CaseWithdrawn): S.WITHDRAWN for status in BEFORE_DELIVERY},
    **{(status, e.ClarificationAsked): status for status in IN_HAND},
    **{(status, e.ClarificationAnswered): status for status in (*IN_HAND, *sorted(ENDED))},
    **{(status, e.ToolConsulted): status for status in S},
    **{(status, event): status for status in S for event in (e.CaseMadeConfidential, e.CaseMadeOpen)},
    **{(status, event): status for status in S for event in (e.CaseTransferred, e.TransferRefused, e.TransferRevoked)},
    **{(status, event): status for status in (S.DRAFT, *IN_HAND) for event in (e.TransferAsked, e.CaseAssigned)},
    **{(S.REGISTERED, event): S.REGISTERED for event in (e.DeliveryPlanned, e.DeliveryCodeMade, e.CasePartDelivered)},
    **{(s, event): s for s in S for event in (e.ProposalSent, e.ProposalActedOn, e.ProposalDismissed)},
    # The body's word and the applicant's withdrawal may cross on the way: the withdrawal stands.
    **{
        (S.WITHDRAWN, event): S.WITHDRAWN for event in (e.CaseStudied, e.CaseReturned, e.CaseDecided, e.CaseAnswered)
    },
}  # fmt: skip


def move(status: CaseStatus | None, event: type[e.CaseEvent]) -> CaseStatus:
    """The status after `event`.

    Raises `StepOutOfOrder` where the table has no such move; it names the status, the event and its clause.
    """
    try:
        return MOVES[status, event]
    except KeyError:
        clause = min(event.clauses, default=None)
        raise StepOutOfOrder(status=status or "-", event=Step(event.type), clause=clause) from None


def picture() -> str:
    """The table as a Mermaid state diagram: an arrow for each pair of statuses, with the events that take it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (start, event), end in MOVES.items():
        if start is not end:
            arrows.setdefault((start.value if start else "[*]", end.value), []).append(event.type)
    lines = [f"    {start} --> {end}: {', '.join(names)}" for (start, end), names in arrows.items()]
    lines += [f"    {status.value} --> [*]" for status in S if status in ENDED]
    return "\n".join(["stateDiagram-v2", *lines])
